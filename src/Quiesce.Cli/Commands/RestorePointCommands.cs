using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands;

/// <summary>What can be done with restore points.</summary>
internal static class RestorePointCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("restorepoint", "Restore points: what sessions made.", "quiesce restorepoint list", "quiesce restorepoint restore 01K9ZR --to /srv/app-restored")
    {
        List(terminal),
        Restore(terminal),
        Delete(terminal),
    };

    private static CliCommand List(Terminal terminal)
    {
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List the restore points.", "quiesce restorepoint list") { data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var points = await server.RestorePointsAsync(stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, points, RestJson.Default.IReadOnlyListRestorePoint);
                else
                    Columns.Write(
                        terminal.Out,
                        ["ID", "MACHINE", "JOB", "CREATED", "CONSISTENCY", "PROVIDER", "METHOD", "SIZE", "STATE", "SOURCE"],
                        [.. points.Select(p => new[]
                        {
                            p.Id, p.Machine, p.Job, Words.At(p.CreatedAt, terminal.Time), Words.Of(p.Consistency), p.Provider, p.Method ?? "-", Words.Size(p.Bytes), p.State, p.SourcePath,
                        })],
                        "No restore points. A session makes one for each machine: quiesce job start NAME");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Restore(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The restore point" };
        var to = new Option<string>("--to") { Description = "A new or empty folder on the machine that holds the point", Required = true, HelpName = "DIR" };
        var data = ServerAddress.DataOption();
        return new CliCommand("restore", "Restore a point into a new or empty folder; what is protected is never written to.", "quiesce restorepoint restore 01K9ZR --to /srv/app-restored") { id, to, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var restored = await server.RestoreAsync(parsed.GetRequiredValue(id), new RestoreRequest(Path.GetFullPath(parsed.GetRequiredValue(to))), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, restored, RestJson.Default.Restored);
                else
                    terminal.Out.WriteLine($"Restored {restored.Id} to {restored.Target} by {restored.Method} in {Duration.Text(restored.DurationMs)}{(restored.Bytes is null ? "" : $", {Words.Size(restored.Bytes)}")}.");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Delete(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The restore point" };
        var data = ServerAddress.DataOption();
        return new CliCommand("delete", "Delete a restore point for good.", "quiesce restorepoint delete 01K9ZR") { id, data }
            .Does(async (parsed, stopping) =>
            {
                var point = parsed.GetRequiredValue(id);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.DeleteRestorePointAsync(point, stopping);
                JsonOutput.WriteDone(terminal, parsed.WantsJson(), $"Deleted restore point {point}.", ("id", point), ("status", "deleted"));
                return ExitCodes.Success;
            });
    }
}
