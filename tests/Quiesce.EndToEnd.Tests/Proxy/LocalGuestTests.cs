using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy;

namespace Quiesce.EndToEnd.Tests.Proxy;

public sealed class LocalGuestTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ql-");

    private ProxyOptions Options => new() { RuntimeFolder = Directory.CreateDirectory(Path.Combine(folder.FullName, "t")).FullName, ReconnectDelay = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task This_machine_is_a_guest_from_deployment_to_release()
    {
        await using var proxy = new ProxyUnderTest(Options);
        var guest = ProxyUnderTest.Here();

        var ready = await proxy.PrepareAsync(guest);
        var script = ProxyUnderTest.ScriptOf(await proxy.AskAsync(ProxyUnderTest.Script(guest, "echo hello")));
        var released = await proxy.ReleaseAsync(guest);

        Assert.Equal("local", ready.Transport);
        Assert.Equal("hello\n", script.StdOut);
        Assert.True(released.Removed);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options.RuntimeFolder));
    }

    [Fact]
    public async Task A_proxy_that_is_restarted_in_mid_script_gets_the_reply_and_the_script_ran_once()
    {
        await using var proxy = new ProxyUnderTest(Options);
        var guest = ProxyUnderTest.Here();
        var marks = Path.Combine(folder.FullName, "marks");
        var go = Path.Combine(folder.FullName, "go");
        await proxy.PrepareAsync(guest);
        var text = $"echo run >>{marks}; while [ ! -e {go} ]; do sleep 0.05; done; echo done";
        var interrupted = proxy.AskAsync(ProxyUnderTest.Script(guest, text));
        await ProxyUnderTest.Until(() => File.Exists(marks), "the script to run");

        await proxy.RestartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => interrupted);
        var again = proxy.AskAsync(ProxyUnderTest.Script(guest, text, attempt: 2));
        File.WriteAllText(go, "");

        Assert.Equal("done\n", ProxyUnderTest.ScriptOf(await again).StdOut);
        Assert.Equal("run\n", File.ReadAllText(marks));
        await proxy.ReleaseAsync(guest);
    }

    [Fact]
    public async Task A_runtime_killed_in_mid_script_is_answered_for_by_its_record_and_the_entrusted_script_was_run()
    {
        await using var proxy = new ProxyUnderTest(Options with { OrphanWait = TimeSpan.FromSeconds(30) });
        var guest = ProxyUnderTest.Here();
        var marks = Path.Combine(folder.FullName, "marks");
        var resumed = Path.Combine(folder.FullName, "resumed");
        await proxy.PrepareAsync(guest);
        var post = new EntrustedScript(ProxyUnderTest.File($"echo resumed >>{resumed}"), 60, new Dictionary<string, string>());
        var script = proxy.AskAsync(ProxyUnderTest.Script(guest, $"echo $PPID >{marks}; exec sleep 60", entrusted: post));
        await ProxyUnderTest.Until(() => File.Exists(marks) && File.ReadAllText(marks).EndsWith('\n'), "the script to run");

        Kill("serve");
        var reply = await script;

        Assert.True(reply.Failure?.MayHaveStarted ?? ProxyUnderTest.ScriptOf(reply).Started);
        var answer = ProxyUnderTest.ScriptOf(await proxy.AskAsync(ProxyUnderTest.Script(guest, $"echo resumed >>{resumed}", id: "script-2", phase: "post")));
        Assert.True(answer.ByOrphanRule);
        Assert.Equal("resumed\n", File.ReadAllText(resumed));
        await proxy.ReleaseAsync(guest);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options.RuntimeFolder));
    }

    [Fact]
    public async Task A_runtime_killed_together_with_its_guardian_is_cleared_up_by_whoever_comes_next()
    {
        await using var proxy = new ProxyUnderTest(Options);
        var guest = ProxyUnderTest.Here();
        var marks = Path.Combine(folder.FullName, "marks");
        var resumed = Path.Combine(folder.FullName, "resumed");
        await proxy.PrepareAsync(guest);
        var post = new EntrustedScript(ProxyUnderTest.File($"echo resumed >>{resumed}"), 60, new Dictionary<string, string>());
        Assert.Null((await proxy.AskAsync(ProxyUnderTest.Script(guest, $"echo run >>{marks}", entrusted: post))).Failure);

        Kill("orphan");
        Kill("serve");
        var answer = ProxyUnderTest.ScriptOf(await proxy.AskAsync(ProxyUnderTest.Script(guest, $"echo resumed >>{resumed}", id: "script-2", phase: "post")));
        var released = await proxy.ReleaseAsync(guest);

        Assert.True(answer.ByOrphanRule);
        Assert.Equal("resumed\n", File.ReadAllText(resumed));
        Assert.NotNull(released.Orphan);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options.RuntimeFolder));
    }

    [Fact]
    public async Task A_restore_point_needs_no_session_to_be_looked_at_restored_and_deleted()
    {
        await using var proxy = new ProxyUnderTest(Options);
        var source = Directory.CreateDirectory(Path.Combine(folder.FullName, "data")).FullName;
        File.WriteAllText(Path.Combine(source, "a"), "one");
        var provider = new ProviderSettings("directory", Path.Combine(folder.FullName, "points"));
        var guest = ProxyUnderTest.Here();
        await proxy.PrepareAsync(guest);
        var taken = await proxy.AskAsync(guest, Verbs.TakeSnapshot, new TakeSnapshotRequest("rp-1", source, provider, "never", 30), ContractsJson.Default.TakeSnapshotRequest, ContractsJson.Default.TakeSnapshotReply);
        await proxy.ReleaseAsync(guest);

        var later = ProxyUnderTest.Here("e2e-2");
        var point = await proxy.AskAsync(later, Verbs.DescribeSnapshot, new DescribeSnapshotRequest("rp-1", source, provider, taken.Location), ContractsJson.Default.DescribeSnapshotRequest, ContractsJson.Default.DescribeSnapshotReply);
        var target = Path.Combine(folder.FullName, "back");
        await proxy.AskAsync(later, Verbs.RestoreSnapshot, new RestoreSnapshotRequest("rp-1", source, provider, taken.Location, target), ContractsJson.Default.RestoreSnapshotRequest, ContractsJson.Default.RestoreSnapshotReply);
        await proxy.AskAsync(later, Verbs.DeleteSnapshot, new DeleteSnapshotRequest("rp-1", source, provider, taken.Location), ContractsJson.Default.DeleteSnapshotRequest, ContractsJson.Default.DeleteSnapshotReply);

        Assert.True(point is { Exists: true, Complete: true });
        Assert.Equal("one", File.ReadAllText(Path.Combine(target, "a")));
        Assert.False(Path.Exists(taken.Location));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Options.RuntimeFolder));
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>kill -9 of this test's own runtime (serve) or guardian (orphan).</summary>
    private void Kill(string command)
    {
        var deployment = Path.Combine(Options.RuntimeFolder, "quiesce-e2e-1");
        var found = Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0)
            .First(id => id > 0 && Path.Exists($"/proc/{id}/cmdline") && File.ReadAllText($"/proc/{id}/cmdline") is var line && line.Contains($"\0{command}\0", StringComparison.Ordinal) && line.Contains(deployment, StringComparison.Ordinal));
        using var process = System.Diagnostics.Process.GetProcessById(found);
        process.Kill();
    }
}
