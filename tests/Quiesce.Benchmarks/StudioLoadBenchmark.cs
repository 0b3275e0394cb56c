using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Quiesce.Server;

namespace Quiesce.Benchmarks;

/// <summary>
/// Studio's first and second load, without the browser's own work: every request that Chromium made for the screen (<c>studio-requests.txt</c>, recorded once), as a browser that takes brotli.
/// Baselines in the same run: the weight of the same files on disk, and the time of reading them bare.
/// </summary>
internal static partial class StudioLoadBenchmark
{
    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("quiesce-bench-").FullName;
        await using var server = await ServerHost.CreateAsync(new ServerOptions { DataFolder = folder, Urls = "http://127.0.0.1:0", ShippedWorkflows = Path.Combine(AppContext.BaseDirectory, "workflows") });
        await server.StartAsync();
        var key = (await File.ReadAllTextAsync(Path.Combine(folder, "local.key"))).Trim();
        foreach (var screen in new[] { "list", "designer" })
        {
            // Not kept by any warm path: the first visit after a start.
            var first = await LoadAsync(server.Url!, key, screen, []);
            var second = await LoadAsync(server.Url!, key, screen, first.Tags);
            var (weight, reading) = await BareAsync(first.Files);
            await output.WriteLineAsync($"{screen,-8} first   {first.Requests,4} requests {first.Bytes / 1e6,6:0.00} MB over the wire ({first.Headers / 1e3:0.0} kB of it headers)   server and loopback {first.FileTime.TotalMilliseconds,4:0} ms for files, {(first.Time - first.FileTime).TotalMilliseconds,4:0} ms for page and API   baseline: files {weight / 1e6:0.00} MB, read bare in {reading.TotalMilliseconds:0} ms");
            await output.WriteLineAsync($"{screen,-8} second  {second.Requests,4} requests {second.Bytes / 1e3,6:0.0} kB over the wire   server and loopback {second.FileTime.TotalMilliseconds,4:0} ms for files, {(second.Time - second.FileTime).TotalMilliseconds,4:0} ms for page and API");
        }

        await server.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Load> LoadAsync(Uri url, string key, string screen, Dictionary<string, string> known)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, MaxConnectionsPerServer = 6 }) { BaseAddress = url };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br, zstd");
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        var page = screen == "list" ? "studio/workflows/definitions" : "studio/workflows/definitions/machine-snapshot/edit";
        var stamp = Stamp().Match(await client.GetStringAsync(new Uri(page, UriKind.Relative))).Value;
        var lines = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, $"studio-requests-{screen}.txt"))).Select(line => line.Replace("{stamp}", stamp, StringComparison.Ordinal));
        var load = new Load();
        foreach (var path in lines)
        {
            var isKept = known.TryGetValue(path, out var tag);
            // What may be kept for ever is not asked for again.
            if (isKept && tag!.Length == 0)
                continue;
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            if (isKept)
                request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            var watch = Stopwatch.StartNew();
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            watch.Stop();
            if ((int)response.StatusCode >= 400)
                throw new InvalidOperationException($"{path}: {response.StatusCode}");
            load.Count(path, response, body.Length, watch.Elapsed);
        }

        return load;
    }

    private static async Task<(long Weight, TimeSpan Time)> BareAsync(IReadOnlyList<string> files)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "src", "Quiesce.Server", "obj", "studio", "node_modules", "@elsa-workflows", "elsa-studio-wasm");
        var watch = Stopwatch.StartNew();
        var weight = 0L;
        foreach (var file in files.Select(file => Path.Combine(root, file)))
            weight += (await File.ReadAllBytesAsync(File.Exists(file + ".br") ? file + ".br" : file)).Length;
        return (weight, watch.Elapsed);
    }

    [GeneratedRegex("(?<=shell/)[0-9a-f]{10}")]
    private static partial Regex Stamp();

    private sealed class Load
    {
        public int Requests { get; private set; }

        public long Bytes { get; private set; }

        public long Headers { get; private set; }

        public TimeSpan Time { get; private set; }

        public TimeSpan FileTime { get; private set; }

        public List<string> Files { get; } = [];

        public Dictionary<string, string> Tags { get; } = [];

        public void Count(string path, HttpResponseMessage response, int body, TimeSpan time)
        {
            var headers = 19 + response.Headers.Concat(response.Content.Headers).Sum(header => header.Key.Length + 4 + string.Join(", ", header.Value).Length);
            Requests++;
            Time += time;
            Headers += headers;
            Bytes += headers + body;
            if (path.StartsWith("studio/_", StringComparison.Ordinal) || path.EndsWith(".styles.css", StringComparison.Ordinal) || path.EndsWith("appsettings.json", StringComparison.Ordinal))
            {
                Files.Add(path["studio/".Length..]);
                FileTime += time;
            }

            if (response.Headers.ETag is { } tag)
                Tags[path] = tag.ToString();
            else if (response.Headers.CacheControl?.ToString().Contains("immutable", StringComparison.Ordinal) == true)
                Tags[path] = "";
        }
    }
}
