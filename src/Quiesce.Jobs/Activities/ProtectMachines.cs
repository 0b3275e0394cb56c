using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>
/// Starts the machine workflow once per machine, in the order of the job (R5.22), never more at once than the limit. Each is an instance of its own, and what is kept
/// here does not grow with their number, so that a session of thousands costs per machine what a session of ten does.
/// </summary>
public sealed class ProtectMachines : IActivity
{
    /// <summary>The bookmark that the end of a machine, and a stop, resume.</summary>
    public static readonly string BookmarkHash = Bookmark.HashOf("Quiesce.MachineFinished", null);

    internal const string GateClosed = "Quiesce:GateClosed";
    internal const string Tally = "Quiesce:Tally";
    internal const string StoppedBecause = "Quiesce:StoppedBecause";

    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Quiesce.ProtectMachines", Category = "Quiesce", DisplayName = "Protect machines",
        Description = "Runs the job's machine workflow for every machine, with a limit on how many at once.",
        Inputs =
        [
            new InputDescriptor("MaxConcurrent", "Int32") { DefaultValue = 0, DisplayName = "At once", Description = "How many machines at once; 0 takes the job's maxConcurrentMachines." },
            new InputDescriptor("Machines", "List<String>") { UiHint = UiHints.CheckList, DefaultSyntax = "Object", Description = "Only these machines of the job; none chosen: all that were not begun yet. What no activity of the session begins is reported as not started." },
            new InputDescriptor("Workflow", "String") { UiHint = UiHints.WorkflowDefinitionPicker, Description = "The workflow that runs for each machine; empty takes the job's." },
        ],
        Outputs = [new OutputDescriptor("Succeeded", "Int32"), new OutputDescriptor("Warnings", "Int32"), new OutputDescriptor("Failed", "Int32")],
        Outcomes = ["Done"],
    };

    public void Execute(ActivityContext context)
    {
        context.State["next"] = 0;
        context.State["running"] = new JsonArray();
        if (!context.InstanceProperties.ContainsKey(Tally))
            context.InstanceProperties[Tally] = new JsonObject { ["success"] = 0, ["warning"] = 0, ["failed"] = 0 };
        MachineChoice.Make(context, SessionHosts.Of(context));
        Pin(context);
        context.CreateBookmark("Quiesce.MachineFinished", null, includeActivityInstanceId: false, autoBurn: false);
        StartMore(context);
    }

    public void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Input?["stop"] is not null) Stop(context, resumption.Input);
        else if ((int?)resumption.Input?["index"] is { } index) Finished(context, index, (string?)resumption.Input["result"]);
        StartMore(context);
    }

    private static void Stop(ActivityContext context, JsonObject input)
    {
        var reason = (string?)input["reason"] ?? "cancelled by user";
        if (context.State["stopped"] is null) context.Log(SessionEvents.StopRequested, null, new JsonObject { ["reason"] = reason, ["now"] = (bool?)input["now"] ?? false });
        context.State["stopped"] = true;
        context.InstanceProperties[StoppedBecause] = reason;
        if ((bool?)input["now"] != true) return;
        foreach (var running in Running(context)) context.Emit(new CancelMachine(running, reason));
    }

    private static void Finished(ActivityContext context, int index, string? result)
    {
        var running = Running(context);
        // The same end told twice counts once.
        if (!running.Remove(index)) return;
        context.State["running"] = new JsonArray([.. running.Select(one => JsonValue.Create(one))]);
        var tally = (JsonObject)context.InstanceProperties[Tally]!.DeepClone();
        var word = result switch { nameof(Result.Success) => "success", nameof(Result.Warning) => "warning", _ => "failed" };
        tally[word] = ((int?)tally[word] ?? 0) + 1;
        context.InstanceProperties[Tally] = tally;
    }

    /// <summary>The version in force now is the one for all its machines, as for the job's own workflow.</summary>
    private static void Pin(ActivityContext context)
    {
        if (context.GetInput<string>("Workflow") is not { Length: > 0 } id)
            return;
        var found = context.FindDefinition(new DefinitionReference { DefinitionId = id, Version = VersionSelector.Published })?.Definition
            ?? throw new ActivityFaultException($"'{context.ActivityId}' is to run the workflow '{id}' for each machine, and no version of it is published. Publish it, or choose another.");
        context.State["workflow"] = new JsonObject { ["definitionId"] = found.DefinitionId, ["version"] = found.Version, ["versionId"] = found.Id };
    }

    private static void StartMore(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        var workflow = context.State["workflow"] is JsonObject pinned ? new PinnedWorkflow((string)pinned["definitionId"]!, (int)pinned["version"]!, (string)pinned["versionId"]!) : null;
        var limit = context.GetInput<int?>("MaxConcurrent") is { } wish and > 0 ? wish : host.Job.MaxConcurrentMachines;
        var next = (int)context.State["next"]!;
        var running = Running(context);
        while (context.State["stopped"] is null && next < MachineChoice.Count(context, host) && running.Count < Math.Max(1, limit))
        {
            var index = MachineChoice.At(context, next++);
            context.Emit(new StartMachine(index, workflow));
            running.Add(index);
        }

        context.State["next"] = next;
        context.State["running"] = new JsonArray([.. running.Select(one => JsonValue.Create(one))]);
        if (running.Count > 0) return;

        context.ClearBookmarks();
        var tally = (JsonObject)context.InstanceProperties[Tally]!;
        context.SetOutput("Succeeded", (int?)tally["success"] ?? 0);
        context.SetOutput("Warnings", (int?)tally["warning"] ?? 0);
        context.SetOutput("Failed", (int?)tally["failed"] ?? 0);
        context.Complete("Done");
    }

    private static List<int> Running(ActivityContext context) => context.State["running"] is JsonArray indices ? [.. indices.Select(index => (int)index!)] : [];
}
