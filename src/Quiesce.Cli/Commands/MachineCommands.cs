using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands;

/// <summary>What can be done with machines.</summary>
internal static class MachineCommands
{
    public static Command Create(Terminal terminal) => new CliCommand("machine", "Machines that jobs can name.", "quiesce machine add db1 --connect ssh://backup@10.20.0.11", "quiesce machine test db1")
    {
        List(terminal),
        Add(terminal),
        Remove(terminal),
        Test(terminal),
    };

    private static CliCommand List(Terminal terminal)
    {
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List the machines.", "quiesce machine list") { data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var machines = await server.MachinesAsync(stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, machines, RestJson.Default.IReadOnlyListMachineSummary);
                else
                    Columns.Write(
                        terminal.Out,
                        ["NAME", "CONNECT", "PLATFORM", "LAST TEST", "TESTED", "RESTORE POINTS"],
                        [.. machines.Select(m => new[] { m.Name, m.Connect, m.Platform, m.LastTest ?? "-", Words.At(m.LastTestAt, terminal.Time), m.RestorePoints.ToString() })],
                        "No machines. Add one with: quiesce machine add NAME --connect ssh://user@host");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Add(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The machine's name in jobs and reports" };
        var connect = new Option<string>("--connect") { Description = "local, or ssh://user@host[:port]", Required = true, HelpName = "ADDRESS" };
        var identity = new Option<FileInfo?>("--identity") { Description = "Private key file for ssh, on the server's machine", HelpName = "KEYFILE" };
        var platform = new Option<string>("--platform") { Description = "What runs there", DefaultValueFactory = _ => "linux" };
        platform.AcceptOnlyFromAmong("linux", "windows");
        var data = ServerAddress.DataOption();
        return new CliCommand("add", "Add a machine, or change how it is reached.", "quiesce machine add db1 --connect ssh://backup@10.20.0.11:22 --identity keys/db1")
        { name, connect, identity, platform, data }
            .Does(async (parsed, stopping) =>
            {
                var machine = new MachineEntry
                {
                    Name = parsed.GetRequiredValue(name),
                    Connect = parsed.GetRequiredValue(connect),
                    Identity = parsed.GetValue(identity)?.FullName,
                    Platform = parsed.GetRequiredValue(platform),
                };
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.AddMachineAsync(machine, stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, machine, RestJson.Default.MachineEntry);
                else
                    terminal.Out.WriteLine($"Added {machine.Name} at {machine.Connect}. Check it with: quiesce machine test {machine.Name}");
                return ExitCodes.Success;
            });
    }

    private static CliCommand Remove(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The machine" };
        var data = ServerAddress.DataOption();
        return new CliCommand("remove", "Remove a machine from the list. Nothing on the machine changes.", "quiesce machine remove db1") { name, data }
            .Does(async (parsed, stopping) =>
            {
                var machine = parsed.GetRequiredValue(name);
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                await server.RemoveMachineAsync(machine, stopping);
                JsonOutput.WriteDone(terminal, parsed.WantsJson(), $"Removed machine {machine}.", ("machine", machine), ("status", "removed"));
                return ExitCodes.Success;
            });
    }

    private static CliCommand Test(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The machine" };
        var data = ServerAddress.DataOption();
        return new CliCommand("test", "Connect to a machine and say what would stop a session; nothing is copied to it.", "quiesce machine test db1") { name, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var test = await server.TestMachineAsync(parsed.GetRequiredValue(name), stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, test, RestJson.Default.MachineTest);
                else
                    Print(terminal, test);
                return test.Reachable && test.Problems.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
            });
    }

    private static void Print(Terminal terminal, MachineTest test)
    {
        terminal.Out.WriteLine(test.Reachable
            ? $"{test.Machine} answers as {test.Account} on {test.Host} ({test.Platform})."
            : $"{test.Machine} cannot be used{(test.Code is null ? "" : $" ({test.Code})")}.");
        foreach (var problem in test.Problems)
            terminal.Out.WriteLine("  " + problem);
    }
}
