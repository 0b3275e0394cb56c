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
        Inputs = [new InputDescriptor("MaxConcurrent", "Int32") { DefaultValue = 0, Description = "How many machines at once; 0 takes the job's maxConcurrentMachines." }],
        Outputs = [new OutputDescriptor("Succeeded", "Int32"), new OutputDescriptor("Warnings", "Int32"), new OutputDescriptor("Failed", "Int32")],
        Outcomes = ["Done"],
    };

    public void Execute(ActivityContext context)
    {
        context.State["next"] = 0;
        context.State["running"] = new JsonArray();
        context.InstanceProperties[Tally] = new JsonObject { ["success"] = 0, ["warning"] = 0, ["failed"] = 0 };
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

    private static void StartMore(ActivityContext context)
    {
        var host = SessionHosts.Of(context);
        var limit = context.GetInput<int?>("MaxConcurrent") is { } wish and > 0 ? wish : host.Job.MaxConcurrentMachines;
        var next = (int)context.State["next"]!;
        var running = Running(context);
        while (context.State["stopped"] is null && next < host.Job.Machines.Count && running.Count < Math.Max(1, limit))
        {
            context.Emit(new StartMachine(next));
            running.Add(next++);
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
