using System.CommandLine;
using System.Text.Json;
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
                var answer = await server.ValidateWorkflowAsync(await File.ReadAllTextAsync(document.FullName, stopping), stopping);
                var complaints = ComplaintsIn(answer, document.Name);
                if (complaints.Count > 0)
                    throw new CliException(ProblemCodes.Invalid, $"{document.Name} cannot be used as it is. Mend what is listed and validate it again.", complaints: complaints);
                if (parsed.WantsJson())
                    JsonOutput.WriteText(terminal, answer);
                else
                    terminal.Out.WriteLine($"{document.Name} is well. Take it over with: quiesce workflow import {document.Name}");
                return ExitCodes.Success;
            });
    }

    /// <summary>A server names the file by what it was sent; here it is the one that the user named.</summary>
    private static List<Complaint> ComplaintsIn(string answer, string file)
    {
        using var document = JsonDocument.Parse(answer.Length == 0 ? "{}" : answer);
        var list = document.RootElement;
        if (list.ValueKind == JsonValueKind.Object && list.TryGetProperty("complaints", out var inner))
            list = inner;
        return list.ValueKind == JsonValueKind.Array ? [.. list.Deserialize(RestJson.Default.IReadOnlyListComplaint)!.Select(c => c with { File = file })] : [];
    }
}
