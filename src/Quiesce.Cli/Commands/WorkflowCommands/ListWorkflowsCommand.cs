using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class ListWorkflowsCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List the definitions in force, with what keeps a changed file from being so.", "quiesce workflow list") { data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var workflows = await server.WorkflowsAsync(stopping);
                if (parsed.WantsJson())
                {
                    JsonOutput.Write(terminal, workflows, RestJson.Default.IReadOnlyListWorkflowSummary);
                    return ExitCodes.Success;
                }

                Columns.Write(
                    terminal.Out,
                    ["ID", "VERSION", "PUBLISHED", "NAME", "FILE"],
                    [.. workflows.Select(w => new[] { w.Id, w.Version.ToString(), w.IsPublished ? "yes" : "no", w.Name ?? "", w.File ?? "-" })],
                    "No workflows. Import one with: quiesce workflow import FILE");
                foreach (var broken in workflows.Where(w => w.Problem is not null))
                    terminal.Out.WriteLine($"{broken.Id}: the file is not in force: {broken.Problem}");
                return ExitCodes.Success;
            });
    }
}
