using System.Text;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>What every script finds.</summary>
internal static class GlobalBuiltins
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
    private const string Reserved = ";/?:@&=+$,#";

    public static readonly Template Global = Types(HostTypes.AddTo(new Template()))
        .Value("undefined", JsValue.Undefined)
        .Value("NaN", double.NaN)
        .Value("Infinity", double.PositiveInfinity)
        .Lazy("globalThis", realm => realm.Global)
        .Lazy("Math", realm => realm.Prototype("Math", MathBuiltins.Math))
        .Lazy("JSON", realm => realm.Prototype("JSON", JsonBuiltins.Json))
        .Lazy("Reflect", realm => realm.Prototype("Reflect", ProxyBuiltins.Reflect))
        .Lazy("console", realm => realm.Prototype("console", Console!))
        .Method("parseInt", 2, (_, _, a) => Numbers.ParseInt(Coerce.ToText(a.At(0)), Coerce.ToInt32(a.At(1))))
        .Method("parseFloat", 1, (_, _, a) => Numbers.ParseFloat(Coerce.ToText(a.At(0))))
        .Method("isNaN", 1, (_, _, a) => double.IsNaN(Coerce.ToNumber(a.At(0))))
        .Method("isFinite", 1, (_, _, a) => double.IsFinite(Coerce.ToNumber(a.At(0))))
        .Method("encodeURIComponent", 1, (_, _, a) => Encode(Coerce.ToText(a.At(0)), Unreserved))
        .Method("encodeURI", 1, (_, _, a) => Encode(Coerce.ToText(a.At(0)), Unreserved + Reserved))
        .Method("decodeURIComponent", 1, (_, _, a) => Decode(Coerce.ToText(a.At(0)), ""))
        .Method("decodeURI", 1, (_, _, a) => Decode(Coerce.ToText(a.At(0)), Reserved))
        .Method("escape", 1, (_, _, a) => Escape(Coerce.ToText(a.At(0))))
        .Method("unescape", 1, (_, _, a) => Unescape(Coerce.ToText(a.At(0))))
        .Method("structuredClone", 1, (realm, _, a) => StructuredClone.Copy(realm, a.At(0)))
        .Method("queueMicrotask", 1, (realm, _, a) =>
        {
            var function = a.Function(0);
            realm.Enqueue(() => function.Call(JsValue.Undefined, []));
            return JsValue.Undefined;
        })
        .Method("eval", 1, (_, _, _) => throw Errors.Make("EvalError", "eval cannot be used."));

    private static readonly Template Console = new Template()
        .Method("log", 0, Silent).Method("info", 0, Silent).Method("warn", 0, Silent).Method("error", 0, Silent).Method("debug", 0, Silent).Method("trace", 0, Silent);

    private static JsValue Silent(Realm realm, JsValue thisValue, JsValue[] arguments) => JsValue.Undefined;

    private static Template Types(Template template)
    {
        template
            .Lazy("Object", realm => realm.Constructor("Object", ObjectBuiltins.Constructor))
            .Lazy("Function", realm => realm.Constructor("Function", FunctionBuiltins.Constructor))
            .Lazy("Array", realm => realm.Constructor("Array", ArrayBuiltins.Constructor))
            .Lazy("String", realm => realm.Constructor("String", StringBuiltins.Constructor))
            .Lazy("Number", realm => realm.Constructor("Number", NumberBuiltins.Constructor))
            .Lazy("Boolean", realm => realm.Constructor("Boolean", NumberBuiltins.BooleanConstructor))
            .Lazy("BigInt", realm => realm.Constructor("BigInt", NumberBuiltins.BigIntConstructor))
            .Lazy("Symbol", realm => realm.Constructor("Symbol", SymbolBuiltins.Constructor))
            .Lazy("Promise", realm => realm.Constructor("Promise", PromiseBuiltins.Constructor))
            .Lazy("RegExp", realm => realm.Constructor("RegExp", RegExpBuiltins.Constructor))
            .Lazy("Date", realm => realm.Constructor("Date", DateBuiltins.Constructor))
            .Lazy("Map", realm => realm.Constructor("Map", CollectionBuiltins.MapConstructor))
            .Lazy("Set", realm => realm.Constructor("Set", CollectionBuiltins.SetConstructor))
            .Lazy("WeakMap", realm => realm.Constructor("WeakMap", WeakBuiltins.MapConstructor))
            .Lazy("WeakSet", realm => realm.Constructor("WeakSet", WeakBuiltins.SetConstructor))
            .Lazy("WeakRef", realm => realm.Constructor("WeakRef", WeakBuiltins.RefConstructor))
            .Lazy("Proxy", realm => realm.Constructor("Proxy", ProxyBuiltins.Constructor))
            .Lazy("Iterator", realm => realm.Constructor("Iterator", IteratorBuiltins.Constructor))
            .Lazy("ArrayBuffer", realm => realm.Constructor("ArrayBuffer", TypedArrayBuiltins.BufferConstructor))
            .Lazy("DataView", realm => realm.Constructor("DataView", DataViewBuiltins.Constructor));
        foreach (var kind in ErrorBuiltins.Kinds)
            template.Lazy(kind, realm => realm.Constructor(kind, r => ErrorBuiltins.Constructor(r, kind)));
        foreach (var kind in Enum.GetValues<ElementKind>())
            template.Lazy(kind + "Array", realm => realm.Constructor(kind + "Array", r => TypedArrayBuiltins.Constructor(r, kind)));
        return template;
    }

    private static string Encode(string text, string kept)
    {
        var result = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (kept.Contains(text[i], StringComparison.Ordinal))
            {
                result.Append(text[i]);
                continue;
            }

            if (!Rune.TryGetRuneAt(text, i, out var rune))
                throw Errors.Make("URIError", "The text has half a character and cannot be encoded.");
            i += rune.Utf16SequenceLength - 1;
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                result.Append('%').Append(b.ToString("X2"));
        }

        return result.ToString();
    }

    private static string Decode(string text, string kept)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '%')
            {
                result.Append(text[i++]);
                continue;
            }

            var from = i;
            var bytes = new List<byte> { Byte(text, ref i) };
            var more = bytes[0] switch { < 0x80 => 0, >= 0xc2 and < 0xe0 => 1, >= 0xe0 and < 0xf0 => 2, >= 0xf0 and < 0xf5 => 3, _ => throw Malformed() };
            for (; more > 0; more--)
                bytes.Add(i < text.Length && text[i] == '%' ? Byte(text, ref i) : throw Malformed());
            if (Rune.DecodeFromUtf8(bytes.ToArray(), out var rune, out var used) != System.Buffers.OperationStatus.Done || used != bytes.Count)
                throw Malformed();
            if (rune.IsBmp && kept.Contains((char)rune.Value, StringComparison.Ordinal))
                result.Append(text, from, i - from);
            else
                result.Append(rune.ToString());
        }

        return result.ToString();
    }

    private static byte Byte(string text, ref int at)
    {
        if (at + 3 > text.Length || !byte.TryParse(text.AsSpan(at + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            throw Malformed();
        at += 3;
        return value;
    }

    private static JsThrow Malformed() => Errors.Make("URIError", "The text is not validly encoded.");

    private static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || "@*_+-./".Contains(c, StringComparison.Ordinal))
                result.Append(c);
            else
                result.Append(c < 256 ? $"%{(int)c:X2}" : $"%u{(int)c:X4}");
        }

        return result.ToString();
    }

    private static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var (skip, digits) = i + 1 < text.Length && text[i + 1] == 'u' ? (2, 4) : (1, 2);
            if (text[i] == '%' && i + skip + digits <= text.Length
                && ushort.TryParse(text.AsSpan(i + skip, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit))
            {
                result.Append((char)unit);
                i += skip + digits - 1;
            }
            else
                result.Append(text[i]);
        }

        return result.ToString();
    }
}
