using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.ServerCommands;

/// <summary>What can be done with workflow instances.</summary>
internal static class InstanceCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("instance", "Workflow instances: sessions, their machines, and workflows run by themselves.", "quiesce instance list --status Running")
    {
        List(terminal),
        Show(terminal),
        Cancel(terminal),
        Retry(terminal),
    };

    private static CliCommand List(Terminal terminal)
    {
        var definition = new Option<string?>("--workflow") { Description = "Only instances of this workflow", HelpName = "ID" };
        var status = new Option<string?>("--status") { Description = "Only those of this status" };
        status.AcceptOnlyFromAmong("Running", "Finished");
        var page = new Option<int>("--page") { Description = "Which page, from 1", DefaultValueFactory = _ => 1, HelpName = "N" };
        var size = new Option<int>("--page-size") { Description = "Instances a page", DefaultValueFactory = _ => 50, HelpName = "N" };
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List instances, the latest first.", "quiesce instance list --workflow machine-snapshot") { definition, status, page, size, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var instances = await server.InstancesAsync(parsed.GetValue(definition), parsed.GetValue(status), parsed.GetValue(page) - 1, parsed.GetValue(size), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, instances, RestJson.Default.IReadOnlyListWorkflowInstance);
                else
                    Columns.Write(
                        terminal.Out,
                        ["ID", "WORKFLOW", "VERSION", "STATUS", "SUB-STATUS", "INCIDENTS", "STARTED", "NAME"],
                        [.. instances.Select(one => new[]
                        {
                            one.Id, one.DefinitionId, $"{one.Version}", one.Status, one.SubStatus, $"{one.Incidents}", Words.At(one.CreatedAt, terminal.Time), one.Name ?? "",
                        })],
                        "No instances. Start one with: quiesce job start NAME");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Show(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The instance" };
        var data = ServerAddress.DataOption();
        return new CliCommand("show", "Print an instance with its state document, as JSON.", "quiesce instance show 01K9ZQ") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                JsonOutput.WriteText(terminal, await server.InstanceAsync(parsed.GetRequiredValue(id), stopping));
                return ExitCodes.Success;
            });
    }

    private static CliCommand Cancel(Terminal terminal) => Reaching(
        terminal, "cancel", "Cancel an instance and those that it started.", (server, id, stopping) => server.CancelInstanceAsync(id, stopping), count => $"Cancelling {count} instance(s).");

    private static CliCommand Retry(Terminal terminal) => Reaching(
        terminal, "retry", "Execute the faulted activities of an instance once more.", (server, id, stopping) => server.RetryInstanceAsync(id, Guid.NewGuid().ToString("N"), stopping), count => $"{count} instance(s) go on.");

    private static CliCommand Reaching(Terminal terminal, string verb, string description, Func<ServerClient, string, CancellationToken, Task<InstancesTouched>> reach, Func<int, string> sentence)
    {
        var id = new Argument<string>("ID") { Description = "The instance" };
        var data = ServerAddress.DataOption();
        return new CliCommand(verb, description, $"quiesce instance {verb} 01K9ZQ") { id, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var touched = await reach(server, parsed.GetRequiredValue(id), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, touched, RestJson.Default.InstancesTouched);
                else
                    terminal.Out.WriteLine(sentence(touched.Count));
                return ExitCodes.Success;
            });
    }
}
