using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Api;

namespace Quiesce.Server.Studio;

/// <summary>JSON in and out of Studio: names exactly as written, lists never null, times with their offset.</summary>
internal static class StudioJson
{
    /// <summary>What no body of these routes exceeds: two thousand activities with everything a designer adds.</summary>
    public const long LargestBody = 16 << 20;

    /// <summary>Deeper than any definition that the engine reads (512 levels).</summary>
    public const int MaxDepth = 1024;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 512, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth, SkipValidation = true };

    /// <summary>Answers a document.</summary>
    public static JsonAnswer Answer(JsonNode document) => new(document);

    /// <summary>The shape of lists without pages: descriptors, executions.</summary>
    public static JsonAnswer Items(JsonArray items) => new(new JsonObject { ["items"] = items, ["count"] = items.Count });

    /// <summary>The shape of lists with pages.</summary>
    public static JsonAnswer Paged(JsonArray items, long total) => new(new JsonObject { ["items"] = items, ["totalCount"] = total });

    /// <summary>The body as an object; an empty or null body is an empty one.</summary>
    /// <exception cref="RefusedException">It is not JSON, or something else than an object.</exception>
    public static async Task<JsonObject> ReadAsync(HttpContext context)
    {
        var text = await Body.ReadTextAsync(context, LargestBody);
        return string.IsNullOrWhiteSpace(text) ? [] : Parse(text) switch
        {
            null => [],
            JsonObject document => document,
            _ => throw new RefusedException(ProblemCodes.Invalid, "The body is not a JSON object. Send the one that this route takes."),
        };
    }

    /// <exception cref="RefusedException">It is not JSON.</exception>
    public static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Reading);
        }
        catch (JsonException e)
        {
            throw new RefusedException(ProblemCodes.Invalid, $"The body is not JSON that can be read (line {e.LineNumber + 1}). Correct it and send it again.", e);
        }
        catch (ArgumentException e)
        {
            throw new RefusedException(ProblemCodes.Invalid, $"An object in the body has a member twice: {e.Message}", e);
        }
    }

    public static byte[] ToUtf8(JsonNode document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            document.WriteTo(writer);
        return buffer.ToArray();
    }

    public static string? Text(this JsonObject json, string member) =>
        json.TryGetPropertyValue(member, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool? Flag(this JsonObject json, string member) => json.TryGetPropertyValue(member, out var node) && node is JsonValue value
        ? value.TryGetValue<bool>(out var flag) || (value.TryGetValue<string>(out var text) && bool.TryParse(text, out flag)) ? flag : null
        : null;

    public static int? Integer(this JsonObject json, string member) => json.TryGetPropertyValue(member, out var node) && node is JsonValue value
        ? value.TryGetValue<int>(out var number) || (value.TryGetValue<string>(out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out number)) ? number : null
        : null;

    /// <summary>The texts of a list; empty where it is absent or null.</summary>
    public static IReadOnlyList<string> Texts(this JsonObject json, string member) =>
        json.TryGetPropertyValue(member, out var node) && node is JsonArray list ? [.. list.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).OfType<string>()] : [];

    public static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)JsonValue.Create(text))];

    /// <summary>ISO 8601 with the offset.</summary>
    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? time) => time is { } given ? Time(given) : null;

    /// <summary>A document written straight into the response.</summary>
    internal sealed class JsonAnswer(JsonNode document) : IResult
    {
        /// <summary>200 unless somebody says otherwise.</summary>
        public int Status { get; init; } = StatusCodes.Status200OK;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = Status;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await using (var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter, Writing))
                document.WriteTo(writer);
            await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
    }
}
