using System.Globalization;
using System.Text;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class JsonBuiltins
{
    public static readonly Template Json = new Template()
        .Tag("JSON")
        .Method("parse", 2, (realm, _, a) =>
        {
            var value = new JsonReader(realm, Coerce.ToText(a.At(0))).Read();
            if (!a.At(1).IsCallable)
                return value;
            var root = realm.NewObject();
            root.DefineData("", value);
            return Revive(realm, root, "", a[1].AsObject);
        })
        .Method("stringify", 3, (realm, _, a) => Stringify(realm, a.At(0), a.At(1), a.At(2)));

    public static JsValue Stringify(Realm realm, JsValue value, JsValue replacer, JsValue space) =>
        new JsonWriter(realm, replacer, space).Write(value) is { } text ? text : JsValue.Undefined;

    /// <summary>A value for a message: short, never an error.</summary>
    public static string Brief(JsValue value)
    {
        try
        {
            var text = Stringify(Realm.Current, value, default, default);
            return text.IsString ? Coerce.Shorten(text.AsString) : "[object]";
        }
        catch (JsThrow)
        {
            return "[object]";
        }
    }

    private static JsValue Revive(Realm realm, JsObject holder, PropertyKey key, JsObject reviver)
    {
        Realm.CheckStack();
        var value = holder.Get(key);
        if (value.Ref is JsObject inner)
        {
            foreach (var name in inner.EnumerableKeys().ToList())
            {
                var changed = Revive(realm, inner, name, reviver);
                if (changed.IsUndefined)
                    inner.Delete(name);
                else
                    inner.DefineOwn(name, Descriptor.Data(changed, Attributes.All));
            }
        }

        return reviver.Call(holder, [key.ToValue(), value]);
    }
}

internal sealed class JsonReader(Realm realm, string text)
{
    private int _at;

    public JsValue Read()
    {
        var value = Value();
        Skip();
        return _at == text.Length ? value : throw Wrong();
    }

    private JsThrow Wrong() => Errors.Syntax(_at >= text.Length ? "The JSON text ends too early." : $"The JSON text is not valid at position {_at}: '{text[_at]}' was not expected.");

    private void Skip()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r' && _at < text.Length)
            _at++;
    }

    private char Peek()
    {
        while (_at < text.Length)
        {
            if (text[_at] is not (' ' or '\t' or '\n' or '\r'))
                return text[_at];
            _at++;
        }

        throw Wrong();
    }

    private JsValue Value()
    {
        Realm.CheckStack();
        realm.Budget.Step();
        switch (Peek())
        {
            case '{': return Object();
            case '[': return Array();
            case '"': return String();
            case 't': return Word("true", JsValue.True);
            case 'f': return Word("false", JsValue.False);
            case 'n': return Word("null", JsValue.Null);
            default: return Number();
        }
    }

    private JsValue Word(string word, JsValue value)
    {
        if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0)
            throw Wrong();
        _at += word.Length;
        return value;
    }

    private JsValue Number()
    {
        var from = _at;
        if (text[_at] == '-')
            _at++;
        if (_at < text.Length && text[_at] == '0')
            _at++;
        else
            Digits();
        if (_at < text.Length && text[_at] == '.')
        {
            _at++;
            Digits();
        }

        if (_at < text.Length && text[_at] is 'e' or 'E' && _at < text.Length)
        {
            _at++;
            if (_at < text.Length && text[_at] is '+' or '-' && _at < text.Length)
                _at++;
            Digits();
        }

        return double.Parse(text.AsSpan(from, _at - from), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private void Digits()
    {
        if (_at >= text.Length || !char.IsAsciiDigit(text[_at]))
            throw Wrong();
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
    }

    private string String()
    {
        var from = ++_at;
        while (_at < text.Length && text[_at] is not ('"' or '\\') && text[_at] >= ' ')
            _at++;
        if (_at < text.Length && text[_at] == '"')
            return text[from.._at++];
        var result = new StringBuilder(text, from, _at - from, 64);
        while (true)
        {
            if (_at >= text.Length || text[_at] < ' ')
                throw Wrong();
            var c = text[_at++];
            if (c == '"')
                return result.ToString();
            if (c != '\\')
            {
                result.Append(c);
                continue;
            }

            if (_at >= text.Length)
                throw Wrong();
            var escape = text[_at];
            var plain = "\"\\/bfnrt".IndexOf(escape, StringComparison.Ordinal);
            if (plain >= 0)
            {
                result.Append("\"\\/\b\f\n\r\t"[plain]);
                _at++;
            }
            else if (escape == 'u' && _at + 5 <= text.Length && ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                result.Append((char)unit);
                _at += 5;
            }
            else
                throw Wrong();
        }
    }

    private JsValue Array()
    {
        _at++;
        var items = new ValueList([]);
        if (Peek() == ']')
        {
            _at++;
            return realm.NewArray([]);
        }

        while (true)
        {
            items.Add(Value());
            var c = Peek();
            if (c is not (',' or ']'))
                throw Wrong();
            _at++;
            if (c == ']')
                return realm.NewArray(items.ToArray());
        }
    }

    private JsValue Object()
    {
        _at++;
        var target = realm.NewObject();
        if (Peek() == '}')
        {
            _at++;
            return target;
        }

        while (true)
        {
            if (Peek() != '"')
                throw Wrong();
            var key = String();
            if (Peek() != ':')
                throw Wrong();
            _at++;
            target.WriteOwn(key, new(Value(), Attributes.All));
            var c = Peek();
            if (c is not (',' or '}'))
                throw Wrong();
            _at++;
            if (c == '}')
                return target;
            if (Peek() != '"')
                throw Wrong();
        }
    }
}

internal sealed class JsonWriter
{
    private readonly Realm _realm;
    private readonly JsObject? _replacer;
    private readonly List<PropertyKey>? _only;
    private readonly string _gap;
    private readonly StringBuilder _out = new();
    private readonly HashSet<JsObject> _open = [];
    private string _indent = "";

    public JsonWriter(Realm realm, JsValue replacer, JsValue space)
    {
        _realm = realm;
        _replacer = replacer.IsCallable ? replacer.AsObject : null;
        if (_replacer is null && ArrayBuiltins.IsArray(replacer))
            _only = [.. FunctionBuiltins.ToList(replacer).Where(item => item.IsString || item.IsNumber || item.Ref is JsWrapper).Select(item => new PropertyKey(Coerce.ToText(item))).Distinct()];
        if (space.Ref is JsWrapper boxed)
            space = boxed.Value;
        _gap = space.IsNumber ? new string(' ', (int)Math.Clamp(Coerce.ToInteger(space), 0, 10))
            : space.IsString ? space.AsString[..Math.Min(10, space.AsString.Length)] : "";
    }

    public string? Write(JsValue value)
    {
        var holder = _realm.NewObject();
        if (_replacer is not null)
            holder.DefineData("", value);
        return Add(holder, "", value) ? _out.ToString() : null;
    }

    private bool Add(JsObject holder, PropertyKey key, JsValue value)
    {
        Realm.CheckStack();
        _realm.Budget.Step();
        if ((value.IsObject || value.IsBigInt) && JsObject.MethodOf(value, "toJSON") is { } toJson)
            value = toJson.Call(value, [key.ToValue()]);
        if (_replacer is not null)
            value = _replacer.Call(holder, [key.ToValue(), value]);
        if (value.Ref is JsWrapper boxed)
            value = boxed.Value.IsNumber ? Coerce.ToNumber(value) : boxed.Value.IsString ? Coerce.ToText(value) : boxed.Value;
        if (_out.Length > Rope.LongestString)
            throw Errors.Range("The string would be longer than a string may be.");
        switch (value.Ref)
        {
            case string or Rope:
                Quote(value.AsString);
                return true;
            case JsObject { IsCallable: false } target:
                AddObject(target);
                return true;
            case System.Numerics.BigInteger:
                throw Errors.Type("A BigInt cannot be written as JSON.");
            case Tag tag:
                _out.Append(tag == Tag.Number && !double.IsFinite(value.Number) ? "null" : value.ToString());
                return true;
            default:
                return false;
        }
    }

    private void AddObject(JsObject target)
    {
        if (!_open.Add(target))
            throw Errors.Type("An object that contains itself cannot be written as JSON.");
        var outer = _indent;
        _indent += _gap;
        var first = true;
        void Separate()
        {
            if (!first)
                _out.Append(',');
            first = false;
            if (_gap.Length > 0)
                _out.Append('\n').Append(_indent);
        }

        var isArray = ArrayBuiltins.IsArray(target);
        _out.Append(isArray ? '[' : '{');
        if (isArray)
        {
            var length = Coerce.LengthOf(target);
            for (double i = 0; i < length; i++)
            {
                Separate();
                if (!Add(target, _replacer is null ? "" : PropertyKey.Of(i), target.GetAt(i)))
                    _out.Append("null");
            }
        }
        else
        {
            foreach (var key in _only ?? target.EnumerableKeys().ToList())
            {
                var (length, wasFirst) = (_out.Length, first);
                Separate();
                Quote((string)key.Ref);
                _out.Append(_gap.Length > 0 ? ": " : ":");
                if (Add(target, key, target.Get(key)))
                    continue;
                _out.Length = length;
                first = wasFirst;
            }
        }

        _indent = outer;
        if (!first && _gap.Length > 0)
            _out.Append('\n').Append(_indent);
        _out.Append(isArray ? ']' : '}');
        _open.Remove(target);
    }

    private void Quote(string text)
    {
        _realm.Budget.Reserve(4L * text.Length);
        _out.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var lone = char.IsSurrogate(c) && !(char.IsHighSurrogate(c) ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) : i > 0 && char.IsHighSurrogate(text[i - 1]));
            var plain = "\"\\\b\f\n\r\t".IndexOf(c, StringComparison.Ordinal);
            if (plain >= 0)
                _out.Append('\\').Append("\"\\bfnrt"[plain]);
            else if (c < ' ' || lone)
                _out.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                _out.Append(c);
        }

        _out.Append('"');
    }
}
