using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>
/// Is in one state at a time. Entering a state runs its entry; then the triggers of all its transitions run at once, and the first that completes while
/// its condition holds wins: the others are cancelled, the state's exit runs, the transition's action, and the next state is entered. Transitions
/// without a trigger are tried first, in order. A state without a way out ends the machine.
/// </summary>
internal sealed class StateMachine : IActivity
{
    private const string StateKey = "CurrentState";
    private const string EntryTag = "Entry";
    private const string TriggerTag = "Trigger:";
    private const string ExitTag = "Exit:";
    private const string ActionTag = "Action:";

    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.StateMachine",
        DisplayName = "State machine",
        Category = "Flow",
        IsBrowsable = false,
        Description = "States, and transitions between them that wait for triggers.",
        Inputs =
        [
            new("States", "Object") { IsWrapped = false, IsBrowsable = false },
            new("Transitions", "Object") { IsWrapped = false, IsBrowsable = false },
            new("InitialState", "String") { IsWrapped = false, DisplayName = "Initial state" },
        ],
        ChildLists = ["states.entry", "states.exit", "transitions.trigger", "transitions.action"],
    };

    public object? Prepare(NodeDraft draft) => StateMachinePlan.Read(draft);

    public void Execute(ActivityContext context)
    {
        var plan = Plan(context);
        Enter(context, plan, plan.CurrentState ?? plan.InitialState);
    }

    public void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var plan = Plan(context);
        var tag = child.Tag ?? "";
        if (tag == EntryTag)
        {
            Leave(context, plan);
            return;
        }

        var separator = tag.IndexOf(':', StringComparison.Ordinal);
        var transition = plan.Transitions[int.Parse(tag[(separator + 1)..])];
        // Whoever is late finds the machine in another state.
        if (transition.From != CurrentState(context))
            return;
        switch (tag[..(separator + 1)])
        {
            case TriggerTag:
                if (Holds(context, transition))
                    Take(context, plan, transition);
                else
                    context.Schedule(transition.Trigger, tag);
                break;
            case ExitTag:
                Act(context, plan, transition);
                break;
            case ActionTag:
                Enter(context, plan, transition.To);
                break;
        }
    }

    private static void Enter(ActivityContext context, StateMachinePlan plan, string? name)
    {
        // Each step counts: states that only lead to one another would otherwise never end.
        context.Run.CountStep();
        if (plan.Find(name) is not { } state)
        {
            context.Complete();
            return;
        }

        context.State[StateKey] = state.Name;
        if (state.Entry is not null)
            context.Schedule(state.Entry, EntryTag);
        else
            Leave(context, plan);
    }

    // What can be left at once is left in a loop: a machine of a million states without activities must not grow the stack.
    private static void Leave(ActivityContext context, StateMachinePlan plan)
    {
        while (true)
        {
            var current = CurrentState(context);
            var ways = plan.WaysFrom(current);
            if (ways.Length == 0)
            {
                context.Complete();
                return;
            }

            var taken = Array.Find(ways, t => t.Trigger is null && Holds(context, t));
            if (taken is null)
            {
                foreach (var way in ways)
                    if (way.Trigger is not null)
                        context.Schedule(way.Trigger, TriggerTag + way.Index);
                return;
            }

            var next = plan.Find(taken.To)!;
            if (taken.Action is not null || plan.Find(taken.From)?.Exit is not null || next.Entry is not null)
            {
                Take(context, plan, taken);
                return;
            }

            context.Run.CountStep();
            context.State[StateKey] = next.Name;
        }
    }

    private static void Take(ActivityContext context, StateMachinePlan plan, StateTransition transition)
    {
        // The triggers that lost; nothing else of this machine can be open.
        context.CancelChildren();
        if (plan.Find(transition.From)?.Exit is { } exit)
            context.Schedule(exit, ExitTag + transition.Index);
        else
            Act(context, plan, transition);
    }

    private static void Act(ActivityContext context, StateMachinePlan plan, StateTransition transition)
    {
        if (transition.Action is not null)
            context.Schedule(transition.Action, ActionTag + transition.Index);
        else
            Enter(context, plan, transition.To);
    }

    private static bool Holds(ActivityContext context, StateTransition transition)
    {
        if (transition.Condition is null)
            return true;
        try
        {
            return transition.Condition.Evaluate(context, ValueType.Boolean) is true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ActivityFaultException($"Failed to evaluate the condition of the transition from '{transition.From}' to '{transition.To}': {e.Message}", e);
        }
    }

    private static string? CurrentState(ActivityContext context) => Json.AsText(context.State[StateKey]);

    private static StateMachinePlan Plan(ActivityContext context) => (StateMachinePlan)context.Node.Plan!;
}

/// <summary>A state of a machine.</summary>
internal sealed record MachineState(string Name, ActivityNode? Entry, ActivityNode? Exit);

/// <summary>A way from one state to another.</summary>
internal sealed record StateTransition(int Index, string From, string To, ActivityNode? Trigger, Expression? Condition, ActivityNode? Action);

/// <summary>A state machine's states and transitions, read once.</summary>
internal sealed class StateMachinePlan
{
    private readonly Dictionary<string, MachineState> states;
    private readonly Dictionary<string, StateTransition[]> ways;

    private StateMachinePlan(Dictionary<string, MachineState> states, StateTransition[] transitions, string? initialState, string? currentState)
    {
        this.states = states;
        Transitions = transitions;
        ways = transitions.Where(t => states.ContainsKey(t.To)).GroupBy(t => t.From, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        InitialState = initialState;
        CurrentState = currentState;
    }

    public StateTransition[] Transitions { get; }

    public string? InitialState { get; }

    /// <summary>Where the document says that the machine stands already.</summary>
    public string? CurrentState { get; }

    public static StateMachinePlan Read(NodeDraft draft)
    {
        var states = new Dictionary<string, MachineState>(StringComparer.Ordinal);
        var items = Json.List(draft.Json.Find("states")) ?? [];
        for (var i = 0; i < items.Count; i++)
            if ((items[i] as JsonObject)?.Text("name") is { Length: > 0 } name)
                states.TryAdd(name, new(name, At(draft, "states.entry", i), At(draft, "states.exit", i)));
        var transitions = new List<StateTransition>();
        items = Json.List(draft.Json.Find("transitions")) ?? [];
        for (var i = 0; i < items.Count; i++)
            transitions.Add(new(
                i,
                (items[i] as JsonObject)?.Text("from") ?? "",
                (items[i] as JsonObject)?.Text("to") ?? "",
                At(draft, "transitions.trigger", i),
                ExpressionReader.ReadInput((items[i] as JsonObject)?.Find("condition")),
                At(draft, "transitions.action", i)));
        return new(states, [.. transitions], draft.Json.Text("initialState"), draft.Json.Text("currentState") is { Length: > 0 } current ? current : null);
    }

    /// <summary>The state of that name; the first when several have it.</summary>
    public MachineState? Find(string? name) => name is null ? null : states.GetValueOrDefault(name);

    /// <summary>The transitions out of a state that lead to one that exists, in order.</summary>
    public StateTransition[] WaysFrom(string? name) => name is null ? [] : ways.GetValueOrDefault(name, []);

    private static ActivityNode? At(NodeDraft draft, string list, int index) => draft.ChildrenOf(list) is var nodes && index < nodes.Count ? nodes[index] : null;
}
