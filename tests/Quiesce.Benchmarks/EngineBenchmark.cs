using System.Diagnostics;
using System.Globalization;
using Quiesce.Engine;

namespace Quiesce.Benchmarks;

/// <summary>
/// The engine in memory: ten no-op activities in a Sequence and in a Flowchart, start to end, journal and execution records included. Beside it the
/// least that could be called the same: ten delegate calls, each with two records appended to a list.
/// </summary>
public static class EngineBenchmark
{
    private const int Activities = 10;
    private const double MaxMicroseconds = 3;
    private const double MaxBytes = 1024;

    /// <summary>Prints the figures; returns 0 if both are within the limits, else 1.</summary>
    public static Task<int> RunAsync(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var bare = Best(Bare);
        output.WriteLine(Line("bare loop", bare));
        var within = true;
        foreach (var type in (string[])["Elsa.Sequence", "Elsa.Flowchart"])
        {
            var graph = WorkflowGraph.Compile(WorkflowDefinition.Read(Document(type), type), ActivityRegistry.Standard);
            var context = new BurstContext();
            Stimulus[] start = [Stimulus.Start("start")];
            var figures = Best(() =>
            {
                var result = Burst.Run(graph, null, start, context);
                if (result.State.SubStatus != WorkflowSubStatus.Finished)
                    throw new InvalidOperationException($"{type} ended as {result.State.SubStatus}.");
            });
            output.WriteLine(Line(type, figures));
            within &= figures.Microseconds <= MaxMicroseconds && figures.Bytes <= MaxBytes;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"limit: {MaxMicroseconds} µs and {MaxBytes} bytes per activity: {(within ? "kept" : "BROKEN")}"));
        return Task.FromResult(within ? 0 : 1);
    }

    private static string Line(string what, (double Microseconds, double Bytes) figures) =>
        string.Create(CultureInfo.InvariantCulture, $"{what,-16} {figures.Microseconds,8:F3} µs {figures.Bytes,8:F0} bytes per activity");

    // The best of several rounds: what disturbs a round is never the engine.
    private static (double Microseconds, double Bytes) Best(Action once)
    {
        const int Runs = 20_000;
        var best = (Microseconds: double.MaxValue, Bytes: double.MaxValue);
        for (var round = 0; round < 8; round++)
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < Runs; i++)
                once();
            var elapsed = Stopwatch.GetElapsedTime(began).TotalMicroseconds / Runs / Activities;
            best = (Math.Min(best.Microseconds, elapsed), Math.Min(best.Bytes, (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / Runs / Activities));
        }

        return best;
    }

    private static void Bare()
    {
        var journal = new List<BareRecord>();
        Action<int> activity = static _ => { };
        for (var i = 0; i < Activities; i++)
        {
            journal.Add(new(i, "Started", DateTimeOffset.UtcNow));
            activity(i);
            journal.Add(new(i, "Completed", DateTimeOffset.UtcNow));
        }
    }

    private static string Document(string type)
    {
        var activities = Enumerable.Range(0, Activities).Select(i => $$"""{"id":"a{{i}}","type":"Elsa.Start"}""");
        var connections = Enumerable.Range(1, Activities - 1).Select(i => $$"""{"source":{"activity":"a{{i - 1}}","port":"Done"},"target":{"activity":"a{{i}}","port":"In"} }""");
        return $$"""{"definitionId":"bench","root":{"id":"r","type":"{{type}}","activities":[{{string.Join(",", activities)}}],"connections":[{{string.Join(",", connections)}}]} }""";
    }

    private sealed record BareRecord(int Activity, string Event, DateTimeOffset At);
}
