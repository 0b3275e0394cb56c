using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class PublishWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The definition" };
        var data = ServerAddress.DataOption();
        return new CliCommand("publish", "Put the latest version of a definition in force: the next session uses it.", "quiesce workflow publish machine-snapshot") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                Print(terminal, await server.PublishWorkflowAsync(parsed.GetRequiredValue(id), stopping), parsed.WantsJson());
                return ExitCodes.Success;
            });
    }

    /// <summary>What became of a version, and what somebody should know of it.</summary>
    public static void Print(Terminal terminal, WorkflowVersion version, bool json)
    {
        if (json)
        {
            JsonOutput.Write(terminal, version, RestJson.Default.WorkflowVersion);
            return;
        }

        terminal.Out.WriteLine(version.IsPublished
            ? $"Version {version.Version} of {version.Id} is in force."
            : $"Version {version.Version} of {version.Id} is a draft. Put it in force with: quiesce workflow publish {version.Id}");
        if (version.UpdatedConsumers.Count > 0)
            terminal.Out.WriteLine($"Pointed at it: {string.Join(", ", version.UpdatedConsumers)}");
        foreach (var warning in version.Warnings)
            terminal.Error.WriteLine($"Warning: {warning}");
    }
}
