using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Api;

/// <summary>Reads what a client sends, up to a limit of the route's own.</summary>
internal static class Body
{
    /// <summary>Enough for every route that takes a small record.</summary>
    public const long Small = 64 << 10;

    private const long LargestRead = 256 << 20;

    /// <summary>Reads a record.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    /// <exception cref="JsonException">It is something else.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, long limit) where T : class
    {
        await LimitAsync(context, limit);
        return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
            ?? throw new RefusedException(ProblemCodes.Invalid, "The body is null. Send the JSON that this route takes.");
    }

    /// <summary>Reads a text as it is.</summary>
    public static async Task<string> ReadTextAsync(HttpContext context, long limit)
    {
        await LimitAsync(context, limit);
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }

    /// <summary>Reads what is no text.</summary>
    public static async Task<byte[]> ReadBytesAsync(HttpContext context, long limit)
    {
        await LimitAsync(context, limit);
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    /// <summary>Refuses a record that leaves a member out which has no default.</summary>
    public static void Require(object? value, string member)
    {
        if (value is null)
            throw new RefusedException(ProblemCodes.Invalid, $"The body has no '{member}'. Send it too.");
    }

    /// <summary>A client that is still sending would see a broken connection instead of the answer, so that what it announced is read first, within reason.</summary>
    private static async Task LimitAsync(HttpContext context, long limit)
    {
        var announced = context.Request.ContentLength ?? 0;
        var tooLarge = announced > limit;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = tooLarge && announced <= LargestRead ? announced : limit;
        if (!tooLarge)
            return;
        if (announced <= LargestRead)
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        throw new BadHttpRequestException($"The body has {announced} bytes.", StatusCodes.Status413PayloadTooLarge);
    }
}
