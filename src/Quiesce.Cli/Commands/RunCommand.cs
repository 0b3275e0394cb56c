using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Hosting;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Documents;

namespace Quiesce.Cli.Commands;

/// <summary>One session on anything real, with everything that it needs in this process: no server, no HTTP.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var machine = new Option<string>("--machine") { Description = "local, or ssh://user@host[:port]", Required = true, HelpName = "ADDRESS" };
        var path = new Option<string>("--path") { Description = "What to protect: an absolute path on the machine", Required = true, HelpName = "DIR" };
        var provider = new Option<string>("--provider") { Description = "How the snapshot is made", DefaultValueFactory = _ => "directory" };
        provider.AcceptOnlyFromAmong("directory", "btrfs", "command");
        var pre = Existing("--pre", "Script that quiesces the application; it runs on the machine before the snapshot");
        var post = Existing("--post", "Script that resumes the application; it runs on the machine after the snapshot, however that ended");
        var workflow = new Option<string>("--workflow") { Description = "The machine workflow", DefaultValueFactory = _ => "machine-snapshot", HelpName = "ID" };
        var identity = Existing("--identity", "Private key file for ssh", "KEYFILE");
        var create = new Option<string?>("--create") { Description = "With --provider command: the shell command that makes the snapshot", HelpName = "CMD" };
        var delete = new Option<string?>("--delete") { Description = "With --provider command: the shell command that deletes it", HelpName = "CMD" };
        var restore = new Option<string?>("--restore") { Description = "With --provider command: the shell command that restores it", HelpName = "CMD" };
        var data = new Option<string?>("--data") { Description = "Folder for sessions, restore point records and workflows (default: $XDG_STATE_HOME/quiesce/run)", HelpName = "DIR" };
        return new CliCommand(
            "run",
            "Run one session on one machine, without a server. What a killed earlier run left unfinished is finished or undone first.",
            "quiesce run --machine local --path /srv/app --pre quiesce-db.sh --post resume-db.sh",
            "quiesce run --machine ssh://backup@10.20.0.11:22 --identity keys/db1 --path /var/lib/app --provider btrfs --json")
        { machine, path, provider, pre, post, workflow, identity, create, delete, restore, data }
            .Does(async (parsed, stopping) =>
            {
                var job = await RunJob.BuildAsync(
                    new RunJob.Wishes(
                        parsed.GetRequiredValue(machine), parsed.GetRequiredValue(path), parsed.GetRequiredValue(provider), parsed.GetValue(pre), parsed.GetValue(post),
                        parsed.GetRequiredValue(workflow), parsed.GetValue(identity), parsed.GetValue(create), parsed.GetValue(delete), parsed.GetValue(restore)),
                    stopping);
                var folder = Path.GetFullPath(parsed.GetValue(data) ?? ServerAddress.DefaultRunFolder(terminal));
                return await RunAsync(terminal, folder, job, parsed.WantsJson(), stopping);
            });
    }

    private static async Task<int> RunAsync(Terminal terminal, string folder, ApplyJob job, bool json, CancellationToken stopping)
    {
        SessionReport report;
        IReadOnlyList<RestorePoint> points;
        await using (var host = await EmbeddedHost.StartAsync(folder, stopping))
        {
            await using (var view = ProgressViews.Open(terminal, json))
            {
                await FinishLeftoversAsync(host, view, stopping);
                await ApplyAsync(host, job);
                stopping.ThrowIfCancellationRequested();
                var started = await host.Sessions.StartAsync(RunJob.Name, "cli", null, CancellationToken.None);
                report = await FollowAsync(host, started.SessionId, view, stopping);
            }

            points = [.. (await host.RestorePoints.ListAsync(RunJob.Name, null, CancellationToken.None)).Where(p => report.Tasks.Any(t => t.RestorePoint == p.Id))];
        }

        if (json)
        {
            JsonOutput.Write(terminal, report, RestJson.Default.SessionReport);
            return ExitCodes.Of(report);
        }

        ReportPage.Write(terminal, report);
        foreach (var point in points)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"Restore point {point.Id} on {point.Machine}: {point.Location}");
            terminal.Out.WriteLine($"Restore it: quiesce serve --data {folder}, then quiesce restorepoint restore {point.Id} --to DIR --data {folder}");
        }

        return ExitCodes.Of(report);
    }

    private static async Task ApplyAsync(EmbeddedHost host, ApplyJob job)
    {
        try
        {
            await host.Jobs.ApplyAsync(job);
        }
        catch (InvalidJobException e)
        {
            throw CliException.Usage(string.Join(' ', e.Complaints.Where(c => c.Level == "error").Select(c => $"{c.Message} (from {c.Path})")));
        }
    }

    /// <summary>Sessions of a killed run go on by themselves as soon as the host runs; a new one waits until their guests are thawed and clean.</summary>
    private static async Task FinishLeftoversAsync(EmbeddedHost host, IProgressView view, CancellationToken stopping)
    {
        foreach (var session in await host.UnfinishedAsync(stopping))
        {
            view.Note($"Session {session.Id} was left unfinished by a run that ended early: it is finished first.");
            await FollowAsync(host, session.Id, view, stopping);
        }
    }

    private static Task<SessionReport> FollowAsync(EmbeddedHost host, string session, IProgressView view, CancellationToken stopping) => SessionFollower.FollowAsync(
        host.Sessions.WatchAsync(session, CancellationToken.None), view, cancellation => host.Sessions.CancelAsync(session, cancellation), stopping);

    private static Option<FileInfo> Existing(string name, string description, string helpName = "FILE")
    {
        var option = new Option<FileInfo>(name) { Description = description, HelpName = helpName };
        option.AcceptExistingOnly();
        return option;
    }
}
