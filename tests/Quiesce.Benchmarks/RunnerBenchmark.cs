using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Activities;
using Quiesce.Storage;

namespace Quiesce.Benchmarks;

/// <summary>Workflows a second that suspend at one bookmark and are resumed, by the real runner on SQLite, every commit synced, 16 at once. Beside it: the bare disk, and how often the store alone can do the same.</summary>
public static class RunnerBenchmark
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private const string Definition = """
        { "id": "wait-1", "definitionId": "wait", "name": "Wait", "version": 1, "isLatest": true, "isPublished": true,
          "root": { "id": "flow", "type": "Elsa.Sequence", "version": 1, "activities": [
            { "id": "event", "type": "Elsa.Event", "version": 1, "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "go" } } } ] } }
        """;

    /// <summary>Runs it and writes the figures.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-bench-");
        try
        {
            var graph = WorkflowGraph.Compile(WorkflowDefinition.Read(Definition, "benchmark"), QuiesceActivities.Registry);
            await using var store = await Store.OpenAsync(Path.Combine(folder.FullName, "quiesce.db"), TimeProvider.System, CancellationToken.None);
            var owner = await store.RegisterOwnerAsync("benchmark", TimeSpan.FromMinutes(10));
            var runner = new SessionRunner(store, owner, _ => graph, TimeProvider.System, new RunnerOptions { Workers = AtOnce, Poll = TimeSpan.FromSeconds(5) }, NullLogger<SessionRunner>.Instance);
            using var stop = new CancellationTokenSource();
            var running = runner.RunAsync(stop.Token);
            await MeasureAsync(store, runner, TimeSpan.FromSeconds(4));
            var (count, seconds) = await MeasureAsync(store, runner, Span);
            await stop.CancelAsync();
            await running;
            output.WriteLine($"runner: start, suspend, resume, finish, {AtOnce} at once    {count / seconds,10:N0} workflows/s, SQLite fully synced (at least 2,000 wanted)");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Count, double Seconds)> MeasureAsync(Store store, SessionRunner runner, TimeSpan span)
    {
        var waiting = new System.Collections.Concurrent.ConcurrentDictionary<string, TaskCompletionSource>(StringComparer.Ordinal);
        void Changed(string id)
        {
            if (waiting.TryGetValue(id, out var source)) source.TrySetResult();
        }

        runner.Changed += Changed;
        var (clock, count) = (Stopwatch.StartNew(), 0);
        async Task CallerAsync()
        {
            while (clock.Elapsed < span)
            {
                var id = Guid.NewGuid().ToString("n");
                var now = TimeProvider.System.GetUtcNow();
                TaskCompletionSource suspended = new(TaskCreationOptions.RunContinuationsAsynchronously), finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting[id] = suspended;
                await runner.StartAsync("wait", 1, "wait-1", id, null);
                await suspended.Task;
                waiting[id] = finished;
                await store.AddStimuliAsync([new StimulusRow("go", id, "Resume", EventHash, null, new JsonObject().ToJsonString(), now, null)]);
                runner.Wake(id);
                await finished.Task;
                waiting.TryRemove(id, out _);
                Interlocked.Increment(ref count);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CallerAsync()));
        runner.Changed -= Changed;
        return (count, clock.Elapsed.TotalSeconds);
    }

    private static readonly string EventHash = new PublishEvent("go", null, false, null).BookmarkHash;
}
