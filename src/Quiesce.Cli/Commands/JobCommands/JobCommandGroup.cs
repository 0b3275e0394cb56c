using System.CommandLine;

namespace Quiesce.Cli.Commands.JobCommands;

/// <summary>What can be done with jobs.</summary>
internal static class JobCommandGroup
{
    public static Command Create(Terminal terminal) => new CliCommand("job", "Jobs: what is protected, how, and where.", "quiesce job apply nightly-db.json", "quiesce job start nightly-db --wait")
    {
        ApplyJobCommand.Create(terminal),
        ListJobsCommand.Create(terminal),
        ShowJobCommand.Create(terminal),
        StartJobCommand.Create(terminal),
        StopJobCommand.Create(terminal),
        RetryJobCommand.Create(terminal),
        ScheduleJobCommand.Create(terminal),
        EnableJobCommand.Create(terminal, isEnabled: true),
        EnableJobCommand.Create(terminal, isEnabled: false),
        DeleteJobCommand.Create(terminal),
    };
}
