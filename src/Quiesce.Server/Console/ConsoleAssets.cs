using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quiesce.Server.Screens;

/// <summary>
/// The console's scripts, styles and fonts, out of this assembly. An address holds the build, so that a browser asks once per build and never again. Compressed at the first request and kept.
/// </summary>
public sealed class ConsoleAssets
{
    /// <summary>Their routes; open to everybody, because the log-in page needs them too.</summary>
    public const string Root = "/assets";

    private const string Prefix = "console/";
    private const string Bundle = "console.css";
    private const string First = Prefix + "shell.css";
    private const string Immutable = "public, max-age=31536000, immutable";

    private static readonly Assembly Ours = typeof(ConsoleAssets).Assembly;
    // Two builds with the same content are the same module: builds are deterministic.
    private static readonly string Build = Ours.ManifestModule.ModuleVersionId.ToString("N")[..12];
    private static readonly FrozenSet<string> Names = Ours.GetManifestResourceNames().ToFrozenSet(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Asset?> _assets = new(StringComparer.Ordinal);

    private sealed record Asset(string Type, byte[] Plain, Lazy<byte[]>? Brotli, Lazy<byte[]>? Gzip);

    /// <summary>The address of an asset, such as <c>console.css</c> (every style sheet of <c>Console/wwwroot</c> in one) or <c>_framework/blazor.web.js</c>.</summary>
    public static string Url(string name) => $"{Root}/{Build}/{name}";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Root + "/{build}/{**name}", (string build, string? name, HttpContext context, ConsoleAssets assets) => assets.SendAsync(build, name ?? "", context)).AllowAnonymous();

    private async Task SendAsync(string build, string name, HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        // Only what there is is remembered: strangers may ask for anything.
        if (!IsKnown(name) || _assets.GetOrAdd(name, Read) is not { } asset)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // A page of another build gets what there is now, and is not to keep it under its own address.
        response.Headers.CacheControl = build == Build ? Immutable : "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentType = asset.Type;
        var accepted = request.Headers.AcceptEncoding.ToString();
        var (body, encoding) = asset switch
        {
            { Brotli: { } brotli } when accepted.Contains("br", StringComparison.Ordinal) => (brotli.Value, "br"),
            { Gzip: { } gzip } when accepted.Contains("gzip", StringComparison.Ordinal) => (gzip.Value, "gzip"),
            _ => (asset.Plain, null),
        };
        if (asset.Brotli is not null)
            response.Headers.Vary = "Accept-Encoding";
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool IsKnown(string name) => name is Bundle or BlazorScript.Name || Names.Contains(Prefix + name);

    private static Asset? Read(string name)
    {
        // What has no type is not meant for browsers, such as the assembly that carries a script.
        if (TypeOf(name) is not { } type)
            return null;
        var plain = name switch
        {
            Bundle => Joined(),
            BlazorScript.Name => BlazorScript.Read(Ours),
            _ => Resource(Prefix + name),
        };
        if (plain is null)
            return null;
        return type.StartsWith("font/", StringComparison.Ordinal)
            ? new Asset(type, plain, null, null)
            : new Asset(type, plain, new Lazy<byte[]>(() => Pack(plain, to => new BrotliStream(to, new BrotliCompressionOptions { Quality = 6 }))), new Lazy<byte[]>(() => Pack(plain, to => new GZipStream(to, CompressionLevel.Optimal))));
    }

    /// <summary>The shell's styles, then those of the pages.</summary>
    private static byte[] Joined() => Encoding.UTF8.GetBytes(string.Join('\n', Names
        .Where(name => name.EndsWith(".css", StringComparison.Ordinal) && name.StartsWith(Prefix, StringComparison.Ordinal) && !name.Contains("_content", StringComparison.Ordinal))
        .OrderBy(name => name != First).ThenBy(name => name, StringComparer.Ordinal).Select(name => Encoding.UTF8.GetString(Resource(name)!))));

    private static byte[]? Resource(string name)
    {
        using var stream = Ours.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Pack(byte[] plain, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
            stream.Write(plain);
        return packed.ToArray();
    }

    private static string? TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => null,
    };
}
