using System.CommandLine;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.JobCommands;

internal static class ListJobsCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = ServerAddress.DataOption();
        return new CliCommand("list", "List the jobs, with what became of each at last and when each starts by itself next.", "quiesce job list") { data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var jobs = await server.JobsAsync(stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, jobs, RestJson.Default.IReadOnlyListJobSummary);
                else
                    Columns.Write(
                        terminal.Out,
                        ["NAME", "STATUS", "LAST RESULT", "ENDED", "NEXT START", "MACHINES", "WORKFLOW", "LAST SESSION"],
                        [.. jobs.Select(j => new[]
                        {
                            j.Name, j.Status, j.LastSession is null ? "-" : Words.Of(j.LastResult), Words.At(j.LastEndedAt, terminal.Time), Next(j, terminal.Time), j.Machines.ToString(), j.Workflow, j.LastSession ?? "-",
                        })],
                        "No jobs. Create one with: quiesce job apply FILE");
                return ExitCodes.Success;
            });
    }
    /// <summary>The moment, or in words what it starts by.</summary>
    private static string Next(JobSummary job, TimeProvider time) => job switch
    {
        { NextStart: { } next, NextIsRetry: true } => $"{Words.At(next, time)} (retry)",
        { NextStart: { } next } => Words.At(next, time),
        _ => job.IsEnabled ? job.Schedule : "-",
    };
}
