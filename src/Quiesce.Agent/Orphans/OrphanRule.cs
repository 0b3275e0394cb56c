using System.Text.Json;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Native;
using Quiesce.Agent.Scripts;
using Quiesce.Agent.Serving;
using Quiesce.Agent.Snapshots;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Orphans;

/// <summary>
/// What happens to a deployment that nobody came back to: thaw, end scripts, run the post script it was entrusted with if the pre script was started and the post script was not,
/// delete half-made snapshots, leave one record beside the folder, remove the folder. It works from the state file, so it can be taken up by another process at any point.
/// </summary>
internal sealed class OrphanRule(string folder, string scripts, StateFile state, TimeProvider clock)
{
    private const int ShownOutput = 400;

    /// <param name="thawed">Whether something was thawed for this already.</param>
    /// <param name="keepRecord">False where the caller tells the story itself.</param>
    /// <returns>What happened; null where nobody had ever attached to the runtime.</returns>
    public OrphanRecord? Apply(string reason, bool thawed, bool keepRecord)
    {
        thawed |= ThawAll();
        EndScripts();
        var post = RunEntrusted();
        foreach (var half in state.Current.HalfMade)
            TreeRemoval.Remove(half);
        var now = state.Current;
        OrphanRecord? record = null;
        // Also without any operation: whoever had attached comes back, and is to learn that nothing was begun instead of having to fear it.
        if (now.Attached || now.Operations.Count > 0 || thawed || post is not null)
        {
            record = new OrphanRecord(now.DeploymentId, clock.GetUtcNow(), reason, now.Operations.ToDictionary(pair => pair.Key, pair => pair.Value == "running" ? "killed" : pair.Value),
                thawed, now.PreScript ?? Unknown("pre", now.PreStarted), post ?? now.PostScript);
            if (keepRecord)
                Write(record);
        }
        if (!scripts.StartsWith(folder + "/", StringComparison.Ordinal))
            TreeRemoval.Remove(scripts);
        TreeRemoval.Remove(folder);
        return record;
    }

    /// <summary>The record of an earlier end of this deployment that was not collected yet.</summary>
    public static OrphanRecord? ReadRecord(string folder, string deploymentId)
    {
        if (!File.Exists(RecordFile(folder, deploymentId)))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(RecordFile(folder, deploymentId)), ContractsJson.Default.OrphanRecord);
        }
        catch (Exception notThere) when (notThere is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The same reply with the ends of its output only: the record is to stay small.</summary>
    public static RunScriptReply Shortened(RunScriptReply reply) => reply with { StdOut = Last(reply.StdOut), StdErr = Last(reply.StdErr) };

    private static string Last(string text) => text.Length <= ShownOutput ? text : "..." + text[^ShownOutput..];

    private static string RecordFile(string folder, string deploymentId) => Path.Combine(Path.GetDirectoryName(folder) ?? "/", $"quiesce-orphan-{deploymentId}.json");

    /// <summary>A pre script that was started and whose end nobody saw: started is all that is known of it.</summary>
    private RunScriptReply? Unknown(string phase, bool started) =>
        started ? new RunScriptReply(phase, true, null, false, 0, "", "", clock.GetUtcNow(), clock.GetUtcNow(), Environment.MachineName, Environment.UserName, false) : null;

    private bool ThawAll()
    {
        var thawed = false;
        foreach (var mountPoint in state.Current.Frozen.AsEnumerable().Reverse())
            thawed |= Ioctls.TryThaw(mountPoint);
        if (state.Current.Frozen.Count > 0)
            state.Note(now => now with { Frozen = [] });
        return thawed;
    }

    private void EndScripts()
    {
        foreach (var script in state.Current.Scripts)
        {
            // A post script under way does what the rule is there for: it is given the time of any script, and only then ended.
            var patience = script.Phase == "post" ? TimeSpan.FromMinutes(10) : TimeSpan.Zero;
            WaitUntilGone(script, patience);
            foreach (var group in ProcessTable.GroupsOf(script))
                Posix.Kill(-group, Posix.SIGTERM);
            WaitUntilGone(script, TimeSpan.FromSeconds(10));
            foreach (var group in ProcessTable.GroupsOf(script))
                Posix.Kill(-group, Posix.SIGKILL);
        }
        if (state.Current.Scripts.Count > 0)
            state.Note(now => now with { Scripts = [] });
    }

    private static void WaitUntilGone(RunningScript script, TimeSpan time)
    {
        var until = Environment.TickCount64 + (long)time.TotalMilliseconds;
        while (Environment.TickCount64 < until && ProcessTable.GroupsOf(script).Count > 0)
            Thread.Sleep(50);
    }

    private RunScriptReply? RunEntrusted()
    {
        if (!state.Current.PreStarted || state.Current.PostStarted || EntrustedScriptFile.Find(folder) is not { } entrusted)
            return null;
        var startedAt = clock.GetUtcNow();
        string? path = null;
        try
        {
            var content = ScriptUpload.Check(entrusted.Script);
            path = ScriptUpload.Write(scripts, entrusted.Script.Name, content);
            // Durable before the start: whoever takes over from here does not start it a second time.
            var uploaded = path;
            state.Note(now => now with { PostStarted = true, Scripts = [new RunningScript("orphan-rule", "post", uploaded, 0, 0)] });
            var outcome = ScriptProcess.Run(path, Self.ScriptEnvironment(entrusted.Environment ?? new Dictionary<string, string>()), TimeSpan.FromSeconds(Math.Max(entrusted.TimeoutSeconds, 1)), TimeSpan.Zero,
                pid => state.Note(now => now with { Scripts = [new RunningScript("orphan-rule", "post", uploaded, pid, ProcessTable.StartTicks(pid))] }), CancellationToken.None);
            state.Note(now => now with { Scripts = [] });
            return Shortened(RunScript.Reply("post", outcome, startedAt, clock.GetUtcNow(), byOrphanRule: true));
        }
        catch (Exception failed) when (failed is OperationException or NotStartedException or IOException)
        {
            return new RunScriptReply("post", false, null, false, 0, "", failed.Message, startedAt, clock.GetUtcNow(), Environment.MachineName, Environment.UserName, true);
        }
        finally
        {
            if (path is not null)
                File.Delete(path);
        }
    }

    private void Write(OrphanRecord record)
    {
        var file = RecordFile(folder, record.DeploymentId);
        var next = Path.Combine(folder, "record.new");
        try
        {
            // Written inside the private folder, mode 0600, then moved beside it: never half there, never through somebody else's link.
            using (var stream = new FileStream(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
                stream.Write(JsonSerializer.SerializeToUtf8Bytes(record, ContractsJson.Default.OrphanRecord));
            File.Move(next, file, overwrite: true);
        }
        catch (IOException)
        {
            // A full disk takes the record, not the thaw, the post script or the removal.
        }
    }
}
