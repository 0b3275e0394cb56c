using System.Globalization;

namespace Quiesce.Engine;

/// <summary>One segment of a route: a literal, a parameter, or a parameter between literal text.</summary>
internal sealed class RouteSegment
{
    private static readonly string[] Known = ["int", "long", "guid", "bool", "alpha", "decimal", "double", "float", "datetime", "required", "length", "minlength", "maxlength", "min", "max", "range"];

    private readonly string before;
    private readonly string after;

    private RouteSegment(string before, string after)
    {
        this.before = before;
        this.after = after;
    }

    public string? Name { get; private init; }

    public bool IsCatchAll { get; private init; }

    public bool IsOptional { get; private init; }

    public string? Default { get; private init; }

    public string[] Constraints { get; private init; } = [];

    public bool IsWhole => before.Length == 0 && after.Length == 0;

    /// <summary>Everything but the name.</summary>
    public string Shape => Name is null ? before.ToLowerInvariant() : $"{before}{{{(IsCatchAll ? "*" : "")}:{string.Join(':', Constraints)}}}{after}".ToLowerInvariant();

    public static RouteSegment Parse(string text, string route)
    {
        var open = text.IndexOf('{', StringComparison.Ordinal);
        var close = text.LastIndexOf('}');
        if (open < 0 && close < 0)
            return new(text, "");
        if (open < 0 || close < open || text.AsSpan(open + 1, close - open - 1).IndexOfAny('{', '}') >= 0)
            throw new FormatException($"in path '{route}' the part '{text}' is not understood: one parameter in braces a segment, such as {{id}}.");
        var inner = text[(open + 1)..close];
        var isCatchAll = inner.StartsWith('*');
        inner = inner.TrimStart('*');
        var equals = inner.IndexOf('=', StringComparison.Ordinal);
        var fallback = equals < 0 ? null : inner[(equals + 1)..];
        inner = equals < 0 ? inner : inner[..equals];
        var isOptional = inner.EndsWith('?');
        var parts = inner.TrimEnd('?').Split(':');
        if (parts[0].Length == 0 || !parts[0].All(c => char.IsLetterOrDigit(c) || c is '_' or '-'))
            throw new FormatException($"in path '{route}' the part '{text}' has no parameter name of letters, digits, - and _.");
        foreach (var constraint in parts[1..])
            if (!Known.Contains(constraint.Split('(')[0], StringComparer.OrdinalIgnoreCase))
                throw new FormatException($"in path '{route}' the constraint '{constraint}' is not known here. Use one of {string.Join(", ", Known)}, or check the value in the workflow.");
        return new(text[..open], text[(close + 1)..])
        {
            Name = parts[0],
            IsCatchAll = isCatchAll,
            IsOptional = isOptional || fallback is not null,
            Default = fallback,
            Constraints = [.. parts[1..].Select(c => c.ToLowerInvariant())],
        };
    }

    public bool Matches(string part, Dictionary<string, string> values)
    {
        if (Name is null)
            return part.Equals(before, StringComparison.OrdinalIgnoreCase);
        if (part.Length <= before.Length + after.Length
            || !part.StartsWith(before, StringComparison.OrdinalIgnoreCase)
            || !part.EndsWith(after, StringComparison.OrdinalIgnoreCase))
            return false;
        var value = part[before.Length..(part.Length - after.Length)];
        foreach (var constraint in Constraints)
            if (!Satisfies(value, constraint))
                return false;
        values[Name] = value;
        return true;
    }

    private static bool Satisfies(string value, string constraint)
    {
        var open = constraint.IndexOf('(', StringComparison.Ordinal);
        var arguments = open < 0 ? [] : constraint[(open + 1)..].TrimEnd(')').Split(',');
        long Argument(int i) => i < arguments.Length && long.TryParse(arguments[i], CultureInfo.InvariantCulture, out var n) ? n : 0;
        var number = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : (long?)null;
        return (open < 0 ? constraint : constraint[..open]) switch
        {
            "int" => number is >= int.MinValue and <= int.MaxValue,
            "long" => number is not null,
            "guid" => Guid.TryParse(value, out _),
            "bool" => bool.TryParse(value, out _),
            "alpha" => value.All(char.IsAsciiLetter),
            "decimal" or "double" or "float" => double.TryParse(value, CultureInfo.InvariantCulture, out _),
            "datetime" => DateTime.TryParse(value, CultureInfo.InvariantCulture, out _),
            "length" => arguments.Length == 2 ? value.Length >= Argument(0) && value.Length <= Argument(1) : value.Length == Argument(0),
            "minlength" => value.Length >= Argument(0),
            "maxlength" => value.Length <= Argument(0),
            "min" => number >= Argument(0),
            "max" => number <= Argument(0),
            "range" => number >= Argument(0) && number <= Argument(1),
            _ => true,
        };
    }
}
