using System.Diagnostics;
using Quiesce.Contracts.Rest;

namespace Quiesce.Benchmarks;

/// <summary>What it costs a server that somebody watches a session of a thousand simulated machines through REST: its processor time for one session, unwatched and watched, in turns.
/// The watcher is a process of its own.</summary>
public static class WatchBenchmark
{
    /// <summary>The command of the process that watches.</summary>
    public const string Watcher = "watch-url";
    private const int Machines = 1000;
    private const int Rounds = 3;

    /// <summary>Runs it and writes the figures.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        await using var server = await EmbeddedServer.StartAsync(urls: "http://127.0.0.1:0");
        await MeasureAsync(server, "warm", watched: false);
        await MeasureAsync(server, "warm-watched", watched: true);
        List<double> alone = [], seen = [];
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await MeasureAsync(server, $"alone{round}", watched: false));
            seen.Add(await MeasureAsync(server, $"seen{round}", watched: true));
        }

        var (without, with) = (alone.Order().ElementAt(Rounds / 2), seen.Order().ElementAt(Rounds / 2));
        output.WriteLine($"watch: {Machines:N0} machines, nobody watches             {without,8:N0} ms of processor time (the baseline, median of {Rounds})");
        output.WriteLine($"watch: {Machines:N0} machines, watched through REST       {with,8:N0} ms of processor time, {(with / without - 1) * 100:N1}% more (at most 5 wanted)");
    }

    /// <summary>Reads a stream to its end and says how many reports came.</summary>
    public static async Task<int> WatchAsync(string url, string key)
    {
        using HttpClient client = new() { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        using StreamReader reader = new(await client.GetStreamAsync(new Uri(url)));
        var reports = 0;
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith("data:", StringComparison.Ordinal))
                reports++;
        Console.WriteLine(reports);
        return reports > 0 ? 0 : 1;
    }

    private static async Task<double> MeasureAsync(EmbeddedServer server, string job, bool watched)
    {
        await server.ApplyAsync(job, [.. Enumerable.Range(0, Machines).Select(index => new MachineEntry { Name = $"m{index}", Connect = $"ssh://u@{job}-{index}" })], "/data", "directory", scripts: true, 64);
        GC.Collect();
        var before = Environment.CpuUsage.TotalTime;
        var started = await server.Sessions.StartAsync(job, "benchmark", null, CancellationToken.None);
        using var watcher = watched ? Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Watcher, $"{server.Url}api/sessions/{started.SessionId}/watch", server.Key]) { RedirectStandardOutput = true }) : null;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await server.Store.SessionAsync(started.SessionId, CancellationToken.None))!.EndedAt is null) await tick.WaitForNextTickAsync();
        if (watcher is not null)
        {
            await watcher.WaitForExitAsync();
            if (watcher.ExitCode != 0) throw new InvalidOperationException("the watcher saw nothing; the figures would be worthless");
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }
}
