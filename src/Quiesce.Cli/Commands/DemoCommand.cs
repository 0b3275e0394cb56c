using System.CommandLine;
using System.Text.Json;
using Quiesce.Cli.Demo;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands;

internal static class DemoCommand
{
    public static Command Create(Terminal terminal) => new CliCommand(
        "demo",
        "Protect a small real application with the shipped workflow, restore it, and check that nothing acknowledged was lost. Needs nothing but this program and /bin/sh; leaves nothing behind.",
        "quiesce demo",
        "quiesce demo --json")
        .Does(async (parsed, stopping) =>
        {
            var json = parsed.WantsJson();
            DemoResult result;
            await using (var view = ProgressViews.Open(terminal, json))
                result = await DemoRun.RunAsync(terminal, view, stopping);
            if (json)
                WriteJson(terminal, result);
            else
                ReportPage.Write(terminal, result.Report);
            if (!result.Verified)
                throw new CliException(CliException.Codes.Demo, result.Sentence, result.ExitCode);
            if (!json)
                terminal.Out.WriteLine($"\n{result.Sentence}");
            return ExitCodes.Success;
        });

    private static void WriteJson(Terminal terminal, DemoResult result)
    {
        var document = JsonSerializer.SerializeToNode(result.Report, RestJson.Default.SessionReport)!.AsObject();
        document["verified"] = result.Verified;
        document["acknowledged"] = result.Acknowledged;
        document["restored"] = result.Restored;
        JsonOutput.Line(terminal.Out, writer => document.WriteTo(writer));
    }
}
