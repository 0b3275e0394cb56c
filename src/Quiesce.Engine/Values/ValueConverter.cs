using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Converts values to the type of an input or a variable. What cannot be converted silently becomes the type's default.</summary>
internal static class ValueConverter
{
    public static object? Convert(object? value, ValueType type)
    {
        if (value is null)
            return null;
        if (type.Kind is ValueKind.Object or ValueKind.Opaque)
            return value;
        if (type.Kind == ValueKind.JsonNode)
            return ToJsonNode(value);
        if (value is JsonNode node)
            value = Values.FromJson(node);
        try
        {
            return value is null ? null : Scalar(value, type);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            return type.Default;
        }
    }

    private static object? Scalar(object value, ValueType type)
    {
        if (type.Kind == ValueKind.String)
            return Values.ToText(value);
        if (value is string text && string.IsNullOrWhiteSpace(text))
            return type.Default;
        return type.Kind switch
        {
            ValueKind.Boolean => value is string s ? bool.Parse(s.Trim()) : System.Convert.ToBoolean(value, CultureInfo.InvariantCulture),
            ValueKind.Int16 => value is string s ? short.Parse(s, NumberStyles.Integer, CultureInfo.InvariantCulture) : System.Convert.ToInt16(value, CultureInfo.InvariantCulture),
            ValueKind.Int32 => value is int ? value : value is string s ? int.Parse(s, NumberStyles.Integer, CultureInfo.InvariantCulture) : System.Convert.ToInt32(value, CultureInfo.InvariantCulture),
            ValueKind.Int64 => value is string s ? long.Parse(s, NumberStyles.Integer, CultureInfo.InvariantCulture) : System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
            ValueKind.Single => value is string s ? float.Parse(s, CultureInfo.InvariantCulture) : System.Convert.ToSingle(value, CultureInfo.InvariantCulture),
            ValueKind.Double => value is string s ? double.Parse(s, CultureInfo.InvariantCulture) : System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
            ValueKind.Decimal => value is string s ? decimal.Parse(s, NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture) : System.Convert.ToDecimal(value, CultureInfo.InvariantCulture),
            ValueKind.Guid => value is Guid ? value : Guid.Parse(Text(value)),
            ValueKind.DateTime => value is DateTime ? value : value is DateTimeOffset o ? o.UtcDateTime : DateTime.Parse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            ValueKind.DateTimeOffset => value is DateTimeOffset ? value : value is DateTime d ? new DateTimeOffset(d) : DateTimeOffset.Parse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            ValueKind.TimeSpan => value is TimeSpan ? value : TimeSpan.Parse(Text(value), CultureInfo.InvariantCulture),
            ValueKind.ByteArray => value is byte[]? value : value is IEnumerable and not string ? ((IEnumerable)value).Cast<object>().Select(b => System.Convert.ToByte(b, CultureInfo.InvariantCulture)).ToArray() : System.Convert.FromBase64String(Text(value)),
            ValueKind.List => type.IsSet ? ToList(value, type.Element!)?.Distinct().ToList() : ToList(value, type.Element!),
            ValueKind.Dictionary => ToMap(value),
            ValueKind.StringDictionary => ToMap(value)?.ToDictionary(p => p.Key, p => (object?)Values.ToText(p.Value)),
            _ => value,
        };
    }

    private static string Text(object value) => value as string ?? throw new InvalidCastException();

    private static List<object?>? ToList(object value, ValueType element)
    {
        if (Values.Items(value) is { } items)
            return element.Kind == ValueKind.Object && items is List<object?> same ? same : [.. items.Select(i => Convert(i, element))];
        // A lone text counts as a list of one only where a list of texts is wanted.
        return value is string && element.Kind == ValueKind.String ? [value] : null;
    }

    private static Dictionary<string, object?>? ToMap(object value) => value switch
    {
        Dictionary<string, object?> map => map,
        IDictionary<string, object?> map => new(map, StringComparer.Ordinal),
        string text when text.TrimStart().StartsWith('{') && Values.TryParse(text) is JsonObject json => (Dictionary<string, object?>)Values.FromJson(json)!,
        _ => null,
    };

    private static JsonNode? ToJsonNode(object value) => value switch
    {
        JsonNode node => node,
        string text when text.TrimStart() is ['{' or '[', ..] => Values.TryParse(text),
        _ => Values.ToJson(value),
    };
}
