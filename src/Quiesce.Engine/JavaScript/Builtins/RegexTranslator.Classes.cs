using System.Globalization;
using System.Text;

namespace Quiesce.Engine.JavaScript.Builtins;

internal sealed partial class RegexTranslator
{
    private static readonly Dictionary<string, string> Categories = new()
    {
        ["Letter"] = @"\p{L}", ["Alphabetic"] = @"\p{L}\p{Nl}", ["Alpha"] = @"\p{L}\p{Nl}", ["Uppercase_Letter"] = @"\p{Lu}", ["Uppercase"] = @"\p{Lu}", ["Lowercase_Letter"] = @"\p{Ll}",
        ["Lowercase"] = @"\p{Ll}", ["Titlecase_Letter"] = @"\p{Lt}", ["Modifier_Letter"] = @"\p{Lm}", ["Other_Letter"] = @"\p{Lo}", ["Mark"] = @"\p{M}", ["Number"] = @"\p{N}",
        ["Decimal_Number"] = @"\p{Nd}", ["Letter_Number"] = @"\p{Nl}", ["Other_Number"] = @"\p{No}", ["Punctuation"] = @"\p{P}", ["Symbol"] = @"\p{S}", ["Currency_Symbol"] = @"\p{Sc}",
        ["Math_Symbol"] = @"\p{Sm}", ["Separator"] = @"\p{Z}", ["Space_Separator"] = @"\p{Zs}", ["Control"] = @"\p{Cc}", ["Other"] = @"\p{C}", ["White_Space"] = BlankSet,
        ["Any"] = @"\s\S", ["ASCII"] = @"\u0000-\u007f", ["ASCII_Hex_Digit"] = "0-9a-fA-F", ["ID_Start"] = @"\p{L}\p{Nl}", ["ID_Continue"] = @"\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}",
        ["Latin"] = @"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a", ["Greek"] = @"\u0370-\u0373\u0375-\u0377\u037a-\u037d\u037f\u0384\u0386\u0388-\u03e1\u03f0-\u03ff\u1f00-\u1fff",
        ["Cyrillic"] = @"\u0400-\u052f\u1c80-\u1c88\u2de0-\u2dff\ua640-\ua69f", ["Hebrew"] = @"\u0591-\u05f4", ["Arabic"] = @"\u0600-\u0604\u0606-\u060b\u060d-\u061a\u061c-\u061e\u0620-\u063f\u0641-\u064a\u0656-\u06ff\u0750-\u077f",
        ["Han"] = @"\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9", ["Hiragana"] = @"\u3041-\u3096\u309d-\u309f", ["Katakana"] = @"\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d",
        ["Hangul"] = @"\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3", ["Thai"] = @"\u0e01-\u0e3a\u0e40-\u0e5b", ["Devanagari"] = @"\u0900-\u0950\u0955-\u0963\u0966-\u097f",
    };

    private void Class()
    {
        var negated = _at < _pattern.Length && _pattern[_at] == '^';
        if (negated)
            _at++;
        var set = new StringBuilder();
        var wide = new List<string>();
        while (true)
        {
            if (_at >= _pattern.Length)
                throw new ArgumentException("a class is never closed");
            if (_pattern[_at] == ']')
                break;
            var (low, from) = ClassItem();
            var isRange = _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']';
            if (low is not null || !isRange)
            {
                Add(set, wide, low, from, from);
                continue;
            }

            var dash = _at++;
            var (high, to) = ClassItem();
            if (high is not null)
            {
                Add(set, wide, null, from, from);
                Add(set, wide, null, '-', '-');
                Add(set, wide, high, 0, 0);
            }
            else if (to < from)
                throw new ArgumentException("a range in a class is out of order");
            else
                Add(set, wide, null, from, to);
            _ = dash;
        }

        _at++;
        if (set.Length == 0 && wide.Count == 0)
            _out.Append(negated ? _unicode ? $@"(?:{Pair}|[\s\S])" : @"[\s\S]" : "(?!)");
        else if (wide.Count == 0 && !(negated && _unicode))
            _out.Append(negated ? "[^" : "[").Append(set).Append(']');
        else
        {
            if (set.Length > 0)
                wide.Add($"[{set}]");
            var any = string.Join('|', wide);
            _out.Append(negated ? $@"(?:(?!{any})(?:{Pair}|[\s\S]))" : $"(?:{any})");
        }
    }

    private (string? Set, int Point) ClassItem()
    {
        var c = _pattern[_at++];
        if (c == '\\')
        {
            if (_at >= _pattern.Length)
                throw new ArgumentException("it ends with a backslash");
            if (_pattern[_at] == 'b')
            {
                _at++;
                return (null, '\b');
            }

            if (_pattern[_at] == '-')
            {
                _at++;
                return (null, '-');
            }

            return ClassEscape(true);
        }

        if (_unicode && char.IsHighSurrogate(c) && _at < _pattern.Length && char.IsLowSurrogate(_pattern[_at]))
            return (null, char.ConvertToUtf32(c, _pattern[_at++]));
        return (null, c);
    }

    private static void Add(StringBuilder set, List<string> wide, string? ready, int from, int to)
    {
        if (ready is not null)
        {
            if (ready.StartsWith('^'))
                wide.Add($"[{ready}]");
            else
                set.Append(ready);
            return;
        }

        if (from <= 0xffff)
            set.Append(from == to ? Unit(from) : $"{Unit(from)}-{Unit(Math.Min(to, 0xffff))}");
        for (var point = Math.Max(from, 0x10000); point <= to;)
        {
            // One high surrogate covers 1,024 points; whole rows of them become one range.
            var high = 0xd800 + ((point - 0x10000) >> 10);
            var lastOfRow = 0x10000 + ((high - 0xd800 + 1) << 10) - 1;
            var startsRow = ((point - 0x10000) & 0x3ff) == 0;
            if (startsRow && lastOfRow < to)
            {
                var lastHigh = 0xd800 + ((to + 1 - 0x10000) >> 10) - 1;
                wide.Add($@"[{Unit(high)}-{Unit(lastHigh)}][\udc00-\udfff]");
                point = 0x10000 + ((lastHigh - 0xd800 + 1) << 10);
                continue;
            }

            var end = Math.Min(lastOfRow, to);
            wide.Add($"{Unit(high)}[{Unit(0xdc00 + ((point - 0x10000) & 0x3ff))}-{Unit(0xdc00 + ((end - 0x10000) & 0x3ff))}]");
            point = end + 1;
        }
    }

    /// <summary>What stands after a backslash: the inside of a class (with ^ in front when it is the opposite), or one code point.</summary>
    private (string? Set, int Point) ClassEscape(bool inClass)
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case 'd': return ("0-9", 0);
            case 'D': return (inClass ? @"\u0000-\u002f\u003a-\uffff" : "^0-9", 0);
            case 'w': return (WordSet, 0);
            case 'W': return (inClass ? @"\u0000-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\uffff" : "^" + WordSet, 0);
            case 's': return (BlankSet, 0);
            case 'S': return ("^" + BlankSet, 0);
            case 'n': return (null, '\n');
            case 'r': return (null, '\r');
            case 't': return (null, '\t');
            case 'v': return (null, '\v');
            case 'f': return (null, '\f');
            case 'p' or 'P' when _unicode: return (Category(c == 'P'), 0);
            case 'c' when _at < _pattern.Length && char.IsAsciiLetter(_pattern[_at]): return (null, _pattern[_at++] % 32);
            case 'c': return (null, Back('\\'));
            case 'x': return (null, Hex(2) ?? 'x');
            case 'u': return (null, UnicodeEscape());
            case >= '0' and <= '7' when !_unicode || c == '0':
                var value = c - '0';
                while (_at < _pattern.Length && _pattern[_at] is >= '0' and <= '7' && value * 8 < 256 && !_unicode)
                    value = value * 8 + (_pattern[_at++] - '0');
                return (null, value);
            default:
                if (_unicode && char.IsAsciiLetterOrDigit(c))
                    throw new ArgumentException($"\\{c} is not an escape");
                return (null, c);
        }
    }

    private int Back(int point)
    {
        _at--;
        return point;
    }

    private int? Hex(int digits)
    {
        if (_at + digits > _pattern.Length || !int.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return _unicode ? throw new ArgumentException("an escape is not complete") : null;
        _at += digits;
        return value;
    }

    private int UnicodeEscape()
    {
        if (_unicode && _at < _pattern.Length && _pattern[_at] == '{')
        {
            var end = _pattern.IndexOf('}', _at);
            if (end < 0 || !int.TryParse(_pattern.AsSpan(_at + 1, end - _at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point is < 0 or > 0x10ffff)
                throw new ArgumentException("an escape is not complete");
            _at = end + 1;
            return point;
        }

        if (Hex(4) is not { } unit)
            return 'u';
        var isPair = _unicode && char.IsHighSurrogate((char)unit) && string.CompareOrdinal(_pattern, _at, "\\u", 0, 2) == 0 && _at + 6 <= _pattern.Length;
        if (!isPair || !int.TryParse(_pattern.AsSpan(_at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low) || !char.IsLowSurrogate((char)low))
            return unit;
        _at += 6;
        return char.ConvertToUtf32((char)unit, (char)low);
    }

    private string Category(bool opposite)
    {
        var end = _pattern.IndexOf('}', _at);
        if (end < 0 || _at >= _pattern.Length || _pattern[_at] != '{')
            throw new ArgumentException("a \\p{…} is not complete");
        var name = _pattern[(_at + 1)..end];
        _at = end + 1;
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
            name = name[(equals + 1)..];
        if (name is "Emoji" or "Emoji_Presentation" or "Extended_Pictographic")
            return opposite ? @"^\u2600-\u27bf\u2b50\u2b55\ud83c-\ud83e" : @"\u2600-\u27bf\u2b50\u2b55\ud83c-\ud83e\udc00-\udfff";
        if (!Categories.TryGetValue(name, out var set))
        {
            if (name.Length is 0 or > 2 || !"LMNPSZC".Contains(name[0]))
                throw new ArgumentException($"\\p{{{name}}} is not supported");
            set = $@"\p{{{name}}}";
        }

        return opposite ? "^" + set : set;
    }
}
