using System.CommandLine;
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
                    terminal.Out.WriteLine($"Applied {document.FileName} with {document.Scripts.Count} script(s). Start the job with: quiesce job start {JobFileReader.NameIn(document) ?? "NAME"} --wait");
                return ExitCodes.Success;
            });
    }
}
