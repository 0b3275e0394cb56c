using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Demo;

/// <summary>What the demo knows at a moment, and the tree that shows it.</summary>
internal sealed class DemoPicture(string folder, TimeProvider time)
{
    public WriterProcess? Writer { get; set; }

    public SessionReport? Session { get; set; }

    public Restored? Restored { get; set; }

    public RestoredDatabase? Database { get; set; }

    public bool GoesOn { get; set; }

    public ProgressNode At(DateTimeOffset now)
    {
        var facts = Writer?.Facts;
        var nodes = new List<ProgressNode>
        {
            new("writer", facts is null ? NodeState.Waiting : NodeState.Done, "Application: a SQLite database in WAL mode, every commit synced, written to without a pause", facts is null ? null : $"{facts.Acknowledged} commits acknowledged"),
        };
        if (Session is { } session)
            nodes.Add(SessionTree.Of(session, now));
        if (facts?.AcknowledgedAtQuiesce is { } quiesced)
            nodes.Add(Held(facts, quiesced));
        if (Restored is { } restored)
            nodes.Add(new("restored", NodeState.Done, $"Restored into a new folder by {restored.Method}", Duration.Text(restored.DurationMs)));
        if (Database is { } database && facts?.AcknowledgedAtQuiesce is { } acknowledged)
        {
            nodes.Add(new("integrity", database.Integrity == "ok" ? NodeState.Done : NodeState.Failed, $"Integrity check of the restored database: {database.Integrity}"));
            nodes.Add(database.Holds(acknowledged)
                ? new("commits", NodeState.Done, $"All {acknowledged} commits acknowledged before the snapshot are in it ({database.Orders} rows)")
                : new("commits", NodeState.Failed, $"Commit {database.Missing} was acknowledged before the snapshot and is not in it ({database.Orders} rows)"));
        }

        if (GoesOn)
            nodes.Add(new("goes-on", NodeState.Done, "The application goes on", $"{facts!.Acknowledged - facts.AcknowledgedAtResume} commits since"));
        return new ProgressNode("demo", GoesOn ? NodeState.Done : NodeState.Working, $"Quiesce demo in {folder}", null, nodes);
    }

    private ProgressNode Held(WriterFacts facts, long quiesced) => facts.Silence(time) is { } silence
        ? new(
            "held",
            facts.WhileQuiesced == 0 ? NodeState.Done : NodeState.Failed,
            $"Held: the application wrote {(facts.WhileQuiesced == 0 ? "nothing" : $"{facts.WhileQuiesced} commits, which it must not,")} for {Duration.Text(silence.TotalMilliseconds)}, after {quiesced} commits")
        : new("held", NodeState.Working, $"Held: the application is quiesced after {quiesced} commits");
}
