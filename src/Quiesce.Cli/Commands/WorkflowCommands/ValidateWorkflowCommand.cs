using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class ValidateWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "An Elsa 3 definition" };
        file.AcceptExistingOnly();
        var data = ServerAddress.DataOption();
        return new CliCommand("validate", "Check a definition without taking it over.", "quiesce workflow validate my-snapshot.json") { file, data }
            .Does(async (parsed, stopping) =>
            {
                var document = parsed.GetRequiredValue(file);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var warnings = await server.ValidateWorkflowAsync(await File.ReadAllTextAsync(document.FullName, stopping), document.Name, stopping);
                if (parsed.WantsJson())
                {
                    JsonOutput.Write(terminal, warnings, RestJson.Default.IReadOnlyListComplaint);
                    return ExitCodes.Success;
                }

                foreach (var warning in warnings)
                    terminal.Out.WriteLine(Words.Of(warning));
                terminal.Out.WriteLine($"{document.Name} can be used. Take it over with: quiesce workflow import {document.Name}");
                return ExitCodes.Success;
            });
    }
}
