using System.CommandLine;

namespace Quiesce.Cli.Commands.WorkflowCommands;

/// <summary>What can be done with workflow definitions.</summary>
internal static class WorkflowCommandGroup
{
    public static Command Create(Terminal terminal) => new CliCommand(
        "workflow", "Workflows: what a session does, as Elsa 3 definitions.", "quiesce workflow validate my-snapshot.json", "quiesce workflow diff my-snapshot my-snapshot.json", "quiesce workflow run hello.json")
    {
        ListWorkflowsCommand.Create(terminal),
        ValidateWorkflowCommand.Create(terminal),
        ImportWorkflowCommand.Create(terminal),
        ExportWorkflowCommand.Create(terminal),
        DiffWorkflowCommand.Create(terminal),
        WorkflowVersionsCommand.Create(terminal),
        PublishWorkflowCommand.Create(terminal),
        RetractWorkflowCommand.Create(terminal),
        RollbackWorkflowCommand.Create(terminal),
        DeleteWorkflowCommand.Create(terminal),
        FileWorkflowCommand.Create(terminal),
        RunWorkflowCommand.Create(terminal),
    };
}
