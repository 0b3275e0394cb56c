namespace Quiesce.Engine;

internal enum ValueKind
{
    Object,
    String,
    Boolean,
    Int16,
    Int32,
    Int64,
    Single,
    Double,
    Decimal,
    Guid,
    DateTime,
    DateTimeOffset,
    TimeSpan,
    ByteArray,
    Dictionary,
    StringDictionary,
    JsonNode,
    List,
    Opaque,
}

/// <summary>The type that an alias of the document format stands for.</summary>
internal sealed record ValueType(ValueKind Kind, string Alias, ValueType? Element = null, bool IsNullable = false)
{
    private static readonly Dictionary<string, ValueType> ByAlias = Build();

    public static ValueType Object { get; } = ByAlias["Object"];

    public static ValueType String { get; } = ByAlias["String"];

    public static ValueType Boolean { get; } = ByAlias["Boolean"];

    /// <summary>A collection in which every value stands once.</summary>
    public bool IsSet { get; } = Kind == ValueKind.List && (Alias.StartsWith("HashSet<", StringComparison.OrdinalIgnoreCase) || Alias.StartsWith("ISet<", StringComparison.OrdinalIgnoreCase));

    /// <summary>What "no value" reads as: null for references, zero for values.</summary>
    public object? Default => IsNullable ? null : Kind switch
    {
        ValueKind.Boolean => false,
        ValueKind.Int16 => (short)0,
        ValueKind.Int32 => 0,
        ValueKind.Int64 => 0L,
        ValueKind.Single => 0f,
        ValueKind.Double => 0d,
        ValueKind.Decimal => 0m,
        ValueKind.Guid => Guid.Empty,
        ValueKind.DateTime => default(DateTime),
        ValueKind.DateTimeOffset => default(DateTimeOffset),
        ValueKind.TimeSpan => TimeSpan.Zero,
        _ => null,
    };

    /// <summary>
    /// The type of an alias, or null when nobody knows it. Assembly-qualified names of the platform's and of Elsa's own types hold any value;
    /// those of other assemblies are unknown, as they are to a host that has not loaded them.
    /// </summary>
    public static ValueType? Find(string? alias)
    {
        if (string.IsNullOrWhiteSpace(alias))
            return Object;
        alias = alias.Trim();
        if (ByAlias.TryGetValue(alias, out var known))
            return known;
        if (alias.EndsWith('?'))
            return Find(alias[..^1]) is { } inner ? inner with { Alias = alias, IsNullable = true } : null;
        if (alias.EndsWith("[]", StringComparison.Ordinal))
            return Find(alias[..^2]) is { } element ? new(ValueKind.List, alias, element) : null;
        if (alias.EndsWith('>') && alias.IndexOf('<', StringComparison.Ordinal) is var open and > 0)
            return Find(alias[(open + 1)..^1]) is { } element ? new(ValueKind.List, alias, element) : null;
        return Qualified(alias);
    }

    private static ValueType? Qualified(string alias)
    {
        var end = alias.LastIndexOf(']');
        var comma = alias.IndexOf(',', end + 1);
        if (comma < 0)
            return null;
        var (name, assembly) = (alias[..comma].Trim(), alias[(comma + 1)..].Trim());
        if (!IsFromStockHost(assembly))
            return null;
        // System.Int32, System.Private.CoreLib is Int32 by its long name.
        return end < 0 && name.StartsWith("System.", StringComparison.Ordinal) && ByAlias.TryGetValue(name[(name.LastIndexOf('.') + 1)..], out var known)
            ? known with { Alias = alias }
            : new(ValueKind.Opaque, alias);
    }

    private static bool IsFromStockHost(string assembly) =>
        assembly.StartsWith("System", StringComparison.Ordinal) || assembly.StartsWith("Elsa", StringComparison.Ordinal)
        || assembly.StartsWith("Microsoft.", StringComparison.Ordinal) || assembly.StartsWith("mscorlib", StringComparison.Ordinal) || assembly.StartsWith("netstandard", StringComparison.Ordinal);

    private static Dictionary<string, ValueType> Build()
    {
        var types = new Dictionary<string, ValueType>(StringComparer.OrdinalIgnoreCase);
        void Add(ValueKind kind, params string[] aliases)
        {
            foreach (var alias in aliases)
                types[alias] = new(kind, aliases[0]);
        }

        Add(ValueKind.Object, "Object");
        Add(ValueKind.String, "String");
        Add(ValueKind.Boolean, "Boolean");
        Add(ValueKind.Int16, "Int16");
        Add(ValueKind.Int32, "Int32");
        Add(ValueKind.Int64, "Int64", "Long");
        Add(ValueKind.Single, "Single");
        Add(ValueKind.Double, "Double");
        Add(ValueKind.Decimal, "Decimal");
        Add(ValueKind.Guid, "Guid");
        Add(ValueKind.DateTime, "DateTime");
        Add(ValueKind.DateTimeOffset, "DateTimeOffset");
        Add(ValueKind.TimeSpan, "TimeSpan");
        Add(ValueKind.ByteArray, "ByteArray");
        foreach (var alias in (string[])["JSON", "ObjectDictionary", "ObjectMap"])
            Add(ValueKind.Dictionary, alias);
        Add(ValueKind.StringDictionary, "StringDictionary");
        Add(ValueKind.StringDictionary, "StringMap");
        foreach (var alias in (string[])["JsonElement", "JsonNode", "JsonObject", "JsonArray"])
            Add(ValueKind.JsonNode, alias);
        foreach (var alias in (string[])["Stream", "HttpRequest", "HttpResponse", "HttpResponseMessage", "HttpHeaders", "RouteData", "FormFile", "HttpFile", "Downloadable", "HttpStatusCode"])
            Add(ValueKind.Opaque, alias);
        return types;
    }
}
