using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>The value types behind the CLR types that activities ask for.</summary>
internal static class ClrTypes
{
    private static readonly ValueType TextList = ValueType.Find("List<String>")!;

    private static readonly Dictionary<Type, ValueType> Known = new()
    {
        [typeof(string)] = ValueType.String,
        [typeof(bool)] = ValueType.Boolean,
        [typeof(short)] = ValueType.Find("Int16")!,
        [typeof(int)] = ValueType.Find("Int32")!,
        [typeof(long)] = ValueType.Find("Int64")!,
        [typeof(float)] = ValueType.Find("Single")!,
        [typeof(double)] = ValueType.Find("Double")!,
        [typeof(decimal)] = ValueType.Find("Decimal")!,
        [typeof(Guid)] = ValueType.Find("Guid")!,
        [typeof(DateTime)] = ValueType.Find("DateTime")!,
        [typeof(DateTimeOffset)] = ValueType.Find("DateTimeOffset")!,
        [typeof(TimeSpan)] = ValueType.Find("TimeSpan")!,
        [typeof(byte[])] = ValueType.Find("ByteArray")!,
        [typeof(JsonNode)] = ValueType.Find("JsonNode")!,
        [typeof(JsonObject)] = ValueType.Find("JsonObject")!,
        [typeof(JsonArray)] = ValueType.Find("JsonArray")!,
        [typeof(Dictionary<string, object?>)] = ValueType.Find("ObjectDictionary")!,
        [typeof(IDictionary<string, object?>)] = ValueType.Find("ObjectDictionary")!,
        [typeof(List<object?>)] = ValueType.Find("List<Object>")!,
        [typeof(IReadOnlyList<object?>)] = ValueType.Find("List<Object>")!,
    };

    /// <summary>The value as that type, or null.</summary>
    public static object? Convert(object? value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Known.TryGetValue(type, out var known))
            return ValueConverter.Convert(value, known);
        if (type.IsEnum)
            return value is not null && Enum.TryParse(type, Values.ToText(value), out var member) ? member : null;
        // Lists of texts are what host activities ask for most.
        return type.IsAssignableFrom(typeof(string[])) && ValueConverter.Convert(value, TextList) is List<object?> items
            ? items.Select(i => Values.ToText(i) ?? "").ToArray()
            : null;
    }
}
