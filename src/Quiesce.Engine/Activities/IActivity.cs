namespace Quiesce.Engine;

/// <summary>
/// What an activity type does. One object per type, without state and safe from many threads: everything that belongs to an execution is
/// in its <see cref="ActivityContext"/>. An exception becomes an incident of the workflow.
/// </summary>
public interface IActivity
{
    /// <summary>What the type looks like from outside. Always the same object.</summary>
    ActivityDescriptor Descriptor { get; }

    /// <summary>Runs the activity. A leaf that returns without completing, without a bookmark and without children is completed with <c>Done</c>.</summary>
    void Execute(ActivityContext context);

    /// <summary>A bookmark of this execution was resumed. Inputs have been evaluated again.</summary>
    void Resume(ActivityContext context, Resumption resumption) => context.Complete();

    /// <summary>A child scheduled by this execution completed.</summary>
    void ChildCompleted(ActivityContext context, ChildCompletion child) => context.Complete();

    /// <summary>A child scheduled by this execution was cancelled.</summary>
    void ChildCancelled(ActivityContext context, ActivityContext child)
    {
    }

    /// <summary>This execution is being cancelled: the last chance to emit an effect, such as ending work that runs elsewhere.</summary>
    void Cancelled(ActivityContext context)
    {
    }

    /// <summary>
    /// What a trigger that may start its workflow waits for: one for each, such as one for each method of an HTTP endpoint. Inputs were evaluated
    /// without an instance.
    /// </summary>
    /// <exception cref="ActivityFaultException">The inputs make no sense; the message says why.</exception>
    IEnumerable<TriggerPayload> Triggers(ActivityContext context) => [new(Descriptor.TypeName, null, Bookmark.HashOf(Descriptor.TypeName, null))];

    /// <summary>Reads the activity's plain members once, while the graph is compiled. What it returns is <see cref="ActivityNode.Plan"/>.</summary>
    /// <exception cref="DefinitionException">The members make no sense.</exception>
    object? Prepare(NodeDraft draft) => null;
}

/// <summary>A bookmark that came true, and what came with it.</summary>
public sealed record Resumption(Bookmark Bookmark, System.Text.Json.Nodes.JsonObject? Input);

/// <summary>A child that completed.</summary>
/// <param name="Context">The child's execution.</param>
/// <param name="Node">The child; null when a missing child was scheduled.</param>
/// <param name="Tag">The tag given when it was scheduled.</param>
/// <param name="Outcomes">Its outcomes; empty means completed by default, which counts as <c>Done</c>.</param>
public readonly record struct ChildCompletion(ActivityContext? Context, ActivityNode? Node, string? Tag, IReadOnlyList<string> Outcomes);
