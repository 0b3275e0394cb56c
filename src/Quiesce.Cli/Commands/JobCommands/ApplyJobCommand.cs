using System.CommandLine;
using System.Text.Json;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class ApplyJobCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The job file; the scripts that it names are taken over with it" };
        file.AcceptExistingOnly();
        var data = ServerAddress.DataOption();
        return new CliCommand("apply", "Create a job from a file, or change it to what the file says.", "quiesce job apply nightly-db.json") { file, data }
            .Does(async (parsed, stopping) =>
            {
                var document = await JobFileReader.ReadAsync(parsed.GetRequiredValue(file).FullName, stopping);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var applied = await server.ApplyJobAsync(document, stopping);
                if (parsed.WantsJson())
                    JsonOutput.WriteText(terminal, applied);
                else
                    Print(terminal, document, applied);
                return ExitCodes.Success;
            });
    }

    private static void Print(Terminal terminal, ApplyJob sent, string answer)
    {
        using var applied = JsonDocument.Parse(answer);
        if (applied.RootElement.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array)
            foreach (var warning in warnings.Deserialize(RestJson.Default.IReadOnlyListComplaint)!)
                terminal.Out.WriteLine(Words.Of(warning));
        terminal.Out.WriteLine($"Applied {sent.FileName} with {sent.Scripts.Count} script(s). Start the job with: quiesce job start {JobFileReader.NameIn(sent) ?? "NAME"} --wait");
    }
}
