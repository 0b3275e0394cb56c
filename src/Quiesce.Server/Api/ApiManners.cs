using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace Quiesce.Server.Api;

/// <summary>What holds for every answer of the API: nobody keeps it, JSON is compressed where the client takes that, and HEAD is GET without the body.</summary>
internal static class ApiManners
{
    private static readonly PathString[] Apis = ["/api", "/elsa/api", "/openapi", "/schemas"];

    public static void Add(IServiceCollection services)
    {
        // Only JSON: pages and files see to it themselves, and a stream of events has to arrive as it happens.
        services.AddResponseCompression(compression => compression.MimeTypes = ["application/json", "application/problem+json", "application/schema+json"]);
        // An answer is compressed once and sent once: what a higher level saves on the wire it costs twice in time.
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void Use(WebApplication web)
    {
        web.UseResponseCompression();
        web.Use((context, next) =>
        {
            if (!IsApi(context.Request.Path))
                return next(context);
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            // The transport knows what was asked and sends no body.
            if (HttpMethods.IsHead(context.Request.Method))
                context.Request.Method = HttpMethods.Get;
            return next(context);
        });
    }

    private static bool IsApi(PathString path) => Array.Exists(Apis, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));
}
