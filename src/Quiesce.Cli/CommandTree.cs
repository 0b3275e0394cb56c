using System.CommandLine;
using Quiesce.Cli.Commands;
using Quiesce.Cli.Commands.JobCommands;
using Quiesce.Cli.Commands.ServerCommands;
using Quiesce.Cli.Commands.WorkflowCommands;

namespace Quiesce.Cli;

/// <summary>Every command there is.</summary>
internal static class CommandTree
{
    /// <summary>On every command: one JSON document on stdout and nothing else there; a failure is one JSON object on stderr.</summary>
    public const string JsonOption = "--json";

    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Application-consistent snapshots of a fleet of machines, as workflows you can see and edit.")
        {
            DemoCommand.Create(terminal),
            RunCommand.Create(terminal),
            ServeCommand.Create(terminal),
            ConsoleCommand.Create(terminal),
            DemoWriterCommand.Create(terminal),
            JobCommandGroup.Create(terminal),
            SessionCommands.Create(terminal),
            MachineCommands.Create(terminal),
            RestorePointCommands.Create(terminal),
            WorkflowCommandGroup.Create(terminal),
            InstanceCommands.Create(terminal),
            ProxyCommands.Create(terminal),
            LeftoverCommands.Create(terminal),
            KeyCommands.Create(terminal),
            SettingsCommands.Create(terminal),
            AuditCommands.Create(terminal),
        };
        root.Add(new Option<bool>(JsonOption) { Description = "Print JSON and nothing else on stdout, failures as JSON on stderr", Recursive = true });
        HelpPage.Install(root);
        return root;
    }

    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue<bool>(JsonOption);
}
