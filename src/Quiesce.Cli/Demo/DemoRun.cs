using Quiesce.Cli.Client;
using Quiesce.Cli.Hosting;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Demo;

/// <summary>The whole promise on one machine in a few seconds: application, session, restore, check.</summary>
internal static class DemoRun
{
    private const string JobName = "demo";
    private const long CommitsBefore = 100;
    private const long CommitsAfter = 10;

    public static async Task<DemoResult> RunAsync(Terminal terminal, IProgressView view, CancellationToken stopping)
    {
        using var folder = DemoFolder.Create();
        var picture = new DemoPicture(folder.Root, terminal.Time);
        view.Show(picture.At);
        await using var writer = WriterProcess.Start(folder.Database, folder.Control, terminal.Time);
        picture.Writer = writer;
        await using var host = await EmbeddedHost.StartAsync(folder.Data, stopping);
        await writer.ReachAsync(CommitsBefore, stopping);
        view.Show(picture.At);

        await host.Jobs.ApplyAsync(Job(folder));
        var started = await host.Sessions.StartAsync(JobName, "demo", null, stopping);
        var report = await SessionFollower.FollowAsync(
            Pictured(host.Sessions.WatchAsync(started.SessionId, CancellationToken.None), picture), new DemoView(view, picture), cancellation => host.Sessions.CancelAsync(started.SessionId, cancellation), stopping);
        var task = report.Tasks.Single();
        if (report.Result != Result.Success || report.IsCanceled || task.RestorePoint is not { } point)
            return Broken(report, writer, $"The session ended without a good restore point: {task.Reason ?? report.Message ?? Words.Of(report)}");
        if (task.Consistency != Consistency.Application)
            return Broken(report, writer, $"The restore point is only {Words.Of(task.Consistency)}: {task.Reason}");

        picture.Restored = await host.RestorePoints.RestoreAsync(point, folder.Restored, stopping);
        if (writer.Facts is not { AcknowledgedAtQuiesce: { } acknowledged, AcknowledgedAtResume: { } resumed } facts)
            return Broken(report, writer, "The session says application-consistent, and the application was never quiesced and resumed.");
        picture.Database = RestoredDatabase.Check(folder.RestoredDatabase, acknowledged);
        view.Show(picture.At);
        if (facts.WhileQuiesced > 0)
            return Broken(report, writer, $"The application committed {facts.WhileQuiesced} times while it was held.", picture.Database);
        if (!picture.Database.Holds(acknowledged))
            return Broken(report, writer, $"The restored database does not hold what was acknowledged: integrity check {picture.Database.Integrity}, first missing commit {picture.Database.Missing}.", picture.Database);

        await writer.ReachAsync(resumed + CommitsAfter, stopping);
        picture.GoesOn = true;
        view.Show(picture.At);
        return new DemoResult(
            report, true, acknowledged, picture.Database.Orders,
            $"Verified: the application was held for {Duration.Text(task.HeldMs ?? facts.Silence(terminal.Time)!.Value.TotalMilliseconds)}, all {acknowledged} commits acknowledged before the snapshot were restored, and nothing is left behind.");
    }

    private static DemoResult Broken(SessionReport report, WriterProcess writer, string why, RestoredDatabase? database = null) =>
        new(report, false, writer.Facts.AcknowledgedAtQuiesce ?? writer.Facts.Acknowledged, database?.Orders ?? 0, "The demo failed. " + why);

    /// <summary>The shipped machine workflow on this machine, with scripts that quiesce and resume the application.</summary>
    private static ApplyJob Job(DemoFolder folder) => JobText.Of(
        new JobDocument
        {
            Name = JobName,
            Machines = [new MachineEntry { Name = "here", Connect = "local" }],
            Source = new SourceSettings { Path = folder.Application },
            // The scripts quiesce the application, and nobody's whole disk is to be frozen for a demonstration.
            Snapshot = new SnapshotSettings { Provider = "directory", Target = folder.Points, Freeze = "never" },
            GuestProcessing = new GuestProcessingSettings { Scripts = new ScriptSettings { TimeoutSeconds = 30, Linux = new ScriptPair { Pre = "quiesce.sh", Post = "resume.sh" } } },
            Retry = new RetrySettings { Count = 0 },
        },
        "the demo's job",
        new Dictionary<string, byte[]> { ["quiesce.sh"] = System.Text.Encoding.UTF8.GetBytes(folder.PreScript), ["resume.sh"] = System.Text.Encoding.UTF8.GetBytes(folder.PostScript) });

    private static async IAsyncEnumerable<SessionReport> Pictured(IAsyncEnumerable<SessionReport> reports, DemoPicture picture)
    {
        await foreach (var report in reports)
        {
            picture.Session = report;
            yield return report;
        }
    }

    /// <summary>A session inside the demo is one branch of the demo's own tree.</summary>
    private sealed class DemoView(IProgressView view, DemoPicture picture) : IProgressView
    {
        public void Show(Func<DateTimeOffset, ProgressNode> session) => view.Show(picture.At);

        public void Note(string line) => view.Note(line);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
