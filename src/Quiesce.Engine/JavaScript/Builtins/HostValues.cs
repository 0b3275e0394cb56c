using System.Collections;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>Between the script's values and plain .NET ones. Always copies.</summary>
internal static class HostValues
{
    // What tells the result of Elsa.ExecuteWorkflow from other objects, also when it comes out of a stored variable.
    private static readonly string[] ExecutedWorkflow = ["workflowInstanceId", "status", "subStatus", "output"];

    public static JsValue ToScript(Realm realm, object? value)
    {
        switch (value)
        {
            case null: return JsValue.Null;
            case JsValue ready: return ready;
            case bool flag: return flag;
            case string text: return text;
            case double number: return number;
            case int number: return number;
            case long number: return number;
            case float or decimal or byte or sbyte or short or ushort or uint or ulong or Half: return System.Convert.ToDouble(value is Half half ? (double)half : value);
            case BigInteger big: return big;
            case char c: return c.ToString();
            case Enum word: return word.ToString();
            case Guid or TimeSpan: return new HostValue(HostTypes.PrototypeOf(realm, value), value);
            case DateTimeOffset moment: return HostTypes.Date(realm, moment);
            case DateTime moment: return HostTypes.Date(realm, moment.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(moment, TimeSpan.Zero) : moment);
            case DateOnly day: return day.ToString("yyyy-MM-dd", null);
            case TimeOnly time: return time.ToString("HH:mm:ss.FFFFFFF");
            case Uri address: return address.ToString();
            case byte[] bytes: return TypedArrayBuiltins.FromBytes(realm, [.. bytes]);
            case Func<object?[], object?> function: return Function(realm, function);
            case JsonElement element: return FromJson(realm, element.GetRawText());
            case JsonNode node: return FromJson(realm, node.ToJsonString());
            case JsonDocument document: return FromJson(realm, document.RootElement.GetRawText());
            case Exception failure: return realm.NewError("Error", failure.Message, failure);
            default: break;
        }

        Realm.CheckStack();
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> entries: return FromEntries(realm, entries);
            case IDictionary<string, object?> entries: return FromEntries(realm, entries);
            case IDictionary table:
                return FromEntries(realm, table.Keys.Cast<object>().Select(key => KeyValuePair.Create(key.ToString() ?? "", table[key])));
            case IEnumerable items: return realm.NewArray(items.Cast<object?>().Select(item => ToScript(realm, item)));
            default: return value.ToString() ?? "";
        }
    }

    private static JsValue FromJson(Realm realm, string json) => new JsonReader(realm, json).Read();

    private static JsObject FromEntries(Realm realm, IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var target = realm.NewObject();
        foreach (var (key, value) in entries)
            target.WriteOwn(key, new(ToScript(realm, value), Attributes.All));
        if (ExecutedWorkflow.All(name => target.Has(name)))
            AddClrNames(target);
        return target;
    }

    // In a stock host this is a .NET object, whose members scripts reach by either casing.
    private static void AddClrNames(JsObject target)
    {
        foreach (var name in ExecutedWorkflow)
            if (char.ToUpperInvariant(name[0]) + name[1..] is var clrName && !target.Has(clrName))
                target.WriteOwn(clrName, new(target.Get(name), Attributes.Hidden));
    }

    private static NativeFunction Function(Realm realm, Func<object?[], object?> function) => new(realm, "hostFunction", 0, (r, _, a) =>
    {
        var arguments = Array.ConvertAll(a, FromScript);
        object? result;
        try
        {
            result = function(arguments);
        }
        // Whatever the host throws becomes an error the script can catch; only limits and cancellation go straight through.
        catch (Exception e) when (e is not (JsThrow or LimitException or OperationCanceledException))
        {
            throw Errors.Make("Error", e.Message, e);
        }

        return ToScript(r, result);
    });

    public static object? FromScript(JsValue value) => FromScript(value, null);

    private static object? FromScript(JsValue value, HashSet<JsObject>? open)
    {
        if (value.IsNumber)
            return value.Number;
        switch (value.Ref)
        {
            case null: return null;
            case string text: return text;
            case Rope rope: return rope.ToString();
            case Tag tag: return tag == Tag.True ? true : tag == Tag.False ? false : null;
            case BigInteger big: return big;
            case Symbol symbol: return symbol.ToString();
            case HostValue host: return host.Value;
            case JsDate date: return date.Exact;
            case JsWrapper boxed: return FromScript(boxed.Value, open);
            case JsTypedArray { Kind: ElementKind.Uint8 or ElementKind.Uint8Clamped } bytes: return bytes.Bytes.ToArray();
            case JsBuffer buffer: return buffer.Data.ToArray();
            case JsRegExp regex: return $"/{regex.Source}/{regex.Flags}";
            case JsObject { IsCallable: true }: return null;
            default: break;
        }

        var source = value.AsObject;
        Realm.CheckStack();
        Realm.Current.Budget.Step();
        open ??= [];
        if (!open.Add(source))
            throw Errors.Type("A value that contains itself cannot leave the script.");
        var result = FromObject(source, open);
        open.Remove(source);
        return result;
    }

    private static object? FromObject(JsObject source, HashSet<JsObject> open)
    {
        if (source is JsCollection { IsMap: false } set)
            return set.Entries().Select(entry => FromScript(entry.Key, open)).ToList();
        if (ArrayBuiltins.IsArray(source) || source is JsTypedArray)
        {
            var length = Coerce.LengthOf(source);
            Realm.Current.Budget.Reserve((long)length * 8);
            var items = new List<object?>();
            for (double i = 0; i < length; i++)
            {
                Realm.Current.Budget.Step();
                items.Add(FromScript(source.GetAt(i), open));
            }

            return items;
        }

        var result = new Dictionary<string, object?>();
        if (source is JsCollection map)
        {
            foreach (var (key, item) in map.Entries())
                result[Coerce.ToText(key)] = FromScript(item, open);
            return result;
        }

        if (source is JsError error)
            result["message"] = FromScript(error.Get("message"), open);
        foreach (var key in source.EnumerableKeys().ToList())
            result[(string)key.Ref] = FromScript(source.Get(key), open);
        return result;
    }
}
