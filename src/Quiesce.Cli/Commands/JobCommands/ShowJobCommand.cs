using System.CommandLine;
using System.Text.Json;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class ShowJobCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The job" };
        var data = ServerAddress.DataOption();
        return new CliCommand("show", "Print a job as it is in force: a document that can be saved and applied again.", "quiesce job show nightly-db") { name, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var job = await server.JobAsync(parsed.GetRequiredValue(name), stopping);
                if (parsed.WantsJson())
                {
                    JsonOutput.WriteText(terminal, job);
                    return ExitCodes.Success;
                }

                using var document = JsonDocument.Parse(job);
                terminal.Out.WriteLine(JsonSerializer.Serialize(document.RootElement, Indented));
                return ExitCodes.Success;
            });
    }
}
