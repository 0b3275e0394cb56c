using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>
/// A request that came in, as a stimulus carries it (<see cref="Stimulus.Http"/>). The workflow sees it in that burst only; afterwards it can no
/// longer be answered.
/// </summary>
public sealed record HttpRequestData
{
    /// <summary>Comes back in <see cref="RespondHttp.RequestId"/>.</summary>
    public required string RequestId { get; init; }

    public required string Method { get; init; }

    /// <summary>Below the base path, with a slash in front.</summary>
    public required string Path { get; init; }

    /// <summary>What the route template's parameters stand for: <see cref="HttpRoute.Match"/>.</summary>
    public IReadOnlyDictionary<string, string> RouteData { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<HttpField> Query { get; init; } = [];

    public IReadOnlyList<HttpField> Headers { get; init; } = [];

    /// <summary>Null when there is none, and when it is over the limit: then <see cref="ContentLength"/> says so.</summary>
    public HttpBody? Body { get; init; }

    /// <summary>Length of the whole content in bytes, files included, as far as the host has read or was told; null when unknown.</summary>
    public long? ContentLength { get; init; }

    /// <summary>Fields of a form; null when the content is none.</summary>
    public IReadOnlyList<HttpField>? Form { get; init; }

    public IReadOnlyList<HttpFileData> Files { get; init; } = [];

    /// <summary>Who asked, where the host knows: the name, for the workflow to see.</summary>
    public string? User { get; init; }

    /// <summary>The request as a row keeps it.</summary>
    public JsonObject ToJson() => new()
    {
        ["requestId"] = RequestId,
        ["method"] = Method,
        ["path"] = Path,
        ["routeData"] = new JsonObject(RouteData.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value))),
        ["query"] = HttpField.Write(Query),
        ["headers"] = HttpField.Write(Headers),
        ["body"] = Body?.ToJson(),
        ["contentLength"] = ContentLength,
        ["form"] = Form is null ? null : HttpField.Write(Form),
        ["files"] = new JsonArray([.. Files.Select(f => f.ToJson())]),
        ["user"] = User,
    };

    /// <summary>Reads <see cref="ToJson"/>.</summary>
    /// <exception cref="FormatException">The object is no such request.</exception>
    public static HttpRequestData FromJson(JsonObject json) => new()
    {
        RequestId = json.Text("requestId") ?? throw new FormatException("The stored HTTP request has no \"requestId\"."),
        Method = json.Text("method") ?? "GET",
        Path = json.Text("path") ?? "/",
        RouteData = (json.Find("routeData") as JsonObject ?? []).ToDictionary(p => p.Key, p => Json.AsText(p.Value) ?? "", StringComparer.OrdinalIgnoreCase),
        Query = HttpField.Read(json.Find("query")),
        Headers = HttpField.Read(json.Find("headers")),
        Body = HttpBody.FromJson(json.Find("body")),
        ContentLength = long.TryParse(json.Text("contentLength"), out var length) ? length : null,
        Form = json.Find("form") is JsonArray form ? HttpField.Read(form) : null,
        Files = [.. (json.Find("files") as JsonArray ?? []).OfType<JsonObject>().Select(HttpFileData.FromJson)],
        User = json.Text("user"),
    };
}

/// <summary>A file of an uploaded form.</summary>
/// <param name="Field">Name of the form field.</param>
/// <param name="FileName">As the sender calls it: never a path to write to.</param>
/// <param name="ContentType">As the sender says.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Bytes">Null when the file is over the limit.</param>
public sealed record HttpFileData(string Field, string FileName, string? ContentType, long Length, byte[]? Bytes)
{
    internal JsonObject ToJson() => new()
    {
        ["field"] = Field,
        ["fileName"] = FileName,
        ["contentType"] = ContentType,
        ["length"] = Length,
        ["base64"] = Bytes is null ? null : Convert.ToBase64String(Bytes),
    };

    internal static HttpFileData FromJson(JsonObject json) => new(
        json.Text("field") ?? "",
        json.Text("fileName") ?? "",
        json.Text("contentType"),
        long.TryParse(json.Text("length"), out var length) ? length : 0,
        json.Text("base64") is { } base64 ? Convert.FromBase64String(base64) : null);
}
