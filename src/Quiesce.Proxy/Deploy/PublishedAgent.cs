using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Deploy;

/// <summary>A published agent ready to be sent: its hash, and its bytes packed once for every guest.</summary>
internal sealed record PublishedAgent(string Path, string Sha256, byte[] Packed)
{
    private static readonly ConcurrentDictionary<(string Path, DateTime Written, long Length), Lazy<PublishedAgent>> Known = new();

    /// <summary>The agent for a platform such as <c>linux-x64</c>. Packing takes a second and is done once per file.</summary>
    public static PublishedAgent For(string machine, string platform, ProxyOptions options)
    {
        if (AgentFiles.Published(options.AgentDownloads, platform, AppContext.BaseDirectory) is not { } path)
            throw new GuestFailureException(FailureCodes.Deploy, $"There is no published agent for {machine} ({platform}) on this machine{(options.AgentDownloads is { } folder ? $" in {folder}" : "")}. Make one with: dotnet publish src/Quiesce.Agent -c Release -r {platform}");
        var file = new FileInfo(path);
        return Known.GetOrAdd((path, file.LastWriteTimeUtc, file.Length), key => new Lazy<PublishedAgent>(() => Pack(key.Path))).Value;
    }

    private static PublishedAgent Pack(string path)
    {
        var bytes = File.ReadAllBytes(path);
        using var packed = new MemoryStream(bytes.Length / 2);
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return new PublishedAgent(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), packed.ToArray());
    }
}
