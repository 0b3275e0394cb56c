using System.Text;
using System.Text.RegularExpressions;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal sealed class JsRegExp : JsObject
{
    public JsRegExp(JsObject prototype, string source, string flags, CompiledRegex compiled) : base(prototype)
    {
        Source = source;
        Flags = flags;
        Compiled = compiled;
        WriteOwn("lastIndex", new(0, Attributes.Writable));
    }

    public override string ClassName => "RegExp";

    public string Source { get; }
    public string Flags { get; }
    public CompiledRegex Compiled { get; }
    public bool IsGlobal => Flags.Contains('g');
    public bool IsSticky => Flags.Contains('y');

    public double LastIndex
    {
        get => Coerce.ToLength(Get("lastIndex"));
        set => Put("lastIndex", value);
    }

    /// <summary>One match from the place that the flags say; moves lastIndex as they say.</summary>
    public Match? Next(Realm realm, string text)
    {
        var moves = IsGlobal || IsSticky;
        var from = moves ? LastIndex : 0;
        var match = from <= text.Length ? MatchAt(realm, text, (int)from) : null;
        if (match is null)
        {
            if (moves)
                LastIndex = 0;
            return null;
        }

        if (moves)
            LastIndex = match.Index + match.Length;
        return match;
    }

    public Match? MatchAt(Realm realm, string text, int from)
    {
        realm.Budget.Step();
        try
        {
            var match = (IsSticky ? Compiled.Sticky : Compiled.Regex).Match(text, from);
            return match.Success ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw Budget.Exceeded($"the regular expression /{Coerce.Shorten(Source)}/ took too long.");
        }
    }

    /// <summary>The captured texts, from group 1; undefined where a group took no part.</summary>
    public JsValue[] Captures(Match match)
    {
        var captures = new JsValue[Compiled.Groups];
        for (var i = 0; i < captures.Length; i++)
            captures[i] = match.Groups[(i + 1).ToString()] is { Success: true } group ? group.Value : JsValue.Undefined;
        return captures;
    }

    public JsObject? NamedGroups(JsValue[] captures)
    {
        if (Compiled.Names.Count == 0)
            return null;
        var groups = new JsObject(null);
        foreach (var (name, number) in Compiled.Names)
            groups.DefineData(name, captures[number - 1]);
        return groups;
    }

    public JsValue Result(Realm realm, Match match, string text)
    {
        var captures = Captures(match);
        var result = realm.NewArray([match.Value, .. captures]);
        result.DefineData("index", match.Index);
        result.DefineData("input", text);
        result.DefineData("groups", JsValue.OrUndefined(NamedGroups(captures)));
        if (Flags.Contains('d'))
        {
            JsValue Place(Group group) => group.Success ? realm.NewArray([group.Index, group.Index + group.Length]) : JsValue.Undefined;
            var places = Enumerable.Range(0, captures.Length).Select(i => Place(match.Groups[(i + 1).ToString()])).ToArray();
            var indices = realm.NewArray([Place(match), .. places]);
            indices.DefineData("groups", JsValue.OrUndefined(NamedGroups(places)));
            result.DefineData("indices", indices);
        }

        return result;
    }
}

internal static class RegExpBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("RegExp", Constructor))
        .Method("exec", 1, (realm, self, a) =>
        {
            var (regex, text) = (Self(self), Coerce.ToText(a.At(0)));
            return regex.Next(realm, text) is { } match ? regex.Result(realm, match, text) : JsValue.Null;
        })
        .Method("test", 1, (realm, self, a) => Self(self).Next(realm, Coerce.ToText(a.At(0))) is not null)
        .Method("toString", 0, (_, self, _) => $"/{Source(self)}/{Self(self).Flags}")
        .Method("compile", 0, (_, self, _) => self)
        .Getter("source", "source", (_, self, _) => Source(self))
        .Getter("flags", "flags", (_, self, _) => Self(self).Flags)
        .Getter("global", "global", (_, self, _) => Self(self).Flags.Contains('g'))
        .Getter("ignoreCase", "ignoreCase", (_, self, _) => Self(self).Flags.Contains('i'))
        .Getter("multiline", "multiline", (_, self, _) => Self(self).Flags.Contains('m'))
        .Getter("dotAll", "dotAll", (_, self, _) => Self(self).Flags.Contains('s'))
        .Getter("unicode", "unicode", (_, self, _) => Self(self).Flags.Contains('u'))
        .Getter("sticky", "sticky", (_, self, _) => Self(self).Flags.Contains('y'))
        .Getter("hasIndices", "hasIndices", (_, self, _) => Self(self).Flags.Contains('d'))
        .Method(Symbol.Match, "[Symbol.match]", 1, Match)
        .Method(Symbol.MatchAll, "[Symbol.matchAll]", 1, (realm, self, a) =>
        {
            var text = Coerce.ToText(a.At(0));
            var copy = Create(realm, Self(self).Source, Self(self).Flags);
            copy.LastIndex = Self(self).LastIndex;
            return IteratorBuiltins.Walk(realm, "RegExp String Iterator", All(realm, copy, text).Select(match => copy.Result(realm, match, text)));
        })
        .Method(Symbol.Search, "[Symbol.search]", 1, (realm, self, a) => Self(self).MatchAt(realm, Coerce.ToText(a.At(0)), 0)?.Index ?? -1)
        .Method(Symbol.Replace, "[Symbol.replace]", 2, Replace)
        .Method(Symbol.Split, "[Symbol.split]", 2, Split);

    public static JsObject Constructor(Realm realm)
    {
        static JsValue Make(Realm r, JsValue[] a)
        {
            var given = a.At(0).Ref as JsRegExp;
            var source = given?.Source ?? (a.At(0).IsUndefined ? "" : Coerce.ToText(a[0]));
            return Create(r, source, a.At(1).IsUndefined ? given?.Flags ?? "" : Coerce.ToText(a[1]));
        }

        var type = new NativeFunction(realm, "RegExp", 2, (r, _, a) => Make(r, a), (r, a, _) => Make(r, a));
        type.WriteOwn("prototype", new(realm.Prototype("RegExp", Prototype), Attributes.None));
        return type;
    }

    public static JsRegExp Create(Realm realm, string pattern, string flags)
    {
        realm.Budget.Reserve(pattern.Length * 64L);
        if (flags.Length > 0 && (flags.Distinct().Count() != flags.Length || flags.Any(flag => !"dgimsuvy".Contains(flag))))
            throw Errors.Syntax($"The regular expression's flags '{Coerce.Shorten(flags)}' are not valid.");
        try
        {
            return new(realm.Prototype("RegExp", Prototype), pattern, string.Concat(flags.Order()), RegexTranslator.Compile(pattern, flags, realm.Budget.RegexTimeout));
        }
        catch (ArgumentException e)
        {
            throw Errors.Syntax($"The regular expression /{Coerce.Shorten(pattern)}/ is not valid: {e.Message}");
        }
    }

    private static JsRegExp Self(JsValue value) => Arguments.This<JsRegExp>(value, "regular expression");

    private static string Source(JsValue self) =>
        Self(self).Source is { Length: > 0 } source ? source.Replace("\n", "\\n", StringComparison.Ordinal) : "(?:)";

    private static IEnumerable<Match> All(Realm realm, JsRegExp regex, string text)
    {
        if (!regex.IsGlobal)
        {
            if (regex.Next(realm, text) is { } only)
                yield return only;
            yield break;
        }

        while (regex.Next(realm, text) is { } match)
        {
            if (match.Length == 0)
                regex.LastIndex = match.Index + (regex.Flags.Contains('u') && match.Index + 1 < text.Length && char.IsSurrogatePair(text, match.Index) ? 2 : 1);
            yield return match;
        }
    }

    private static JsValue Match(Realm realm, JsValue self, JsValue[] a)
    {
        var (regex, text) = (Self(self), Coerce.ToText(a.At(0)));
        if (!regex.IsGlobal)
            return regex.Next(realm, text) is { } match ? regex.Result(realm, match, text) : JsValue.Null;
        regex.LastIndex = 0;
        var found = All(realm, regex, text).Select(match => (JsValue)match.Value).ToArray();
        return found.Length == 0 ? JsValue.Null : realm.NewArray(found);
    }

    private static JsValue Replace(Realm realm, JsValue self, JsValue[] a)
    {
        var (regex, text) = (Self(self), Coerce.ToText(a.At(0)));
        var function = a.At(1).IsCallable ? a.At(1).AsObject : null;
        var template = function is null ? Coerce.ToText(a.At(1)) : "";
        if (regex.IsGlobal)
            regex.LastIndex = 0;
        var result = new StringBuilder();
        var from = 0;
        foreach (var match in All(realm, regex, text).ToList())
        {
            var captures = regex.Captures(match);
            var groups = regex.NamedGroups(captures);
            result.Append(text, from, match.Index - from);
            if (function is null)
                result.Append(Replacement.Expand(template, text, match.Index, match.Value, captures, groups));
            else
            {
                JsValue[] arguments = [match.Value, .. captures, match.Index, text];
                result.Append(Coerce.ToText(function.Call(JsValue.Undefined, groups is null ? arguments : [.. arguments, groups])));
            }

            from = match.Index + match.Length;
        }

        realm.Budget.Reserve(2L * result.Length);
        return result.Append(text, from, text.Length - from).ToString();
    }

    private static JsValue Split(Realm realm, JsValue self, JsValue[] a)
    {
        var text = Coerce.ToText(a.At(0));
        var regex = Create(realm, Self(self).Source, Self(self).Flags.Replace("y", "", StringComparison.Ordinal));
        var limit = a.At(1).IsUndefined ? uint.MaxValue : Coerce.ToUInt32(a[1]);
        var parts = new ValueList([]);
        if (limit == 0)
            return realm.NewArray([]);
        if (text.Length == 0)
            return realm.NewArray(regex.MatchAt(realm, text, 0) is null ? [text] : []);
        var from = 0;
        for (var at = 0; at < text.Length;)
        {
            var match = regex.MatchAt(realm, text, at);
            if (match is null || match.Index >= text.Length)
                break;
            if (match.Length == 0 && match.Index == from)
            {
                at = match.Index + 1;
                if (match.Index != from || at > text.Length)
                    continue;
                // An empty match splits only after at least one character.
                match = regex.MatchAt(realm, text, at);
                if (match is null || match.Index >= text.Length)
                    break;
            }

            parts.Add(text[from..match.Index]);
            if (parts.Count >= limit)
                return realm.NewArray(parts.ToArray());
            foreach (var capture in regex.Captures(match))
            {
                parts.Add(capture);
                if (parts.Count >= limit)
                    return realm.NewArray(parts.ToArray());
            }

            from = match.Index + match.Length;
            at = from;
        }

        parts.Add(text[from..]);
        return realm.NewArray(parts.ToArray());
    }
}

internal static class Replacement
{
    /// <summary>Fills $1, $&lt;name&gt;, $&amp;, $`, $' and $$.</summary>
    public static string Expand(string template, string text, int at, string match, JsValue[] captures, JsObject? groups)
    {
        if (!template.Contains('$'))
            return template;
        var result = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var next = i + 1 < template.Length ? template[i + 1] : '\0';
            if (template[i] != '$')
                result.Append(template[i]);
            else if (next == '$')
                result.Append(template[i++]);
            else if (next == '&')
            {
                result.Append(match);
                i++;
            }
            else if (next == '`')
            {
                result.Append(text, 0, at);
                i++;
            }
            else if (next == '\'')
            {
                result.Append(text, at + match.Length, text.Length - at - match.Length);
                i++;
            }
            else if (char.IsAsciiDigit(next))
            {
                var number = next - '0';
                var digits = 1;
                if (i + 2 < template.Length && char.IsAsciiDigit(template[i + 2]) && number * 10 + template[i + 2] - '0' is var two && two <= captures.Length && two > 0)
                    (number, digits) = (two, 2);
                if (number == 0 || number > captures.Length)
                {
                    result.Append('$');
                    continue;
                }

                result.Append(captures[number - 1].IsUndefined ? "" : captures[number - 1].AsString);
                i += digits;
            }
            else if (next == '<' && groups is not null && template.IndexOf('>', i) is > 0 and var end)
            {
                var value = groups.Get(template[(i + 2)..end]);
                result.Append(value.IsUndefined ? "" : Coerce.ToText(value));
                i = end;
            }
            else
                result.Append('$');
        }

        return result.ToString();
    }
}
