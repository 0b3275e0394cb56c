using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class ScheduleJobCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The job" };
        var next = new Option<int>("--next") { Description = "How many starts, 1 to 100", DefaultValueFactory = _ => 10, HelpName = "N" };
        var data = ServerAddress.DataOption();
        return new CliCommand("schedule", "Show when a job starts by itself: its schedule in words, and the next starts in its own time zone.", "quiesce job schedule nightly-db --next 10") { name, next, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var preview = await server.ScheduleAsync(parsed.GetRequiredValue(name), parsed.GetValue(next), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, preview, RestJson.Default.SchedulePreview);
                else
                    Print(terminal, preview);
                return ExitCodes.Success;
            });
    }

    private static void Print(Terminal terminal, SchedulePreview preview)
    {
        terminal.Out.WriteLine(preview.Words);
        foreach (var start in preview.Starts)
            terminal.Out.WriteLine($"  {start:ddd yyyy-MM-dd HH:mm zzz}");
        if (preview.Note is not null)
            terminal.Out.WriteLine($"  {preview.Note}");
    }
}
