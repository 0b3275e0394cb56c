using System.Diagnostics;
using Quiesce.Contracts.Rest;

namespace Quiesce.Benchmarks;

/// <summary>A job of a thousand simulated machines beside one of a hundred: tasks a second, cost per machine, memory.</summary>
public static class FleetBenchmark
{
    /// <summary>Runs it and writes the figures.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        await using var server = await EmbeddedServer.StartAsync();
        await MeasureAsync(server, "warm", 100);
        var hundred = await MeasureAsync(server, "hundred", 100);
        var thousand = await MeasureAsync(server, "thousand", 1000);
        output.WriteLine($"fleet:   100 machines   {100 / hundred,8:N0} tasks/s, {hundred * 10:N2} ms per machine (the baseline)");
        output.WriteLine($"fleet: 1,000 machines   {1000 / thousand,8:N0} tasks/s (at least 100 wanted), {thousand:N2} ms per machine: {thousand / 10 / hundred:N2} times that at 100 (at most 1.3 wanted)");
        output.WriteLine($"fleet: resident memory after it {Process.GetCurrentProcess().WorkingSet64 / 1048576:N0} MB, at its highest {PeakMegabytes():N0} MB (under 400 wanted)");
    }

    private static async Task<double> MeasureAsync(EmbeddedServer server, string job, int machines)
    {
        await server.ApplyAsync(job, [.. Enumerable.Range(0, machines).Select(index => new MachineEntry { Name = $"m{index}", Connect = $"ssh://u@{job}-{index}" })], "/data", "directory", scripts: true, 64);
        var clock = Stopwatch.StartNew();
        var started = await server.Sessions.StartAsync(job, "benchmark", null, CancellationToken.None);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await server.Store.SessionAsync(started.SessionId, CancellationToken.None))!.EndedAt is null) await tick.WaitForNextTickAsync();
        var seconds = clock.Elapsed.TotalSeconds;
        var report = await server.Sessions.ReportAsync(started.SessionId, CancellationToken.None);
        if (report.Result != Result.Success || report.Tasks.Count != machines) throw new InvalidOperationException($"{job}: {report.Result} {report.Message}");
        return seconds;
    }

    private static double PeakMegabytes() => File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Select(line => double.Parse(line[6..].Replace("kB", "", StringComparison.Ordinal)) / 1024).FirstOrDefault();
}
