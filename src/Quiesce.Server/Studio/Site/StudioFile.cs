using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Quiesce.Server.Studio.Site;

/// <summary>One file of Studio in the forms it lies there: as it is, and compressed by its makers.</summary>
/// <param name="isFingerprinted">Its name changes with its content, so that nobody ever has to ask for it twice.</param>
internal sealed class StudioFile(string contentType, bool isFingerprinted, string plain, string? brotli, string? gzip)
{
    private readonly ConcurrentDictionary<string, string> _tags = new(StringComparer.Ordinal);

    /// <summary>Answers a GET or HEAD in the best form that the browser takes, or with 304 when it has that form already.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var (path, encoding) = Choose(context.Request.GetTypedHeaders());
        var response = context.Response;
        response.Headers.CacheControl = isFingerprinted ? "public, max-age=31536000, immutable" : "no-cache";
        if (brotli is not null || gzip is not null)
            response.Headers.Vary = "Accept-Encoding";
        if (!isFingerprinted)
        {
            var tag = _tags.GetOrAdd(path, HashOf);
            response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch.Any(known => known is not null && known.Contains(tag, StringComparison.Ordinal)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.ContentType = contentType;
        response.Headers.XContentTypeOptions = "nosniff";
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentLength = new FileInfo(path).Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.SendFileAsync(path, context.RequestAborted);
    }

    /// <summary>Whether an encoding is named as welcome.</summary>
    public static bool Takes(RequestHeaders headers, string encoding) => headers.AcceptEncoding.Any(one => one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && one.Quality is null or > 0);

    private (string Path, string? Encoding) Choose(RequestHeaders headers) =>
        brotli is not null && Takes(headers, "br") ? (brotli, "br")
        : gzip is not null && Takes(headers, "gzip") ? (gzip, "gzip")
        : (plain, null);

    /// <summary>Of the bytes as they are sent, once per form: npm gives all files the same date, and each form needs a tag of its own.</summary>
    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(file)[..8])}\"";
    }
}
