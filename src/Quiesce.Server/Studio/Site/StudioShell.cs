using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Quiesce.Server.Studio.Site;

/// <summary>Our own scripts, styles and pictures around Studio. They come with the program and are served under a name that changes with them, so that a browser fetches them once.</summary>
internal sealed class StudioShell
{
    private const string Prefix = "studio/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript", [".css"] = "text/css", [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, (byte[] Plain, byte[] Brotli)> _files;

    public StudioShell()
    {
        _files = Read().ToFrozenDictionary(file => file.Name, file => (file.Bytes, Compress(file.Bytes)), StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, (plain, _)) in _files.OrderBy(file => file.Key, StringComparer.Ordinal))
            hash.AppendData(plain);
        Stamp = Convert.ToHexStringLower(hash.GetHashAndReset()[..5]);
    }

    /// <summary>Part of every address of these files: <c>shell/STAMP/host.js</c>, relative to <c>/studio/</c>.</summary>
    public string Stamp { get; }

    /// <summary>Answers with a file; false where there is none of that name.</summary>
    public async Task<bool> AnswerAsync(HttpContext context, string stamp, string name)
    {
        if (!_files.TryGetValue(name, out var file))
            return false;
        var response = context.Response;
        // A page of an earlier program may still ask under its stamp: it gets what there is now, and must not keep it under that name.
        response.Headers.CacheControl = stamp == Stamp ? "public, max-age=31536000, immutable" : "no-store";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentType = Types[Path.GetExtension(name)];
        var compressed = StudioFile.Takes(context.Request.GetTypedHeaders(), "br");
        if (compressed)
            response.Headers.ContentEncoding = "br";
        var bytes = compressed ? file.Brotli : file.Plain;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        return true;
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return (resource[Prefix.Length..], bytes.ToArray());
        }
    }

    private static byte[] Compress(byte[] plain)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        return BrotliEncoder.TryCompress(plain, compressed, out var length, quality: 9, window: 18) ? compressed[..length] : throw new InvalidOperationException("A file of the shell cannot be compressed.");
    }
}
