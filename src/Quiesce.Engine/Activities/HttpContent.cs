using System.Text;
using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Contents of requests and responses to values of a workflow, and back.</summary>
internal static class HttpContent
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>What a content says: JSON as objects, forms as a map, texts as text, anything else as bytes. False: it claims to be JSON and is not.</summary>
    public static bool TryParse(HttpBody? body, IReadOnlyList<HttpField>? form, out object? value)
    {
        value = form is null ? null : HttpField.ToMap(form);
        if (form is not null || body is null || body.Length == 0)
            return true;
        var type = MediaType(body.ContentType);
        if (type.EndsWith("/json", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal))
        {
            var node = Values.TryParse(Text(body));
            value = Values.FromJson(node);
            return node is not null || Text(body).Trim() == "null";
        }

        value = body.Text is not null || type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("/xml", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)
            ? Text(body)
            : body.Bytes;
        return true;
    }

    /// <summary>A value as a content; without a content type by what it is: text, bytes, or else JSON.</summary>
    public static HttpBody? Write(object? content, string? contentType)
    {
        contentType = string.IsNullOrWhiteSpace(contentType) ? null : contentType.Trim();
        return content switch
        {
            null => null,
            byte[] bytes => HttpBody.Of(bytes, contentType ?? "application/octet-stream"),
            string text => HttpBody.Of(text, contentType ?? "text/plain"),
            IDictionary<string, object?> map when MediaType(contentType) == Form => HttpBody.Of(
                string.Join('&', map.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(Values.ToText(p.Value) ?? "")}")), contentType),
            _ => HttpBody.Of(Values.ToJson(content)!.ToJsonString(JsonText.Compact), contentType ?? "application/json"),
        };
    }

    /// <summary>Headers from a map of names to a text or a list of texts, or from JSON text of one.</summary>
    public static List<HttpField> Headers(object? value)
    {
        var fields = new List<HttpField>();
        if (value is string json)
            value = string.IsNullOrWhiteSpace(json) ? null : Values.FromJson(Values.TryParse(json)) ?? throw new ActivityFaultException("the headers are not a JSON object of names and values.");
        if (value is JsonNode node)
            value = Values.FromJson(node);
        if (value is null)
            return fields;
        if (value is not IDictionary<string, object?> map)
            throw new ActivityFaultException("the headers are not an object of names and values.");
        foreach (var (name, given) in map)
            foreach (var one in given is string ? [given] : Values.Items(given) ?? [given])
                fields.Add(new(CheckName(name), CheckValue(name, Values.ToText(one) ?? "")));
        return fields;
    }

    /// <summary>A file that was sent, as scripts see it.</summary>
    public static Dictionary<string, object?> File(HttpFileData file) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = file.Field,
        ["fileName"] = file.FileName,
        ["contentType"] = file.ContentType,
        ["length"] = file.Length,
        ["content"] = file.Bytes,
    };

    /// <summary>A request, as scripts see it.</summary>
    public static Dictionary<string, object?> Request(HttpRequestData request) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["method"] = request.Method.ToUpperInvariant(),
        ["path"] = request.Path,
        ["routeValues"] = request.RouteData.ToDictionary(p => p.Key, p => (object?)p.Value),
        ["query"] = HttpField.ToMap(request.Query),
        ["headers"] = HttpField.ToMap(request.Headers),
        ["contentType"] = request.Body?.ContentType,
        ["contentLength"] = request.ContentLength ?? request.Body?.Length,
        ["user"] = request.User,
    };

    public static string MediaType(string? contentType) => (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private static string Text(HttpBody body) => body.Text ?? Encoding.UTF8.GetString(body.Bytes!);

    // A line break would let a value write headers of its own.
    private static string CheckName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
            ? name
            : throw new ActivityFaultException($"'{name}' is not a name of a header.");

    private static string CheckValue(string name, string value) =>
        value.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? value : throw new ActivityFaultException($"the header '{name}' has a line break in its value.");
}
