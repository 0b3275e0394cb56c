using System.Globalization;
using System.Text;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class StringBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("String", Constructor))
        .Method("toString", 0, (_, self, _) => Value(self))
        .Method("valueOf", 0, (_, self, _) => Value(self))
        .Method("charAt", 1, (_, self, a) => Text(self) is var s && Coerce.ToInteger(a.At(0)) is var i && i >= 0 && i < s.Length ? Characters.Of(s[(int)i]) : "")
        .Method("charCodeAt", 1, (_, self, a) => Text(self) is var s && Coerce.ToInteger(a.At(0)) is var i && i >= 0 && i < s.Length ? s[(int)i] : double.NaN)
        .Method("codePointAt", 1, (_, self, a) => Text(self) is var s && Coerce.ToInteger(a.At(0)) is var i && i >= 0 && i < s.Length ? (JsValue)CodePoint(s, (int)i) : JsValue.Undefined)
        .Method("at", 1, (_, self, a) =>
        {
            var s = Text(self);
            var i = Coerce.ToInteger(a.At(0));
            i = i < 0 ? s.Length + i : i;
            return i >= 0 && i < s.Length ? Characters.Of(s[(int)i]) : JsValue.Undefined;
        })
        .Method("indexOf", 1, (_, self, a) => Text(self) is var s ? s.IndexOf(Coerce.ToText(a.At(0)), (int)Math.Clamp(Coerce.ToInteger(a.At(1)), 0, s.Length), StringComparison.Ordinal) : 0)
        .Method("lastIndexOf", 1, LastIndexOf)
        .Method("includes", 1, (_, self, a) => Text(self) is var s && s.IndexOf(Plain(a.At(0)), (int)Math.Clamp(Coerce.ToInteger(a.At(1)), 0, s.Length), StringComparison.Ordinal) >= 0)
        .Method("startsWith", 1, (_, self, a) => Text(self) is var s && s.AsSpan((int)Math.Clamp(Coerce.ToInteger(a.At(1)), 0, s.Length)).StartsWith(Plain(a.At(0)), StringComparison.Ordinal))
        .Method("endsWith", 1, (_, self, a) =>
            Text(self) is var s && s.AsSpan(0, a.At(1).IsUndefined ? s.Length : (int)Math.Clamp(Coerce.ToInteger(a[1]), 0, s.Length)).EndsWith(Plain(a.At(0)), StringComparison.Ordinal))
        .Method("slice", 2, (_, self, a) =>
        {
            var s = Text(self);
            var (from, to) = ((int)Coerce.ToRelative(a.At(0), s.Length, 0), (int)Coerce.ToRelative(a.At(1), s.Length, s.Length));
            return from < to ? s[from..to] : "";
        })
        .Method("substring", 2, (_, self, a) =>
        {
            var s = Text(self);
            var from = (int)Math.Clamp(Coerce.ToInteger(a.At(0)), 0, s.Length);
            var to = a.At(1).IsUndefined ? s.Length : (int)Math.Clamp(Coerce.ToInteger(a[1]), 0, s.Length);
            return s[Math.Min(from, to)..Math.Max(from, to)];
        })
        .Method("substr", 2, (_, self, a) =>
        {
            var s = Text(self);
            var from = (int)Coerce.ToRelative(a.At(0), s.Length, 0);
            var length = a.At(1).IsUndefined ? s.Length - from : (int)Math.Clamp(Coerce.ToInteger(a[1]), 0, s.Length - from);
            return s.Substring(from, length);
        })
        .Method("toUpperCase", 0, (_, self, _) => Text(self).ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal))
        .Method("toLowerCase", 0, (_, self, _) => Text(self).ToLowerInvariant())
        .Method("toLocaleUpperCase", 0, (_, self, _) => Text(self).ToUpperInvariant())
        .Method("toLocaleLowerCase", 0, (_, self, _) => Text(self).ToLowerInvariant())
        .Method("trim", 0, (_, self, _) => Numbers.Trim(Text(self)))
        .Method("trimStart", 0, (_, self, _) => Numbers.Trim(Text(self), end: false))
        .Method("trimEnd", 0, (_, self, _) => Numbers.Trim(Text(self), start: false))
        .Method("trimLeft", 0, (_, self, _) => Numbers.Trim(Text(self), end: false))
        .Method("trimRight", 0, (_, self, _) => Numbers.Trim(Text(self), start: false))
        .Method("padStart", 2, (_, self, a) => Pad(self, a, true))
        .Method("padEnd", 2, (_, self, a) => Pad(self, a, false))
        .Method("repeat", 1, (_, self, a) =>
        {
            var count = Coerce.ToInteger(a.At(0));
            return count >= 0 && double.IsFinite(count) ? Repeat(Text(self), count) : throw Errors.Range("A string can only be repeated a finite number of times.");
        })
        .Method("concat", 1, (_, self, a) => a.Aggregate(Coerce.ToStringValue(self), (text, value) => Rope.Join(text, Coerce.ToStringValue(value))))
        .Method("split", 2, Split)
        .Method("normalize", 0, (_, self, a) => Text(self).Normalize((a.At(0).IsUndefined ? "NFC" : Coerce.ToText(a[0])) switch
        {
            "NFC" => NormalizationForm.FormC,
            "NFD" => NormalizationForm.FormD,
            "NFKC" => NormalizationForm.FormKC,
            "NFKD" => NormalizationForm.FormKD,
            _ => throw Errors.Range("The normal form must be NFC, NFD, NFKC or NFKD."),
        }))
        .Method("localeCompare", 1, (_, self, a) => LocaleCompare(Text(self), Coerce.ToText(a.At(0)), a.At(2)))
        .Method("isWellFormed", 0, (_, self, _) => Text(self) is var s && WellFormed(s) == s)
        .Method("toWellFormed", 0, (_, self, _) => WellFormed(Text(self)))
        .Method("match", 1, (realm, self, a) => ByRegex(realm, self, a, Symbol.Match, ""))
        .Method("matchAll", 1, (realm, self, a) => a.At(0).Ref is JsRegExp regex && !regex.Flags.Contains('g')
            ? throw Errors.Type("matchAll needs a regular expression with the g flag.") : ByRegex(realm, self, a, Symbol.MatchAll, "g"))
        .Method("search", 1, (realm, self, a) => ByRegex(realm, self, a, Symbol.Search, ""))
        .Method("replace", 2, (realm, self, a) => Replace(realm, self, a, false))
        .Method("replaceAll", 2, (realm, self, a) => a.At(0).Ref is JsRegExp regex && !regex.Flags.Contains('g')
            ? throw Errors.Type("replaceAll needs a regular expression with the g flag.") : Replace(realm, self, a, true))
        .Method(Symbol.Iterator, "[Symbol.iterator]", 0, (realm, self, _) => IteratorBuiltins.Walk(realm, "String Iterator", CodePoints(Text(self))));

    private static readonly Template Statics = new Template()
        .Method("fromCharCode", 1, (_, _, a) => new string([.. a.Select(value => (char)Coerce.ToUInt32(value))]))
        .Method("fromCodePoint", 1, (_, _, a) =>
        {
            var text = new StringBuilder();
            foreach (var value in a)
            {
                var point = Coerce.ToNumber(value);
                if (!(point is >= 0 and <= 0x10ffff) || point != Math.Truncate(point))
                    throw Errors.Range($"{Numbers.Format(point)} is not a code point.");
                if (point is >= 0xd800 and <= 0xdfff)
                    text.Append((char)point);
                else
                    text.Append(char.ConvertFromUtf32((int)point));
            }

            return text.ToString();
        })
        .Method("raw", 1, (_, _, a) =>
        {
            var raw = Coerce.ToObject(Coerce.ToObject(a.At(0)).Get("raw"));
            var length = Coerce.LengthOf(raw);
            JsValue text = "";
            for (var i = 0; i < length; i++)
            {
                text = Rope.Join(text, Coerce.ToStringValue(raw.GetAt(i)));
                if (i + 1 < length && i + 1 < a.Length)
                    text = Rope.Join(text, Coerce.ToStringValue(a[i + 1]));
            }

            return text;
        });

    public static JsObject Constructor(Realm realm)
    {
        var prototype = realm.Prototype("String", Prototype);
        var type = new NativeFunction(realm, "String", 1,
            (_, _, a) => a.Length == 0 ? "" : a[0].Ref is Symbol symbol ? symbol.ToString() : Coerce.ToStringValue(a[0]),
            (r, a, target) => new JsWrapper(a.Length == 0 ? "" : Coerce.ToText(a[0]), Realm.PrototypeFrom(target, prototype)));
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type.WithTemplate(Statics);
    }

    private static string Text(JsValue self) => self.IsNullish ? throw Errors.Type($"A string method was called on {self}.") : Coerce.ToText(self);

    private static JsValue Value(JsValue self) => self.IsString ? self : self.Ref is JsWrapper { Value: { IsString: true } boxed } ? boxed : throw Errors.Type("The method needs a string.");

    private static string Plain(JsValue value) => value.Ref is JsRegExp ? throw Errors.Type("A regular expression cannot be used here.") : Coerce.ToText(value);

    private static int CodePoint(string s, int i) => char.IsHighSurrogate(s[i]) && i + 1 < s.Length && char.IsLowSurrogate(s[i + 1]) ? char.ConvertToUtf32(s[i], s[i + 1]) : s[i];

    private static IEnumerable<JsValue> CodePoints(string s)
    {
        for (var i = 0; i < s.Length; i++)
        {
            if (char.IsHighSurrogate(s[i]) && i + 1 < s.Length && char.IsLowSurrogate(s[i + 1]))
                yield return s.Substring(i++, 2);
            else
                yield return Characters.Of(s[i]);
        }
    }

    private static JsValue LastIndexOf(Realm realm, JsValue self, JsValue[] a)
    {
        var s = Text(self);
        var wanted = Coerce.ToText(a.At(0));
        var position = Coerce.ToNumber(a.At(1));
        var from = (int)Math.Clamp(double.IsNaN(position) ? s.Length : Math.Truncate(position), 0, Math.Max(0, s.Length - wanted.Length));
        for (var i = from; i >= 0 && wanted.Length <= s.Length; i--)
        {
            if (string.CompareOrdinal(s, i, wanted, 0, wanted.Length) == 0)
                return i;
        }

        return -1;
    }

    private static string Repeat(string text, double count)
    {
        if (text.Length * count > Rope.LongestString)
            throw Errors.Range("The string would be longer than a string may be.");
        var length = (int)(text.Length * count);
        Realm.Current.Budget.Reserve(4L * length);
        return text.Length == 1 ? new string(text[0], length) : new StringBuilder(length).Insert(0, text, text.Length == 0 ? 0 : (int)count).ToString();
    }

    private static string Pad(JsValue self, JsValue[] a, bool start)
    {
        var s = Text(self);
        var length = Coerce.ToLength(a.At(0));
        var filler = a.At(1).IsUndefined ? " " : Coerce.ToText(a[1]);
        if (length <= s.Length || filler.Length == 0)
            return s;
        var missing = length - s.Length;
        var padding = Repeat(filler, Math.Ceiling(missing / filler.Length))[..(int)missing];
        return start ? padding + s : s + padding;
    }

    private static JsValue Split(Realm realm, JsValue self, JsValue[] a)
    {
        if (a.At(0).Ref is JsObject splitter && splitter.GetMethod(Symbol.Split) is { } method)
            return method.Call(splitter, [self, a.At(1)]);
        var s = Text(self);
        var limit = a.At(1).IsUndefined ? uint.MaxValue : Coerce.ToUInt32(a[1]);
        if (a.At(0).IsUndefined)
            return realm.NewArray(limit == 0 ? [] : [s]);
        var separator = Coerce.ToText(a[0]);
        if (s.Length == 0)
            return realm.NewArray(separator.Length == 0 || limit == 0 ? [] : [s]);
        var parts = new ValueList([]);
        for (var at = 0; parts.Count < limit;)
        {
            realm.Budget.Step();
            if (separator.Length == 0)
            {
                if (at == s.Length)
                    break;
                parts.Add(Characters.Of(s[at++]));
                continue;
            }

            var next = s.IndexOf(separator, at, StringComparison.Ordinal);
            parts.Add(next < 0 ? s[at..] : s[at..next]);
            if (next < 0)
                break;
            at = next + separator.Length;
        }

        return realm.NewArray(parts.ToArray());
    }

    private static double LocaleCompare(string a, string b, JsValue options)
    {
        var given = options.Ref as JsObject;
        if (given?.Get("numeric").IsTrue == true && double.TryParse(a, CultureInfo.InvariantCulture, out var x) && double.TryParse(b, CultureInfo.InvariantCulture, out var y))
            return x.CompareTo(y);
        var loose = given?.Get("sensitivity") is { IsString: true } sensitivity && sensitivity.AsString is "base" or "accent";
        // Letters first without case, then small before capital: what people expect of sorted names, without tables of languages.
        var order = string.Compare(a, b, StringComparison.OrdinalIgnoreCase);
        if (order == 0 && !loose)
            order = string.CompareOrdinal(b, a);
        return Math.Sign(order);
    }

    private static string WellFormed(string s)
    {
        var text = new StringBuilder(s);
        for (var i = 0; i < s.Length; i++)
        {
            if (char.IsHighSurrogate(s[i]) && i + 1 < s.Length && char.IsLowSurrogate(s[i + 1]))
                i++;
            else if (char.IsSurrogate(s[i]))
                text[i] = '\ufffd';
        }

        return text.ToString();
    }

    private static JsValue ByRegex(Realm realm, JsValue self, JsValue[] a, Symbol method, string flags)
    {
        var s = Text(self);
        var regex = a.At(0).Ref as JsObject;
        if (regex?.GetMethod(method) is { } own)
            return own.Call(regex, [s]);
        return RegExpBuiltins.Create(realm, a.At(0).IsUndefined ? "" : Coerce.ToText(a[0]), flags).Invoke(method, s);
    }

    private static JsValue Replace(Realm realm, JsValue self, JsValue[] a, bool all)
    {
        if (a.At(0).Ref is JsObject replacer && replacer.GetMethod(Symbol.Replace) is { } own)
            return own.Call(replacer, [Text(self), a.At(1)]);
        var s = Text(self);
        var wanted = Coerce.ToText(a.At(0));
        var function = a.At(1).IsCallable ? a.At(1).AsObject : null;
        var template = function is null ? Coerce.ToText(a.At(1)) : "";
        var result = new StringBuilder();
        var from = 0;
        for (var at = s.IndexOf(wanted, StringComparison.Ordinal); at >= 0;)
        {
            realm.Budget.Step();
            result.Append(s, from, at - from);
            result.Append(function is null ? Replacement.Expand(template, s, at, wanted, [], null) : Coerce.ToText(function.Call(JsValue.Undefined, [wanted, at, s])));
            from = at + wanted.Length;
            if (!all || at + Math.Max(1, wanted.Length) > s.Length)
                break;
            at = s.IndexOf(wanted, at + Math.Max(1, wanted.Length), StringComparison.Ordinal);
        }

        realm.Budget.Reserve(2L * result.Length);
        return result.Append(s, from, s.Length - from).ToString();
    }
}
