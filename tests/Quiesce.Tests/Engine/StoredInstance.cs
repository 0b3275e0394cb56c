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

    public BurstResult Start(JsonObject? input = null, string? triggerActivityId = null) =>
        Take(Burst.Run(graph, null, [Stimulus.Start(NextId(), input, triggerActivityId: triggerActivityId)], context));

    public BurstResult Give(params Stimulus[] given) => Take(Burst.Run(graph, stored is null ? null : State, given, context));

    public BurstResult ResumeOldest(JsonObject? input = null) => Give(Stimulus.Resume(NextId(), bookmarkId: Bookmarks[0].Id, input: input));

    public void RunToEnd(JsonObject? input)
    {
        var result = Start(input);
        while (true)
        {
            foreach (var published in result.Effects.OfType<PublishEvent>())
                Give(Stimulus.Resume(NextId(), published.BookmarkHash, input: published.ToInput()));
            if (State.Status == WorkflowStatus.Finished || Bookmarks.Count == 0)
                return;
            result = ResumeOldest();
        }
    }

    private BurstResult Take(BurstResult result)
    {
        stored = result.State.ToUtf8();
        Lines.AddRange(result.Lines);
        Journal.AddRange(result.Journal);
        return result;
    }

    private string NextId() => $"s{++stimuli}";
}
