using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Triggers;
using Quiesce.Server.Access;
using Quiesce.Server.Api;

namespace Quiesce.Server.Http;

/// <summary>A request as a workflow sees it. What the endpoint's limits do not allow is not read; the workflow decides what becomes of it.</summary>
internal static class RequestReading
{
    /// <summary>More than this nobody gets to send, whatever an endpoint allows: it is held in memory and in the database until the workflow has seen it.</summary>
    public const long Largest = 16 << 20;

    /// <summary>The request; null when it was refused, and the answer written.</summary>
    public static async Task<HttpRequestData?> ReadAsync(HttpContext context, HttpTarget target, string path)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Largest + 1;
        var data = new HttpRequestData
        {
            RequestId = Guid.CreateVersion7().ToString("n"), Method = request.Method, Path = path, RouteData = target.RouteData, ContentLength = request.ContentLength,
            Query = [.. request.Query.SelectMany(pair => pair.Value.Select(value => new HttpField(pair.Key, value ?? "")))],
            // A key or a log-in is nobody's but ours: a workflow's journal is read by many.
            Headers = [.. request.Headers.Where(pair => !IsSecret(pair.Key)).SelectMany(pair => pair.Value.Select(value => new HttpField(pair.Key, value ?? "")))],
            User = context.User.Identity?.IsAuthenticated == true ? context.User.KeyName() : null,
        };
        var allowed = Size(target.Settings, "requestSizeLimit");
        if (request.ContentLength > Math.Min(allowed ?? Largest, Largest))
            return allowed is not null ? data : await TooLargeAsync(context);
        try
        {
            return request.HasFormContentType ? await FormAsync(request, data, Size(target.Settings, "fileSizeLimit"), context.RequestAborted) : await BodyAsync(request, data, context.RequestAborted);
        }
        catch (Exception e) when (e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } || (e is InvalidDataException && e.Message.Contains("limit", StringComparison.OrdinalIgnoreCase)))
        {
            return allowed is not null ? data with { ContentLength = Largest + 1 } : await TooLargeAsync(context);
        }
        catch (InvalidDataException e)
        {
            throw new BadHttpRequestException(e.Message, StatusCodes.Status400BadRequest, e);
        }
    }

    private static async Task<HttpRequestData?> TooLargeAsync(HttpContext context)
    {
        await Problems.WriteAsync(context, ProblemCodes.Invalid, $"The request is larger than {Largest >> 20} MiB, the most that a workflow takes. Send less.", StatusCodes.Status413PayloadTooLarge);
        return null;
    }

    private static async Task<HttpRequestData> BodyAsync(HttpRequest request, HttpRequestData data, CancellationToken ct)
    {
        using MemoryStream buffer = new();
        await request.Body.CopyToAsync(buffer, ct);
        if (buffer.Length == 0)
            return data with { ContentLength = 0 };
        return data with { Body = BodyText.Of(buffer.ToArray(), request.ContentType), ContentLength = buffer.Length };
    }

    private static async Task<HttpRequestData> FormAsync(HttpRequest request, HttpRequestData data, long? largestFile, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = Largest, BufferBodyLengthLimit = Largest, MemoryBufferThreshold = (int)Largest }, ct);
        List<HttpFileData> files = [];
        foreach (var file in form.Files)
        {
            using MemoryStream content = new();
            if (file.Length <= (largestFile ?? Largest))
                await file.CopyToAsync(content, ct);
            files.Add(new HttpFileData(file.Name, Path.GetFileName(file.FileName), file.ContentType, file.Length, content.Length == file.Length ? content.ToArray() : null));
        }

        return data with { Form = [.. form.SelectMany(pair => pair.Value.Select(value => new HttpField(pair.Key, value ?? "")))], Files = files };
    }

    private static bool IsSecret(string header) =>
        header.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase) || header.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase) || header.Equals(SentKey.Header, StringComparison.OrdinalIgnoreCase);

    private static long? Size(JsonObject settings, string name) => settings[name] is JsonValue value && long.TryParse(value.ToString(), out var bytes) && bytes >= 0 ? bytes : null;
}

/// <summary>Content as a workflow sees it: text where it says that it is text, else bytes.</summary>
internal static class BodyText
{
    /// <summary>The content of that type.</summary>
    public static HttpBody Of(byte[] content, string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return HttpBody.Of(content, contentType);
        if (!IsText(type))
            return HttpBody.Of(content, contentType);
        try
        {
            return HttpBody.Of((type.Encoding ?? new UTF8Encoding(false, throwOnInvalidBytes: true)).GetString(content), contentType);
        }
        catch (DecoderFallbackException)
        {
            return HttpBody.Of(content, contentType);
        }
    }

    private static bool IsText(MediaTypeHeaderValue type) =>
        type.Type.Equals("text", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("xml", StringComparison.OrdinalIgnoreCase)
        || type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.SubType.Equals("xml", StringComparison.OrdinalIgnoreCase)
        || type.SubType.Equals("javascript", StringComparison.OrdinalIgnoreCase) || type.SubType.Equals("x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
}
