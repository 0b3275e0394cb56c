namespace Quiesce.Cli.Demo;

/// <summary>What the demo's application has said so far: a pure function of its lines and the moments they were read at.</summary>
/// <param name="Acknowledged">Commits that it said are durable.</param>
/// <param name="AcknowledgedAtQuiesce">How many of them before it said that it is quiesced; null before that.</param>
/// <param name="AcknowledgedAtResume">How many before it said that it goes on.</param>
/// <param name="WhileQuiesced">Commits between the two: must stay 0.</param>
internal sealed record WriterFacts(long Acknowledged, long? AcknowledgedAtQuiesce, long? AcknowledgedAtResume, long WhileQuiesced, long? QuiescedAt, long? ResumedAt)
{
    public bool IsQuiesced => QuiescedAt is not null && ResumedAt is null;

    public WriterFacts Take(string line, long timestamp) => line.Split(' ') switch
    {
        ["commit", var n] when long.TryParse(n, out var count) => this with { Acknowledged = count, WhileQuiesced = WhileQuiesced + (IsQuiesced ? 1 : 0) },
        ["quiesced", _] when QuiescedAt is null => this with { AcknowledgedAtQuiesce = Acknowledged, QuiescedAt = timestamp },
        ["resumed", _] when QuiescedAt is not null && ResumedAt is null => this with { AcknowledgedAtResume = Acknowledged, ResumedAt = timestamp },
        _ => this,
    };

    /// <summary>How long the application wrote nothing, by the clock of whoever listened to it; null until it has resumed.</summary>
    public TimeSpan? Silence(TimeProvider time) => QuiescedAt is { } from && ResumedAt is { } to ? time.GetElapsedTime(from, to) : null;
}
