using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>The value types behind the CLR types that activities ask for.</summary>
internal static class ClrTypes
{
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

    public static ValueType? Of(Type type) => Known.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type);
}
