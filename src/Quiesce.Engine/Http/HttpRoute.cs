namespace Quiesce.Engine;

/// <summary>
/// The path of an HTTP endpoint: literal segments and parameters such as <c>{id}</c>, <c>{id:int}</c>, <c>{id?}</c>, <c>{page=1}</c> and, as the last one,
/// <c>{*rest}</c>. Literals match in any casing; values keep theirs.
/// </summary>
public sealed class HttpRoute
{
    private readonly RouteSegment[] segments;

    private HttpRoute(string template, RouteSegment[] segments)
    {
        Template = template;
        this.segments = segments;
    }

    /// <summary>With one slash in front and none at the end, in its own casing.</summary>
    public string Template { get; }

    /// <summary>Names of the parameters.</summary>
    public IReadOnlyList<string> Parameters => [.. segments.Where(s => s.Name is not null).Select(s => s.Name!)];

    /// <summary>The more specific a route, the lower: routes that match the same path are to be tried in this order.</summary>
    public string Precedence => string.Concat(segments.Select(s => s switch
    {
        { Name: null } => '1',
        { IsCatchAll: true } => '5',
        { IsWhole: false } => '2',
        { Constraints.Length: > 0 } => '3',
        _ => '4',
    }));

    /// <summary>The form in which paths are compared and hashed: a slash in front, none at the end, lower case.</summary>
    public static string Normalize(string? path) => WithSlash(path).ToLowerInvariant();

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It is none; the message says which part.</exception>
    public static HttpRoute Parse(string? template)
    {
        var text = WithSlash(template);
        if (text.Length > 2_000)
            throw new FormatException("the path is longer than 2,000 characters.");
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var segments = new RouteSegment[parts.Length];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < parts.Length; i++)
        {
            segments[i] = RouteSegment.Parse(parts[i], text);
            if (segments[i] is { IsCatchAll: true } && i < parts.Length - 1)
                throw new FormatException($"in path '{text}' the part '{parts[i]}' takes all the rest, so nothing may follow it.");
            if (segments[i].Name is { } name && !names.Add(name))
                throw new FormatException($"in path '{text}' the parameter '{name}' occurs twice.");
        }

        return new(text, segments);
    }

    /// <summary>The values of the parameters, or null when the path is another. The path comes decoded.</summary>
    public IReadOnlyDictionary<string, string>? Match(string path)
    {
        var parts = WithSlash(path).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (segment.IsCatchAll)
            {
                values[segment.Name!] = i < parts.Length ? string.Join('/', parts[i..]) : segment.Default ?? "";
                return values;
            }

            if (i >= parts.Length)
            {
                if (!segment.IsOptional)
                    return null;
                if (segment.Default is { } fallback)
                    values[segment.Name!] = fallback;
                continue;
            }

            if (!segment.Matches(parts[i], values))
                return null;
        }

        return parts.Length <= segments.Length ? values : null;
    }

    /// <summary>The template without the names of its parameters: of two routes with one shape nobody can tell which a request means.</summary>
    public string Shape => "/" + string.Join('/', segments.Select(s => s.Shape));

    /// <summary>True when both have one shape.</summary>
    public bool Clashes(HttpRoute other) => Shape == other.Shape;

    private static string WithSlash(string? path) => "/" + (path ?? "").Trim().Trim('/');
}
