using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

/// <summary>An instance whose state goes through its stored form between bursts, as a store would keep it.</summary>
internal sealed class StoredInstance(WorkflowDefinition definition, BurstContext? context = null, ActivityRegistry? registry = null)
{
    private readonly WorkflowGraph graph = WorkflowGraph.Compile(definition, registry ?? ActivityRegistry.Standard);
    private readonly BurstContext context = context ?? new();
    private byte[]? stored;
    private int stimuli;

    public InstanceState State => InstanceState.FromUtf8(stored!);

    public List<string> Lines { get; } = [];

    public List<JournalRecord> Journal { get; } = [];

    public IReadOnlyList<Bookmark> Bookmarks => State.Bookmarks;

    public List<Effect> Effects { get; } = [];

    public List<ActivityExecutionRecord> Executions { get; } = [];

    public Func<SendHttp, HttpReply> Http { get; init; } = _ => new() { Failure = HttpFailure.FailedToConnect };

    public BurstResult Start(JsonObject? input = null, string? triggerActivityId = null) =>
        Take(Burst.Run(graph, null, [Stimulus.Start(NextId(), input, triggerActivityId: triggerActivityId)], context));

    public BurstResult Give(params Stimulus[] given) => Take(Burst.Run(graph, stored is null ? null : State, given, context));

    public BurstResult ResumeOldest(JsonObject? input = null) => Give(Stimulus.Resume(NextId(), bookmarkId: Bookmarks[0].Id, input: input));

    public void RunToEnd(Stimulus start)
    {
        var done = 0;
        Give(start);
        while (true)
        {
            while (done < Effects.Count)
                Do(Effects[done++]);
            if (State.Status == WorkflowStatus.Finished || Bookmarks.Count == 0)
                return;
            ResumeOldest();
        }
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case PublishEvent published:
                Give(Stimulus.Resume(NextId(), published.BookmarkHash, input: published.ToInput()));
                break;
            case PublishMessage published:
                var message = new ReceivedMessage(published.MessageType, published.Body, published.CorrelationId);
                Give(Stimulus.Resume(NextId(), message.BookmarkHash, input: message.ToInput()));
                break;
            case SendHttp request:
                // The reply goes through its stored form too.
                Give(Http(request).ToStimulus(NextId(), request.RequestId));
                break;
        }
    }

    private BurstResult Take(BurstResult result)
    {
        stored = result.State.ToUtf8();
        Lines.AddRange(result.Lines);
        Journal.AddRange(result.Journal);
        Effects.AddRange(result.Effects);
        Executions.AddRange(result.ActivityExecutions);
        return result;
    }

    private string NextId() => $"s{++stimuli}";
}
