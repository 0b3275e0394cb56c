using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Proxy;

namespace Quiesce.Benchmarks;

/// <summary>What engine, store and bus add to a one-machine local session: with guests that answer at once, and with the real agent beside the bare operations without any of them.</summary>
public static class SessionBenchmark
{
    private const int Rounds = 15;

    /// <summary>Runs it and writes the medians.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        await using (var simulated = await EmbeddedServer.StartAsync())
        {
            await simulated.ApplyAsync("one", [new MachineEntry { Name = "m", Connect = "local" }], "/data", "directory", scripts: true, 1);
            var added = await MedianAsync(() => simulated.RunAsync("one"));
            output.WriteLine($"session: engine, store and bus, guest answering at once   {added,8:N1} ms median of {Rounds} (at most 30 wanted)");
        }

        var source = Directory.CreateTempSubdirectory("quiesce-bench-source-");
        await File.WriteAllTextAsync(Path.Combine(source.FullName, "file"), "data");
        try
        {
            var options = new ProxyOptions { AgentPath = AgentBuild() };
            await using var real = await EmbeddedServer.StartAsync(services => services.AddGuestProxy(options), bus => bus.AddGuestProxy());
            await real.ApplyAsync("local", [new MachineEntry { Name = "here", Connect = "local" }], source.FullName, "directory", scripts: false, 1);
            var whole = await MedianAsync(() => real.RunAsync("local"));
            await using var operations = new GuestOperations(options, TimeProvider.System, NullLogger<GuestOperations>.Instance);
            var round = 0;
            List<double> starts = [];
            var bare = await MedianAsync(() => BareAsync(operations, source.FullName, $"bench-{Environment.ProcessId}-{round++}", starts));
            var start = starts.Order().ElementAt(starts.Count / 2);
            output.WriteLine($"session: local machine with the real agent, as a whole    {whole,8:N1} ms median of {Rounds}");
            output.WriteLine($"session: the same operations without engine, store, bus   {bare,8:N1} ms, agent start {start:N1} ms of it");
            output.WriteLine($"session: added by engine, store, bus and agent start      {whole - bare + start,8:N1} ms (at most 150 wanted)");
        }
        finally
        {
            source.Delete(recursive: true);
            var points = Path.Combine(Path.GetTempPath(), ".quiesce-snapshots");
            if (Directory.Exists(points)) Directory.Delete(points, recursive: true);
        }
    }

    /// <summary>The agent's build output for local machines.</summary>
    public static string AgentBuild() => Path.Combine(AppContext.BaseDirectory.Replace("tests/Quiesce.Benchmarks", "src/Quiesce.Agent", StringComparison.Ordinal));

    private static async Task<object> BareAsync(GuestOperations operations, string path, string id, List<double> starts)
    {
        var guest = new Guest("here", "local", null, "linux", id);
        async Task AskAsync(string verb, JsonElement body)
        {
            var reply = await operations.HandleAsync(new OperationRequest(1, $"{id}:{verb}", "i", "s", guest, verb, body, 1), _ => { }, CancellationToken.None);
            if (reply.Failure is { } failure) throw new InvalidOperationException($"{verb}: {failure.Code}: {failure.Message}");
        }

        var clock = Stopwatch.StartNew();
        await AskAsync(Verbs.PrepareGuest, JsonSerializer.SerializeToElement(new PrepareGuestRequest(60, 3600), ContractsJson.Default.PrepareGuestRequest));
        starts.Add(clock.Elapsed.TotalMilliseconds);
        await AskAsync(Verbs.TakeSnapshot, JsonSerializer.SerializeToElement(new TakeSnapshotRequest(id, path, new ProviderSettings("directory"), "auto", 60), ContractsJson.Default.TakeSnapshotRequest));
        await AskAsync(Verbs.ReleaseGuest, JsonSerializer.SerializeToElement(new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest));
        return id;
    }

    private static async Task<double> MedianAsync<T>(Func<Task<T>> once)
    {
        await once();
        await once();
        List<double> times = [];
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            if (await once() is SessionReport { Result: not Result.Success } report) throw new InvalidOperationException($"the session ended with {report.Result}: {report.Message} {report.Tasks[0].Reason}");
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return times[Rounds / 2];
    }
}
