using System.Security.Cryptography;
using System.Text;

namespace Quiesce.EndToEnd.Tests.Hosts;

/// <summary>The real agent, published once per state of its source and shared by every test run on this machine.</summary>
internal static class PublishedAgent
{
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <summary>A folder with <c>linux-x64/quiesce-agent</c>, as <c>AgentDownloads</c> wants it.</summary>
    public static Task<string> DownloadsAsync() => Published.Value;

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "quiesce-tests-agent-" + HashOfSource());
        Directory.CreateDirectory(folder);
        // Test projects run side by side; the second one waits for the first one's result.
        await using var turn = await TakeTurnAsync(Path.Combine(folder, "lock"));
        var agent = Path.Combine(folder, "linux-x64", "quiesce-agent");
        if (File.Exists(agent))
            return folder;
        foreach (var old in Directory.EnumerateDirectories(Path.GetTempPath(), "quiesce-tests-agent-*").Where(o => Directory.GetLastWriteTimeUtc(o) < DateTime.UtcNow.AddDays(-1)))
            Directory.Delete(old, recursive: true);
        var fresh = Path.Combine(folder, "fresh");
        await ToolProcess.RunAsync(
            "dotnet", "publish", Path.Combine(SourceTree.Root, "src", "Quiesce.Agent"), "-c", "Release", "-r", "linux-x64", "-o", fresh, "-m:1", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        Directory.Move(fresh, Path.GetDirectoryName(agent)!);
        return folder;
    }

    private static async Task<FileStream> TakeTurnAsync(string file)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await tick.WaitForNextTickAsync(limit.Token);
            }
        }
    }

    private static string HashOfSource()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var build = $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}";
        var output = $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}";
        var files = new[] { "Quiesce.Agent", "Quiesce.Contracts" }
            .SelectMany(p => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src", p), "*.cs*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(SourceTree.Root, "Directory.*.props"))
            .Where(f => !f.Contains(build, StringComparison.Ordinal) && !f.Contains(output, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(SourceTree.Root, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
