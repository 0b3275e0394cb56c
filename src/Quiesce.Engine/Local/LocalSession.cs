using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>What a local run may use up.</summary>
internal sealed class LocalBudget(int maxBursts, long maxRestored, CancellationToken cancellationToken)
{
    private int bursts;
    private long restored;

    /// <param name="open">How many activities stand open and must be put together again for this burst.</param>
    public void Spend(int open)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (++bursts > maxBursts)
            throw new TimeoutException($"The workflow went on after {maxBursts:N0} bursts: it probably waits in an endless loop. Look for a loop whose condition never changes.");
        restored += open;
        if (restored > maxRestored)
            throw new TimeoutException($"The workflow has {open:N0} activities open after {bursts:N0} bursts: it probably starts branches that wait faster than they end. Look for a loop around a fork.");
    }
}

/// <summary>
/// One local run. Its instances stand on a stack: a child that is started goes on top and runs to its end, bookmarks and all, before whoever
/// started it goes on.
/// </summary>
internal sealed class LocalSession(DefinitionShelf shelf, BurstContext context, LocalBudget budget, Func<SendHttp, HttpReply> http)
{
    private readonly Dictionary<string, LocalInstance> instances = new(StringComparer.Ordinal);
    private readonly List<LocalInstance> inOrder = [];
    private readonly Stack<LocalInstance> stack = new();
    private readonly List<string> lines = [];
    private int stimuli;

    public LocalRunResult Run(WorkflowGraph graph, Stimulus start)
    {
        var main = Start(graph, start);
        while (stack.TryPeek(out var instance))
        {
            if (instance.Effects.TryDequeue(out var effect))
                Do(effect, instance);
            else if (instance is { State.Status: WorkflowStatus.Running, Bookmarks.Count: > 0 })
                Move(instance, Stimulus.Resume(NextId(), bookmarkId: Next(instance.Bookmarks).Id));
            else
                stack.Pop();
        }

        return new()
        {
            Status = main.State.Status.ToString(),
            SubStatus = main.State.SubStatus.ToString(),
            Lines = lines,
            Outputs = main.State.Output,
            Incidents = [.. main.State.Incidents.Select(i => new LocalRunIncident(i.ActivityId, i.Message))],
            Bookmarks = main.Bookmarks,
            Effects = main.AllEffects,
            Executions = [.. main.Executions.Values],
            Journal = [.. main.Journal.Select(j => new LocalRunEntry(j.ActivityId, j.EventName))],
        };
    }

    // Oldest first. One that stays when it is resumed counts its children, which have all had their turn: it comes when nothing else is left.
    private static Bookmark Next(IReadOnlyList<Bookmark> bookmarks) => bookmarks.FirstOrDefault(b => b.AutoBurn) ?? bookmarks[0];

    private LocalInstance Start(WorkflowGraph graph, Stimulus start)
    {
        budget.Spend(0);
        var result = Burst.Run(graph, null, [start], context);
        var instance = new LocalInstance(graph, result.State);
        instances[result.State.Id] = instance;
        inOrder.Add(instance);
        stack.Push(instance);
        Take(instance, result);
        return instance;
    }

    private void Move(LocalInstance instance, Stimulus stimulus)
    {
        budget.Spend(instance.State.Contexts.Count);
        Take(instance, Burst.Run(instance.Graph, instance.State, [stimulus], context));
    }

    private void Take(LocalInstance instance, BurstResult result)
    {
        instance.State = result.State;
        instance.Bookmarks = result.Bookmarks;
        instance.Journal.AddRange(result.Journal);
        lines.AddRange(result.Lines);
        foreach (var effect in result.Effects)
            instance.Effects.Enqueue(effect);
        instance.AllEffects.AddRange(result.Effects);
        foreach (var execution in result.ActivityExecutions)
            instance.Executions[execution.Id] = execution;
    }

    private void Do(Effect effect, LocalInstance from)
    {
        switch (effect)
        {
            case StartWorkflow start:
                StartChild(start);
                break;
            case NotifyParent notify:
                if (instances.TryGetValue(notify.ParentInstanceId, out var parent))
                    Move(parent, notify.ToStimulus(NextId()));
                break;
            case SendHttp request:
                Move(from, http(request).ToStimulus(NextId(), request.RequestId));
                break;
            case PublishEvent { IsLocal: true } published:
                Deliver(published.BookmarkHash, published.ToInput(), null, from);
                break;
            case PublishEvent published:
                Deliver(published.BookmarkHash, published.ToInput(), published.CorrelationId, null);
                break;
            case PublishMessage published:
                var message = new ReceivedMessage(published.MessageType, published.Body, published.CorrelationId);
                Deliver(message.BookmarkHash, message.ToInput(), published.CorrelationId, null);
                break;
        }
    }

    private void StartChild(StartWorkflow start)
    {
        var graph = (start.DefinitionVersionId.Length > 0 ? shelf.Find(new() { VersionId = start.DefinitionVersionId }) : null)
            ?? shelf.Find(new() { DefinitionId = start.DefinitionId, Version = start.Version });
        if (graph is not null)
            Start(graph, Stimulus.Start(NextId(), start));
    }

    /// <param name="hash">Of the bookmarks and triggers that wait for it.</param>
    /// <param name="input">What they get.</param>
    /// <param name="correlationId">Only those; new instances get it.</param>
    /// <param name="only">Only this instance, and nothing is started.</param>
    private void Deliver(string hash, JsonObject input, string? correlationId, LocalInstance? only)
    {
        // Whoever waits at this moment hears of it, and only once: the list is taken before anybody moves.
        var waiting = inOrder.Where(i => i.Bookmarks.Any(b => b.Hash == hash)).ToList();
        if (only is null)
            foreach (var (graph, trigger) in shelf.StartedBy(hash))
                Start(graph, Stimulus.Start(NextId(), (JsonObject)input.DeepClone(), correlationId, triggerActivityId: trigger));
        foreach (var instance in waiting)
            if (only is null ? correlationId is null || instance.State.CorrelationId == correlationId : instance == only)
                Move(instance, Stimulus.Resume(NextId(), hash, input: (JsonObject)input.DeepClone()));
    }

    private string NextId() => (++stimuli).ToString(CultureInfo.InvariantCulture);
}

/// <summary>An instance of a local run.</summary>
internal sealed class LocalInstance(WorkflowGraph graph, InstanceState state)
{
    public WorkflowGraph Graph { get; } = graph;

    public InstanceState State { get; set; } = state;

    public IReadOnlyList<Bookmark> Bookmarks { get; set; } = [];

    public List<JournalRecord> Journal { get; } = [];

    public Queue<Effect> Effects { get; } = new();

    public List<Effect> AllEffects { get; } = [];

    public Dictionary<string, ActivityExecutionRecord> Executions { get; } = new(StringComparer.Ordinal);
}
