namespace Quiesce.Engine.Activities;

/// <summary>The limits of an HTTP endpoint.</summary>
internal static class HttpLimits
{
    /// <summary>The first limit that the request breaks, or null.</summary>
    public static HttpRefusal? Find(ActivityContext context, HttpRequestData request)
    {
        var length = request.ContentLength ?? (request.Body?.Length ?? 0) + request.Files.Sum(f => f.Length);
        if (context.GetInput("RequestSizeLimit") is long most && length > most)
            return new(413, $"The request has {length} bytes; at most {most} are taken.", Exposed(context, "exposeRequestTooLargeOutcome", "Request too large"));
        foreach (var file in request.Files)
        {
            if (context.GetInput("FileSizeLimit") is long largest && file.Length > largest)
                return new(413, $"The file '{file.FileName}' has {file.Length} bytes; at most {largest} are taken.", Exposed(context, "exposeFileTooLargeOutcome", "File too large"));
            if (!IsExtensionAllowed(context, file.FileName))
                return new(415, $"Files such as '{file.FileName}' are not taken.", Exposed(context, "exposeInvalidFileExtensionOutcome", "Invalid file extension"));
            if (Texts(context, "AllowedMimeTypes") is { Length: > 0 } types && !types.Contains(MediaType(file.ContentType), StringComparer.OrdinalIgnoreCase))
                return new(415, $"Files of type '{file.ContentType}' are not taken.", Exposed(context, "exposeInvalidFileMimeTypeOutcome", "Invalid file MIME type"));
        }

        return null;
    }

    /// <summary>The outcomes that a node's document exposes besides <c>Done</c>.</summary>
    public static IEnumerable<string> ExposedOutcomes(System.Text.Json.Nodes.JsonObject json)
    {
        if (json.Flag("exposeRequestTooLargeOutcome") == true)
            yield return "Request too large";
        if (json.Flag("exposeFileTooLargeOutcome") == true)
            yield return "File too large";
        if (json.Flag("exposeInvalidFileExtensionOutcome") == true)
            yield return "Invalid file extension";
        if (json.Flag("exposeInvalidFileMimeTypeOutcome") == true)
            yield return "Invalid file MIME type";
    }

    private static bool IsExtensionAllowed(ActivityContext context, string fileName)
    {
        var dot = fileName.LastIndexOf('.');
        var extension = dot < 0 ? "" : fileName[(dot + 1)..];
        bool Among(string[] list) => list.Any(e => e.TrimStart('.').Equals(extension, StringComparison.OrdinalIgnoreCase));
        return !Among(Texts(context, "BlockedFileExtensions")) && (Texts(context, "AllowedFileExtensions") is not { Length: > 0 } allowed || Among(allowed));
    }

    private static string[] Texts(ActivityContext context, string input) =>
        [.. (Values.Items(context.GetInput(input)) ?? []).Select(v => Values.ToText(v)?.Trim()).OfType<string>().Where(v => v.Length > 0)];

    private static string MediaType(string? contentType) => (contentType ?? "").Split(';')[0].Trim();

    private static string? Exposed(ActivityContext context, string member, string outcome) => context.Node.Json.Flag(member) == true ? outcome : null;
}
