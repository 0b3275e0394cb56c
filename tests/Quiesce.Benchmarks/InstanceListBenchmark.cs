using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Quiesce.Storage;

namespace Quiesce.Benchmarks;

/// <summary>Pages of a list of 10,000 instances, each with a state of 4 KB, beside a bare COUNT and SELECT of SQLite on the same file.</summary>
public static class InstanceListBenchmark
{
    private const int Instances = 10_000;
    private const int Rounds = 20;

    /// <summary>Runs it and writes the figures.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-bench-");
        try
        {
            var path = Path.Combine(folder.FullName, "quiesce.db");
            await using var store = await Store.OpenAsync(path, TimeProvider.System, CancellationToken.None);
            await FillAsync(store);
            output.WriteLine($"bare SQLite: COUNT(*) and one page by its key      {Bare(path),8:N2} ms");
            InstanceQuery all = new() { PageSize = 100, IsSystem = false };
            foreach (var (name, query) in new (string, InstanceQuery)[]
            {
                ("first page", all),
                ("last page", all with { Page = 99 }),
                ("by name", all with { OrderBy = InstanceOrder.Name }),
                ("by last execution, finished only", all with { OrderBy = InstanceOrder.LastExecuted, Statuses = ["Finished"] }),
                ("one definition, with incidents", all with { DefinitionIds = ["definition-3"], HasIncidents = true }),
                ("search that matches little", all with { SearchTerm = "number 9 99" }),
                ("created within an hour", all with { Timestamps = [new TimestampFilter(InstanceMoment.CreatedAt, MomentComparison.GreaterThan, DateTimeOffset.UnixEpoch.AddHours(2))] }),
            })
                output.WriteLine($"instances: {name,-40} {await MeasureAsync(store, query),8:N2} ms, the slowest of {Rounds} (under 50 wanted)");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(Store store)
    {
        var state = Encoding.UTF8.GetBytes($$"""{"filler":"{{new string('x', 4000)}}"}""");
        foreach (var part in Enumerable.Range(0, Instances).Chunk(500))
            await store.AddInstancesAsync([.. part.Select(index =>
            {
                var at = DateTimeOffset.UnixEpoch.AddSeconds(index);
                var finished = index % 3 == 0;
                return new NewInstance(new InstanceRow($"instance-{index:x8}", $"definition-{index % 7}", 1, $"version-{index % 7}", null, null, $"job-{index % 50}",
                    finished ? "Finished" : "Running", finished ? "Finished" : "Suspended", "Running", state, 1, null, 0, at, at.AddSeconds(5), finished ? at.AddSeconds(5) : null,
                    $"Nightly number {index % 10} {index % 100}", index % 20 == 0 ? 1 : 0), null);
            })]);
    }

    private static async Task<double> MeasureAsync(Store store, InstanceQuery query)
    {
        double slowest = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            var (items, total) = await store.ListInstancesAsync(query, CancellationToken.None);
            if (total == 0 || items.Count == 0) throw new InvalidOperationException("the list is empty; the figures would be worthless");
            if (round > 0) slowest = Math.Max(slowest, clock.Elapsed.TotalMilliseconds);
        }

        return slowest;
    }

    private static double Bare(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        double slowest = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            command.CommandText = "SELECT COUNT(*) FROM instances";
            command.ExecuteScalar();
            command.CommandText = "SELECT id, name, status FROM instances ORDER BY seq DESC LIMIT 100";
            using (var rows = command.ExecuteReader())
                while (rows.Read())
                    _ = rows.GetString(0);
            if (round > 0) slowest = Math.Max(slowest, clock.Elapsed.TotalMilliseconds);
        }

        return slowest;
    }
}
