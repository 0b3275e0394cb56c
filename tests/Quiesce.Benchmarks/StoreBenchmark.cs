using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Quiesce.Storage;

namespace Quiesce.Benchmarks;

/// <summary>How many suspend-and-resume pairs a second the store commits, fully synced, beside what the disk and bare SQLite do in the same run.</summary>
public static class StoreBenchmark
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    /// <summary>Runs everything in a temporary folder (below QUIESCE_BENCH_DIR when that is set) and writes one line per figure.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        var root = Environment.GetEnvironmentVariable("QUIESCE_BENCH_DIR") ?? Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(root, $"quiesce-bench-{Guid.NewGuid():n}"));
        try
        {
            output.WriteLine($"disk: write 4 KiB and sync, one thread           {RawSyncs(folder.FullName),10:N0} /s");
            output.WriteLine($"bare SQLite: one INSERT and COMMIT, one thread   {BareCommits(folder.FullName),10:N0} /s");
            foreach (var callers in new[] { 1, 16, 64 })
            {
                var (pairs, microseconds) = await PairsAsync(Path.Combine(folder.FullName, $"pairs{callers}.db"), callers, withReply: false);
                output.WriteLine($"store: suspend + resume, {callers,2} callers               {pairs,10:N0} pairs/s = {2 * pairs:N0} commits/s, {microseconds:N0} µs of CPU per pair");
            }

            var (replied, replyMicroseconds) = await PairsAsync(Path.Combine(folder.FullName, "replied.db"), 16, withReply: true);
            output.WriteLine($"store: suspend + reply + claim + resume, 16 callers {replied,7:N0} /s, {replyMicroseconds:N0} µs of CPU each");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double RawSyncs(string folder)
    {
        var path = Path.Combine(folder, "raw");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        var page = new byte[4096];
        var (count, clock) = (0, Stopwatch.StartNew());
        while (clock.Elapsed < Span)
        {
            file.Position = count++ % 1000 * page.Length;
            file.Write(page);
            file.Flush(flushToDisk: true);
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    private static double BareCommits(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, state BLOB)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO t (state) VALUES (@state)";
        command.Parameters.AddWithValue("@state", State(1));
        command.Prepare();
        var (count, clock) = (0, Stopwatch.StartNew());
        while (clock.Elapsed < Span)
        {
            command.ExecuteNonQuery();
            count++;
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<(double PairsPerSecond, double CpuMicroseconds)> PairsAsync(string path, int callers, bool withReply)
    {
        await using var store = await Store.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        var owner = await store.RegisterOwnerAsync("benchmark", TimeSpan.FromMinutes(5));
        await PairAsync(store, owner, "warm-up", withReply);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; clock.Elapsed < Span; count++)
                await PairAsync(store, owner, Guid.CreateVersion7().ToString("n"), withReply);
            return count;
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        return (counts.Sum() / seconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / counts.Sum());
    }

    /// <summary>What a workflow with one bookmark writes: created and suspended, then resumed and ended; in between, when wanted, the reply arrives as a write of its own
    /// and the instance is read back, as it happens when the two bursts run at different times.</summary>
    private static async Task PairAsync(Store store, Owner owner, string id, bool withReply)
    {
        var now = DateTimeOffset.UtcNow;
        var row = new InstanceRow(id, "benchmark", 1, "benchmark:1", null, null, null, "Running", "Suspended", "Running", State(1), 0, null, 0, now, now, null, null, 0);
        var suspended = await store.CommitAsync(new Commit
        {
            Owner = owner, Create = true, Epoch = 1, Instance = row,
            BookmarksAdded = [new BookmarkRow("bookmark", id, "Event", "hash", null, null, now, null)],
            Journal = new JournalSegment(id, 1, 4, Journal),
        });
        if (withReply)
        {
            await store.AddStimuliAsync([new StimulusRow("reply", id, "Reply", "hash", "bookmark", "{}", now, null)]);
            row = (await store.ClaimAsync(id, owner, CancellationToken.None))!.Instance;
        }

        var resumed = await store.CommitAsync(new Commit
        {
            Owner = owner, Epoch = 1, Instance = row with { Revision = suspended.Revision, Status = "Finished", SubStatus = "Finished", FinishedAt = now, State = State(2) },
            ConsumedStimuli = ["reply"], BookmarksRemoved = ["bookmark"],
            Journal = new JournalSegment(id, 5, 4, Journal),
        });
        if (!resumed.IsCommitted)
            throw new InvalidOperationException($"The commit of {id} was not taken: {resumed.Outcome}. The figures would be worthless.");
    }

    private static readonly string Journal = $"[{string.Join(',', Enumerable.Repeat("""{"activityId":"activity1","event":"Started","at":"2026-01-01T00:00:00Z"}""", 4))}]";

    private static byte[] State(int n) => Encoding.UTF8.GetBytes($$"""{"n":{{n}},"filler":"{{new string('x', 800)}}"}""");
}
