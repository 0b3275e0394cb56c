using System.Text.Json.Nodes;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>
/// Runs the pre- or post-snapshot script of the job in the guest, once per attempt (R4.9–R4.20). The post script runs when the pre script was started, whatever
/// became of it (R4.19); a failed script is tried again only when it definitely ended, never because a link or a process died (promise 4).
/// </summary>
public sealed class RunScript : IActivity
{
    private const string Job = "Job";

    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.RunScript", Category = "Quiesce", DisplayName = "Run script",
        Description = "Runs the job's pre- or post-snapshot script in the guest.",
        Inputs =
        [
            new InputDescriptor("Phase", "String") { DefaultValue = "Pre", UiHint = UiHints.DropDown, Options = ["Pre", "Post"], Description = "Pre quiesces the application, Post resumes it." },
            new InputDescriptor("Mode", "String")
            {
                DefaultValue = Job, UiHint = UiHints.DropDown, Options = [Job, nameof(ScriptMode.RequireSuccess), nameof(ScriptMode.IgnoreExecFailures), nameof(ScriptMode.DisableExec)], DisplayName = "Script mode",
                Description = "Which way the workflow goes when the script fails, or that it is not run at all. Job: as the job says. What the task comes to is decided by the job's mode in any case.",
            },
        ],
        Outputs = [new OutputDescriptor("ExitCode", "Int32?"), new OutputDescriptor("StandardOutput", "String"), new OutputDescriptor("StandardError", "String")],
        Outcomes = ["Done", "Failed", "GuestLost"],
    };

    public void Execute(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        var phase = string.Equals(context.GetInput<string>("Phase"), "Post", StringComparison.OrdinalIgnoreCase) ? "post" : "pre";
        var facts = FactsOf.Read(context.InstanceProperties);
        var mode = context.GetInput<string>("Mode") is { Length: > 0 } chosen && chosen != Job ? chosen : null;
        if ((mode == nameof(ScriptMode.DisableExec) ? $"'{context.ActivityId}' has the script mode DisableExec" : Why(host, phase, facts)) is { } reason)
        {
            GuestOperation.Record(context, SessionEvents.ScriptSkipped, new JsonObject { ["phase"] = phase, ["text"] = $"{Steps.Name(Verbs.RunScript, phase)} not run: {reason}" });
            context.Complete("Done");
            return;
        }

        // Kept: when the answer comes, an expression could say something else.
        context.State["mode"] = mode;
        Send(context, host, phase, 1, facts);
    }

    public void Resume(ActivityContext context, Resumption resumption)
    {
        var host = SessionHosts.Of(context);
        var outcome = GuestOperation.Take(context, resumption);
        var reply = outcome.Read(ContractsJson.Default.RunScriptReply);
        context.SetOutput("ExitCode", reply?.ExitCode);
        context.SetOutput("StandardOutput", reply?.StdOut);
        context.SetOutput("StandardError", reply?.StdErr);
        if (outcome.Failure is null && reply is { Succeeded: true })
        {
            context.Complete("Done");
            return;
        }

        var settings = host.Machine.GuestProcessing.Scripts ?? new ScriptSettings();
        var attempt = (int?)context.State["attempt"] ?? 1;
        var retries = outcome.Phase == "post" ? settings.PostRetries : settings.PreRetries;
        // Only a script that ran and definitely ended is tried again (R4.20); one that the guest itself ran under the orphan rule had its turn.
        if (reply is { Started: true, ByOrphanRule: false } && outcome.Failure is null or { Code: FailureCodes.Script, MayHaveStarted: false } && attempt <= retries)
        {
            GuestOperation.Note(context, "warning", $"{Steps.Name(Verbs.RunScript, outcome.Phase)} {(reply?.TimedOut == true ? "timed out" : "failed")}: attempt {attempt + 1} of {retries + 1}");
            Send(context, host, outcome.Phase!, attempt + 1, FactsOf.Read(context.InstanceProperties));
            return;
        }

        var lost = outcome.Failure is { Code: not (FailureCodes.Script or FailureCodes.Cancelled) };
        var mode = (string?)context.State["mode"] ?? settings.Mode.ToString();
        context.Complete(lost ? "GuestLost" : mode == nameof(ScriptMode.IgnoreExecFailures) ? "Done" : "Failed");
    }

    public void Cancelled(ActivityContext context) => GuestOperation.CancelAtTheEdge(context);

    private static void Send(ActivityContext context, SessionHost host, string phase, int attempt, TaskFacts facts)
    {
        var request = Scripts.Request(host, phase, attempt)!;
        context.State["attempt"] = attempt;
        var environment = new Dictionary<string, string>(request.Environment, StringComparer.Ordinal);
        if (phase == "post") environment["QUIESCE_SNAPSHOT_RESULT"] = facts.Snapshot switch { { Taken: true } => "success", null => "none", _ => "failed" };
        GuestOperation.Send(context, Verbs.RunScript, phase, request with { Environment = environment }, ContractsJson.Default.RunScriptRequest, Scripts.Patience(host));
    }

    private static string? Why(SessionHost host, string phase, TaskFacts facts)
    {
        if (host.Machine.GuestProcessing.Scripts is null) return "the job has no scripts";
        if (host.Machine.GuestProcessing.Scripts.Mode == ScriptMode.DisableExec) return "the job's script mode is DisableExec";
        if (Scripts.Request(host, phase, 1) is null) return $"the job names no {phase} script for {host.Machine.Machine.Platform}";
        if (!facts.Prepared) return "the guest could not be prepared";
        if (phase == "post" && facts.Post is { Succeeded: true }) return "it has run already";
        // R4.19: without a pre script in the job the post script stands alone; with one, it needs the pre script to have been started.
        if (phase == "post" && Scripts.Request(host, "pre", 1) is not null && facts.Pre is not { Started: true }) return "the pre-snapshot script was not started";
        return null;
    }
}
