using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy;

namespace Quiesce.Benchmarks;

/// <summary>How much longer than the snapshot itself a btrfs source is held, by the real agent on a real btrfs (a loop file; root is needed). Beside it: the bare snapshot command.</summary>
public static class HeldBenchmark
{
    private const int Rounds = 21;

    /// <summary>Runs it and writes the medians.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-held-");
        var (image, mount) = (Path.Combine(folder.FullName, "image"), Path.Combine(folder.FullName, "pool"));
        Directory.CreateDirectory(mount);
        await RunAsync("sh", "-c", $"truncate -s 512M {image} && mkfs.btrfs -q {image} >/dev/null && mount -o loop {image} {mount} && btrfs -q subvolume create {mount}/data");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(mount, "data", "file"), new byte[1 << 20]);
            var bare = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                await RunAsync("btrfs", "-q", "subvolume", "snapshot", "-r", $"{mount}/data", $"{mount}/bare{round}");
                bare.Add(clock.Elapsed.TotalMilliseconds);
            }

            var legs = await LegsAsync(Path.Combine(mount, "data"));
            output.WriteLine($"held: frozen less snapshot on btrfs   {Median(legs.Select(leg => leg.FrozenMs - leg.SnapshotMs)),8:N3} ms median of {Rounds} (at most 5 wanted)");
            output.WriteLine($"held: the snapshot itself             {Median(legs.Select(leg => leg.SnapshotMs)),8:N3} ms; the bare command, process start included: {Median(bare):N1} ms");
        }
        finally
        {
            await RunAsync("umount", mount);
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<SnapshotLegs>> LegsAsync(string path)
    {
        await using var operations = new GuestOperations(new ProxyOptions { AgentPath = SessionBenchmark.AgentBuild() }, TimeProvider.System, NullLogger<GuestOperations>.Instance);
        var guest = new Guest("here", "local", null, "linux", $"held-{Environment.ProcessId}");
        async Task<JsonElement> AskAsync(string id, string verb, JsonElement body)
        {
            var reply = await operations.HandleAsync(new OperationRequest(1, id, "i", "s", guest, verb, body, 1), _ => { }, CancellationToken.None);
            return reply.Failure is { } failure ? throw new InvalidOperationException($"{verb}: {failure.Code}: {failure.Message}") : reply.Body!.Value;
        }

        await AskAsync("prepare", Verbs.PrepareGuest, JsonSerializer.SerializeToElement(new PrepareGuestRequest(60, 3600), ContractsJson.Default.PrepareGuestRequest));
        var legs = new List<SnapshotLegs>();
        for (var round = 0; round < Rounds; round++)
        {
            var request = new TakeSnapshotRequest($"rp{round}", path, new ProviderSettings("btrfs"), "auto", 60);
            var body = await AskAsync($"take{round}", Verbs.TakeSnapshot, JsonSerializer.SerializeToElement(request, ContractsJson.Default.TakeSnapshotRequest));
            legs.Add(body.Deserialize(ContractsJson.Default.TakeSnapshotReply)!.Legs);
        }

        await AskAsync("release", Verbs.ReleaseGuest, JsonSerializer.SerializeToElement(new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest));
        return legs;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}; this benchmark needs root and the package btrfs-progs");
    }
}
