using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class WorkflowVersionsCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The definition" };
        var data = ServerAddress.DataOption();
        return new CliCommand("versions", "List the versions of a definition, the newest first.", "quiesce workflow versions machine-snapshot") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var versions = await server.WorkflowVersionsAsync(parsed.GetRequiredValue(id), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, versions, RestJson.Default.IReadOnlyListWorkflowVersion);
                else
                    Columns.Write(
                        terminal.Out, ["VERSION", "STATE", "SAVED", "BY", "NAME"],
                        [.. versions.Select(one => new[] { one.Version.ToString(), State(one), Words.At(one.SavedAt ?? one.CreatedAt, terminal.Time), one.SavedBy ?? "", one.Name ?? "" })], "No versions.");
                return ExitCodes.Success;
            });
    }

    private static string State(WorkflowVersion version) => version switch
    {
        { IsPublished: true } => "in force",
        { IsLatest: true } => "draft",
        _ => "",
    };
}
