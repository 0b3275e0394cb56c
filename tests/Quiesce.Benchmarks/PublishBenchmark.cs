using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Benchmarks;

/// <summary>How long it takes to put a definition of 200 activities in force, with its checks, its version and its file, beside reading and writing its JSON and one bare synced INSERT of it.</summary>
public static class PublishBenchmark
{
    private const int Activities = 200;
    private const int Rounds = 60;

    /// <summary>Runs everything in a temporary folder (below QUIESCE_BENCH_DIR when that is set) and writes one line per figure, medians and the 95th of a hundred.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        var root = Environment.GetEnvironmentVariable("QUIESCE_BENCH_DIR") ?? Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(root, $"quiesce-bench-{Guid.NewGuid():n}"));
        try
        {
            var (workflows, text) = (folder.CreateSubdirectory("workflows"), Document().ToJsonString());
            await File.WriteAllTextAsync(Path.Combine(workflows.FullName, "large.json"), text);
            await using var store = await Store.OpenAsync(Path.Combine(folder.FullName, "quiesce.db"), TimeProvider.System, CancellationToken.None);
            using var catalog = new DefinitionCatalog(store, QuiesceActivities.Registry, workflows.FullName, TimeProvider.System);
            await catalog.LoadAsync(CancellationToken.None);
            using var bare = Bare(folder.FullName);

            var (json, insert, draft, publish) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                json.Add(Milliseconds(() => JsonNode.Parse(text)!.ToJsonString()));
                insert.Add(Milliseconds(() => Insert(bare, text)));
                draft.Add(await SaveAsync(catalog, $"draft {round}", publish: false));
                publish.Add(await SaveAsync(catalog, $"published {round}", publish: true));
            }

            output.WriteLine($"baseline: JSON of {Activities} activities ({text.Length / 1024} KiB) read and written  {Line(json)}");
            output.WriteLine($"baseline: bare SQLite, one INSERT of it and COMMIT         {Line(insert)}");
            output.WriteLine($"save as draft: checked, compiled, durable                  {Line(draft)}");
            output.WriteLine($"publish: all checks, durable, in force, file written       {Line(publish)}");
            // On a machine that does something else besides, the clock says more of that than of us.
            var before = Environment.CpuUsage.TotalTime;
            for (var round = 0; round < Rounds; round++)
                await SaveAsync(catalog, $"again {round}", publish: true);
            output.WriteLine($"publish: processor time of this process, each              {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Rounds,8:N2} ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> SaveAsync(DefinitionCatalog catalog, string description, bool publish)
    {
        var document = JsonNode.Parse(catalog.Row("large", Engine.VersionSelector.Latest)!.Json)!.AsObject();
        document["description"] = description;
        var save = new SaveDefinition { Document = document, BaseVersionId = (string?)document["id"], Publish = publish, By = "benchmark" };
        var clock = Stopwatch.StartNew();
        await catalog.SaveAsync(save, CancellationToken.None);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Milliseconds(Action act)
    {
        var clock = Stopwatch.StartNew();
        act();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static string Line(List<double> times)
    {
        // The first few are the compiler's.
        var sorted = times.Skip(5).Order().ToList();
        return $"{sorted[sorted.Count / 2],8:N2} ms, 95 %: {sorted[sorted.Count * 95 / 100],8:N2} ms";
    }

    private static SqliteConnection Bare(string folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, json TEXT)";
        command.ExecuteNonQuery();
        return connection;
    }

    private static void Insert(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO t (json) VALUES (@json)";
        command.Parameters.AddWithValue("@json", text);
        command.ExecuteNonQuery();
    }

    /// <summary>A chain with a branch at every fourth activity, as a designer stores it.</summary>
    private static JsonObject Document()
    {
        var (activities, connections) = (new JsonArray(), new JsonArray());
        for (var i = 0; i < Activities; i++)
        {
            activities.Add(new JsonObject
            {
                ["id"] = $"a{i}", ["name"] = $"WriteLine{i}", ["type"] = "Elsa.WriteLine", ["version"] = 1,
                ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = i % 3 == 0 ? "JavaScript" : "Literal", ["value"] = i % 3 == 0 ? $"`step ${{{i} + 1}}`" : $"step {i}" } },
                ["customProperties"] = new JsonObject { ["canStartWorkflow"] = false, ["runAsynchronously"] = false },
                ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = i * 250, ["y"] = 100 }, ["size"] = new JsonObject { ["width"] = 200, ["height"] = 50 } } },
            });
            foreach (var target in i % 4 == 0 ? new[] { i + 1, i + 2 } : [i + 1])
                if (target < Activities)
                    connections.Add(new JsonObject
                    {
                        ["source"] = new JsonObject { ["activity"] = $"a{i}", ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = $"a{target}", ["port"] = "In" }, ["vertices"] = new JsonArray(),
                    });
        }

        return new JsonObject
        {
            ["definitionId"] = "large", ["name"] = "Large",
            ["root"] = new JsonObject { ["id"] = "flow", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = activities, ["connections"] = connections },
        };
    }
}
