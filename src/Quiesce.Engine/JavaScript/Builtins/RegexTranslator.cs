using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>A regular expression in .NET's words, with the numbers of its named groups.</summary>
internal sealed record CompiledRegex(Regex Regex, Regex Sticky, int Groups, IReadOnlyList<(string Name, int Number)> Names);

/// <summary>Rewrites a JavaScript pattern for .NET, whose classes, anchors, group numbers and back-references differ.</summary>
internal sealed partial class RegexTranslator
{
    private const string WordSet = "a-zA-Z0-9_";
    private const string BlankSet = @"\t\n\v\f\r\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
    private const string LineEnds = @"\n\r\u2028\u2029";
    private const string Pair = @"[\ud800-\udbff][\udc00-\udfff]";
    private const int CacheSize = 256;
    private const int LongestPattern = 50_000;
    private const int DeepestGroup = 200;

    private static readonly ConcurrentDictionary<(string, string, TimeSpan), CompiledRegex> Cache = new();

    private readonly string _pattern;
    private readonly bool _unicode;
    private readonly bool _multiline;
    private readonly bool _dotAll;
    private readonly bool _ignoreCase;
    private readonly StringBuilder _out = new();
    private readonly List<(string Name, int Number)> _names = [];
    private readonly int _groups;
    private readonly bool _hasNames;
    private int _at;
    private int _group;

    private RegexTranslator(string pattern, string flags)
    {
        _pattern = pattern;
        _unicode = flags.Contains('u') || flags.Contains('v');
        _multiline = flags.Contains('m');
        _dotAll = flags.Contains('s');
        _ignoreCase = flags.Contains('i');
        (_groups, _hasNames) = CountGroups(pattern);
    }

    /// <summary>What is wrong with a regular expression, or null.</summary>
    public static string? Problem(string pattern, string flags)
    {
        if (flags.Distinct().Count() != flags.Length || flags.Any(flag => !"dgimsuvy".Contains(flag)))
            return $"The regular expression's flags '{flags}' are not valid.";
        try
        {
            Compile(pattern, flags, TimeSpan.FromSeconds(5));
            return null;
        }
        catch (ArgumentException e)
        {
            return $"The regular expression /{Runtime.Coerce.Shorten(pattern)}/ is not valid: {e.Message}";
        }
    }

    public static CompiledRegex Compile(string pattern, string flags, TimeSpan timeout)
    {
        var key = (pattern, string.Concat(flags.Where(flag => "imsuv".Contains(flag))), timeout);
        if (Cache.TryGetValue(key, out var known))
            return known;
        var translator = new RegexTranslator(pattern, flags);
        var text = translator.Translate();
        var options = RegexOptions.CultureInvariant | (translator._ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        var made = new CompiledRegex(new Regex(text, options, timeout), new Regex($@"\G(?:{text})", options, timeout), translator._groups, translator._names);
        if (Cache.Count >= CacheSize)
            Cache.Clear();
        return Cache[key] = made;
    }

    private static (int Groups, bool HasNames) CountGroups(string pattern)
    {
        // .NET takes seconds to read what is nested thousands deep, and cannot be interrupted while it does.
        if (pattern.Length > LongestPattern)
            throw new ArgumentException("it is too long");
        var (groups, names, inClass, depth) = (0, false, false, 0);
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\': i++; break;
                case '[': inClass = true; break;
                case ']': inClass = false; break;
                case ')' when !inClass:
                    depth--;
                    break;
                case '(' when !inClass:
                    if (++depth > DeepestGroup)
                        throw new ArgumentException("its groups are nested too deeply");
                    var named = i + 3 < pattern.Length && pattern[i + 1] == '?' && pattern[i + 2] == '<' && pattern[i + 3] is not '=' and not '!';
                    names |= named;
                    if (named || i + 1 >= pattern.Length || pattern[i + 1] != '?')
                        groups++;
                    break;
                default: break;
            }
        }

        return (groups, names);
    }

    private string Translate()
    {
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at++];
            switch (c)
            {
                case '(': Group(); break;
                case '[': Class(); break;
                case '\\': Escape(); break;
                case '.': _out.Append(Dot()); break;
                case '^': _out.Append(_multiline ? $@"(?<=\A|[{LineEnds}])" : @"\A"); break;
                case '$': _out.Append(_multiline ? $@"(?=[{LineEnds}]|\z)" : @"\z"); break;
                default:
                    if (_unicode && char.IsHighSurrogate(c) && _at < _pattern.Length && char.IsLowSurrogate(_pattern[_at]))
                        _out.Append("(?:").Append(c).Append(_pattern[_at++]).Append(')');
                    else
                        _out.Append(c is '#' or ' ' ? "\\" + c : c.ToString());
                    break;
            }
        }

        return _out.ToString();
    }

    private string Dot()
    {
        var unit = _dotAll ? @"[\s\S]" : $"[^{LineEnds}]";
        return _unicode ? $"(?:{Pair}|{unit})" : unit;
    }

    private void Group()
    {
        if (_at >= _pattern.Length || _pattern[_at] != '?')
        {
            _out.Append(CultureInfo.InvariantCulture, $"(?<{++_group}>");
            return;
        }

        if (_at + 2 < _pattern.Length && _pattern[_at + 1] == '<' && _pattern[_at + 2] is not '=' and not '!')
        {
            var end = _pattern.IndexOf('>', _at);
            var name = end < 0 ? "" : _pattern[(_at + 2)..end];
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsLetterOrDigit(c) || c is '_' or '$'))
                throw new ArgumentException("a group's name is not valid");
            if (_names.Exists(known => known.Name == name))
                throw new ArgumentException($"the group '{name}' exists twice");
            _names.Add((name, ++_group));
            _out.Append(CultureInfo.InvariantCulture, $"(?<{_group}>");
            _at = end + 1;
            return;
        }

        foreach (var opening in (ReadOnlySpan<string>)["?:", "?=", "?!", "?<=", "?<!"])
        {
            if (string.CompareOrdinal(_pattern, _at, opening, 0, opening.Length) != 0)
                continue;
            _out.Append('(').Append(opening);
            _at += opening.Length;
            return;
        }

        throw new ArgumentException("the group begins in an unknown way");
    }

    private void Escape()
    {
        if (_at >= _pattern.Length)
            throw new ArgumentException("it ends with a backslash");
        var c = _pattern[_at];
        switch (c)
        {
            case 'b':
                _at++;
                _out.Append($"(?:(?<=[{WordSet}])(?![{WordSet}])|(?<![{WordSet}])(?=[{WordSet}]))");
                return;
            case 'B':
                _at++;
                _out.Append($"(?:(?<=[{WordSet}])(?=[{WordSet}])|(?<![{WordSet}])(?![{WordSet}]))");
                return;
            case 'k' when _unicode || _hasNames:
                var end = _pattern.IndexOf('>', _at);
                if (end < 0 || _at + 1 >= _pattern.Length || _pattern[_at + 1] != '<')
                    throw new ArgumentException("a named back-reference is not complete");
                Reference(GroupNumber(_pattern[(_at + 2)..end]));
                _at = end + 1;
                return;
            case >= '1' and <= '9':
                var digits = 1;
                while (_at + digits < _pattern.Length && char.IsAsciiDigit(_pattern[_at + digits]) && digits < 4)
                    digits++;
                for (; digits > 0; digits--)
                {
                    var number = int.Parse(_pattern.AsSpan(_at, digits), CultureInfo.InvariantCulture);
                    if (number > _groups)
                        continue;
                    _at += digits;
                    Reference(number);
                    return;
                }

                if (_unicode)
                    throw new ArgumentException("a back-reference names a group that does not exist");
                break;
            default:
                break;
        }

        var (set, point) = ClassEscape(false);
        _out.Append(set is null ? Literal(point) : set.StartsWith("(?", StringComparison.Ordinal) ? set : set.StartsWith('^') ? $"[{set}]" : $"[{set}]");
    }

    /// <summary>A group that has not matched is empty in JavaScript, where .NET would fail.</summary>
    private void Reference(int number) => _out.Append(CultureInfo.InvariantCulture, $@"(?:(?({number})\k<{number}>))");

    private int GroupNumber(string name)
    {
        var found = _names.Find(known => known.Name == name).Number;
        if (found > 0)
            return found;
        // The group stands further right: count up to it.
        var at = _pattern.IndexOf($"(?<{name}>", StringComparison.Ordinal);
        return at < 0 ? throw new ArgumentException($"the group '{name}' does not exist") : CountGroups(_pattern[..at]).Groups + 1;
    }

    private static string Literal(int point) =>
        point > 0xffff ? $"(?:{Unit(char.ConvertFromUtf32(point)[0])}{Unit(char.ConvertFromUtf32(point)[1])})" : Unit((char)point);

    private static string Unit(int unit) => $@"\u{unit:x4}";
}
