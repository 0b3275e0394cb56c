using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>
/// Follows every path of a definition and refuses one that leaves file systems frozen: a path from <c>Quiesce.FreezeGuest</c> that reaches an end without
/// <c>Quiesce.ThawGuest</c>, or that waits in between for something nobody can bound. It errs on the safe side: conditions are not looked at.
/// </summary>
/// <remarks>The guest's own timer thaws whatever a definition says. This check is for the person who draws: a freeze that only the timer ends is a failed session.</remarks>
public sealed class FreezeCheck
{
    internal const string Freeze = "Quiesce.FreezeGuest";
    internal const string Thaw = "Quiesce.ThawGuest";

    private readonly WorkflowDefinition _definition;
    private readonly ActivityRegistry _registry;

    /// <summary>An activity's ways out depend only on whether it is entered frozen: looking once at each keeps the walk linear, also for hostile documents.</summary>
    private readonly Dictionary<(JsonObject Activity, bool Frozen), IReadOnlyList<Way>> _seen = [];

    private FreezeCheck(WorkflowDefinition definition, ActivityRegistry registry) => (_definition, _registry) = (definition, registry);

    /// <summary>Checks a definition that is to be published.</summary>
    /// <exception cref="DefinitionException">A path leaves a freeze without a thaw or waits inside it; the message names the path.</exception>
    public static void Run(WorkflowDefinition definition, ActivityRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var check = new FreezeCheck(definition, registry);
        foreach (var way in check.Leave(definition.Root, null))
            if (way.Frozen is { } trail)
                throw check.Unthawed(trail, "the end of the workflow");
    }

    /// <summary>How an activity can be left, and with which trail where the guest is then frozen.</summary>
    private IReadOnlyList<Way> Leave(JsonObject activity, Trail? frozen)
    {
        if (_seen.TryGetValue((activity, frozen is not null), out var known))
            return known;
        // A document is a tree, so nobody asks for these ways again before they are known.
        return _seen[(activity, frozen is not null)] = Ways(activity, frozen);
    }

    private IReadOnlyList<Way> Ways(JsonObject activity, Trail? frozen)
    {
        var (type, trail) = (activity.Type(), frozen?.To(activity.Id()));
        if (trail is not null && Waiting.For(activity, _registry) is { } wait)
            throw new DefinitionException(_definition.Source, $"Between freeze and thaw it {wait}: {trail}. Move '{activity.Id()}' behind {Thaw}, or before {Freeze}.", activityId: activity.Id());

        return type switch
        {
            Freeze => [.. Outcomes(activity).Select(outcome => new Way(outcome, outcome == "Failed" ? trail : trail ?? new Trail(activity.Id(), null, null)))],
            Thaw => [.. Outcomes(activity).Select(outcome => new Way(outcome, null))],
            "Elsa.Finish" or "Elsa.Fault" or "Elsa.Complete" => trail is null ? [] : throw Unthawed(trail, $"the end of the workflow at '{activity.Id()}'"),
            "Elsa.End" => [new Way(Way.End, trail)],
            "Elsa.Break" => [new Way(Way.Break, trail)],
            "Elsa.Flowchart" => new FlowchartWalk(activity).Leave(trail, Leave),
            "Elsa.Sequence" => Sequence(activity, trail),
            "Elsa.For" or "Elsa.ForEach" or "Elsa.While" or "Elsa.ParallelForEach" => Loop(activity, trail),
            "Elsa.If" => Branches(Branch(activity, "then"), Branch(activity, "else"), trail),
            "Elsa.Switch" => Branches([.. activity.Children("cases").Select(option => option.Child("activity"))], Branch(activity, "default"), trail),
            _ => Other(activity, trail),
        };
    }

    private IReadOnlyList<Way> Sequence(JsonObject activity, Trail? trail)
    {
        var (states, left) = (new States(trail), new List<Way>());
        foreach (var child in activity.Children("activities"))
        {
            var ways = states.All.SelectMany(state => Leave(child, state)).ToList();
            left.AddRange(ways.Where(way => way.Outcome == Way.Break));
            left.AddRange(ways.Where(way => way.Outcome == Way.End).Select(way => way with { Outcome = Way.Done }));
            states = new States(ways.Where(way => !way.Leaves));
        }

        return Way.Distinct([.. left, .. states.All.Select(state => new Way(Way.Done, state))]);
    }

    private IReadOnlyList<Way> Loop(JsonObject activity, Trail? trail)
    {
        var states = new States(trail);
        if (activity.Child("body") is { } body)
            // Two rounds reach everything: there are only two states to enter a body in.
            for (var round = 0; round < 2; round++)
                states = new States([.. states.All.Select(state => new Way(Way.Done, state)), .. states.All.SelectMany(state => Leave(body, state))]);
        return [.. states.All.Select(state => new Way(Way.Done, state))];
    }

    private IReadOnlyList<Way> Branches(IReadOnlyList<JsonObject?> some, IReadOnlyList<JsonObject?> others, Trail? trail) =>
        // A branch that is not there is a way straight through.
        Way.Distinct([.. some.Concat(others).SelectMany(branch => branch is null ? [new Way(Way.Done, trail)] : Leave(branch, trail).Select(way => way.Leaves ? way : way with { Outcome = Way.Done }))]);

    private static IReadOnlyList<JsonObject?> Branch(JsonObject activity, string port) => [activity.Child(port)];

    /// <summary>A leaf keeps the state; a container we know by its descriptor only may run any of its children, or none.</summary>
    private IReadOnlyList<Way> Other(JsonObject activity, Trail? trail)
    {
        var descriptor = _registry.Find(activity.Type())?.Descriptor;
        var children = (descriptor?.Ports ?? []).Where(port => port.Kind == PortKind.Embedded).Select(port => activity.Child(char.ToLowerInvariant(port.Name[0]) + port.Name[1..])).OfType<JsonObject>()
            .Concat((descriptor?.ChildLists ?? []).Append("activities").Append("branches").Distinct().SelectMany(activity.Children)).Where(child => child["type"] is not null).ToList();
        if (children.Count == 0)
            return [.. Outcomes(activity).Select(outcome => new Way(outcome, trail))];
        var all = activity.Type() is "Elsa.Parallel" or "Elsa.Fork";
        return Branches([.. children], all ? [] : [null], trail);
    }

    private IEnumerable<string> Outcomes(JsonObject activity)
    {
        var fixedOnes = _registry.Find(activity.Type())?.Descriptor.Outcomes ?? [];
        return activity.Type() switch
        {
            Freeze or Thaw when fixedOnes.Count == 0 => [Way.Done, "Failed"],
            "Elsa.FlowDecision" => ["True", "False"],
            "Elsa.FlowSwitch" => [.. activity.Children("cases").Select(option => ActivityJson.Text(option["label"]) ?? ""), "Default"],
            "Elsa.FlowFork" => activity.Texts("branches") is { Count: > 0 } branches ? branches : [Way.Any],
            "Elsa.RunJavaScript" => activity.Texts("possibleOutcomes") is { Count: > 0 } possible ? possible : [Way.Done, Way.Any],
            _ => fixedOnes.Count > 0 ? fixedOnes : [Way.Done],
        };
    }

    private DefinitionException Unthawed(Trail trail, string end) => new(
        _definition.Source, $"The path {trail} reaches {end} without {Thaw}, so the guest would stay frozen until its timer thaws it. Lead every way out of '{trail.First}' to a {Thaw}.", activityId: trail.Last);
}
