using System.Globalization;
using System.Numerics;
using System.Text;

namespace Quiesce.Engine.JavaScript.Parsing;

internal sealed partial class Lexer
{
    private Token Word(int start, bool newLine, bool isPrivate)
    {
        var from = Position;
        while (Position < Source.Length && IsIdentifierPart(Source[Position]))
            Position++;
        string text;
        var escaped = false;
        if (Peek() == '\\' || char.IsHighSurrogate(Peek()))
        {
            var builder = new StringBuilder(Source, from, Position - from, 64);
            while (Position < Source.Length)
            {
                if (Source[Position] == '\\')
                {
                    escaped = true;
                    Position++;
                    if (Peek() != 'u')
                        throw Error("A backslash in a name must begin a \\u escape.", Position);
                    Position++;
                    builder.Append(char.ConvertFromUtf32(UnicodeEscape() ?? throw Error("The \\u escape is not complete.", Position)));
                }
                else if (IsIdentifierPart(Source[Position]))
                    builder.Append(Source[Position++]);
                else if (char.IsHighSurrogate(Source[Position]) && IsSupplementaryStart())
                    builder.Append(Source[Position++]).Append(Source[Position++]);
                else
                    break;
            }

            text = builder.ToString();
        }
        else
            text = Source[from..Position];

        text = Intern(text);
        var kind = isPrivate ? TokenKind.PrivateName : Keywords.Contains(text) ? TokenKind.Keyword : TokenKind.Identifier;
        return new(kind, isPrivate ? Intern("#" + text) : text, start, Position, newLine, Escaped: escaped);
    }

    /// <summary>One string object per name and script, so that property lookups mostly compare references.</summary>
    private string Intern(string text)
    {
        if (_words.TryGetValue(text, out var known))
            return known;
        known = string.IsInterned(text) ?? text;
        _words[text] = known;
        return known;
    }

    private Token Number(int start, bool newLine)
    {
        var c = Peek();
        var next = char.ToLowerInvariant(Peek(1));
        double value;
        if (c == '0' && next is 'x' or 'o' or 'b' && c == '0')
        {
            var bits = next switch { 'x' => 4, 'o' => 3, _ => 1 };
            Position += 2;
            var digits = Digits(bits == 4);
            if (digits.Length == 0 || digits.Any(d => System.Convert.ToInt32(d.ToString(), 16) >> bits != 0))
                throw Error("The number is not complete.", start);
            var big = BigInteger.Zero;
            foreach (var d in digits)
                big = (big << bits) + System.Convert.ToInt32(d.ToString(), 16);
            if (Peek() == 'n')
            {
                Position++;
                return new(TokenKind.BigInt, big.ToString(CultureInfo.InvariantCulture), start, Position, newLine);
            }

            value = (double)big;
        }
        else
        {
            var text = new StringBuilder(Digits(false));
            if (Peek() == 'n')
            {
                Position++;
                return new(TokenKind.BigInt, text.ToString(), start, Position, newLine);
            }

            if (text.Length > 1 && text[0] == '0' && Peek() != '.')
            {
                var legacy = text.ToString();
                value = legacy.All(d => d < '8') ? legacy.Aggregate(0.0, (sum, d) => sum * 8 + (d - '0')) : double.Parse(legacy, CultureInfo.InvariantCulture);
            }
            else
            {
                if (Peek() == '.')
                {
                    Position++;
                    text.Append('.').Append(Digits(false));
                }

                if (Peek() is 'e' or 'E')
                {
                    text.Append('e');
                    Position++;
                    if (Peek() is '+' or '-')
                        text.Append(Source[Position++]);
                    var exponent = Digits(false);
                    if (exponent.Length == 0)
                        throw Error("The number's exponent is missing.", Position);
                    text.Append(exponent);
                }

                value = double.Parse(text.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            }
        }

        if (IsIdentifierStart(Peek()) || char.IsAsciiDigit(Peek()))
            throw Error("A name cannot begin right after a number.", Position);
        return new(TokenKind.Number, Source[start..Position], start, Position, newLine, value);
    }

    private string Digits(bool hex)
    {
        var from = Position;
        while (char.IsAsciiDigit(Peek()) || hex && char.IsAsciiHexDigit(Peek()) || Peek() == '_' && Position > from && Peek(-1) != '_')
            Position++;
        var text = Source[from..Position];
        if (text.EndsWith('_') || Peek() == '_')
            throw Error("A numeric separator must stand between two digits.", Position);
        return text.Replace("_", "", StringComparison.Ordinal);
    }

    private Token String(char quote, int start, bool newLine)
    {
        Position++;
        var from = Position;
        var plain = Source.AsSpan(from).IndexOfAny(quote, '\\', '\n');
        if (plain >= 0 && Source[from + plain] == quote)
        {
            Position = from + plain + 1;
            return new(TokenKind.String, Intern(Source.Substring(from, plain)), start, Position, newLine);
        }

        var builder = new StringBuilder();
        while (true)
        {
            if (Position >= Source.Length || Peek() is '\n' or '\r')
                throw Error("The string is never closed.", start);
            var c = Source[Position++];
            if (c == quote)
                break;
            if (c != '\\')
                builder.Append(c);
            else if (!Escape(builder, false))
                throw Error("The escape in the string is not valid.", Position);
        }

        return new(TokenKind.String, builder.ToString(), start, Position, newLine, Escaped: true);
    }

    /// <summary>Reads on from just behind a backtick or the brace that ends a substitution.</summary>
    public Token TemplateChunk(int start, bool newLine)
    {
        var cooked = new StringBuilder();
        var raw = new StringBuilder();
        var valid = true;
        while (true)
        {
            if (Position >= Source.Length)
                throw Error("The template is never closed.", start);
            var c = Source[Position++];
            if (c == '`')
                return new(TokenKind.Template, valid ? cooked.ToString() : null, start, Position, newLine, Raw: raw.ToString(), Tail: true);
            if (c == '$' && Peek() == '{')
            {
                Position++;
                return new(TokenKind.Template, valid ? cooked.ToString() : null, start, Position, newLine, Raw: raw.ToString());
            }

            if (c == '\r')
            {
                if (Peek() == '\n')
                    Position++;
                c = '\n';
            }

            if (c != '\\')
            {
                cooked.Append(c);
                raw.Append(c);
                continue;
            }

            var from = Position - 1;
            valid &= Escape(cooked, true);
            raw.Append(Source.AsSpan(from, Position - from).ToString().Replace("\r\n", "\n", StringComparison.Ordinal));
        }
    }

    private bool Escape(StringBuilder text, bool template)
    {
        if (Position >= Source.Length)
            return false;
        var c = Source[Position++];
        switch (c)
        {
            case 'n': text.Append('\n'); return true;
            case 't': text.Append('\t'); return true;
            case 'r': text.Append('\r'); return true;
            case 'b': text.Append('\b'); return true;
            case 'f': text.Append('\f'); return true;
            case 'v': text.Append('\v'); return true;
            case '\r':
                if (Peek() == '\n')
                    Position++;
                return true;
            case '\n' or '\u2028' or '\u2029':
                return true;
            case 'x':
                if (!char.IsAsciiHexDigit(Peek()) || !char.IsAsciiHexDigit(Peek(1)))
                    return false;
                text.Append((char)int.Parse(Source.AsSpan(Position, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                Position += 2;
                return true;
            case 'u':
                if (UnicodeEscape() is not { } point)
                    return false;
                if (point > 0xffff)
                    text.Append(char.ConvertFromUtf32(point));
                else
                    text.Append((char)point);
                return true;
            case >= '0' and <= '7' when !template || c == '0' && !char.IsAsciiDigit(Peek()):
                var value = c - '0';
                for (var more = c <= '3' ? 2 : 1; more > 0 && Peek() is >= '0' and <= '7'; more--)
                    value = value * 8 + (Source[Position++] - '0');
                text.Append((char)value);
                return true;
            case >= '1' and <= '9' when template:
                return false;
            default:
                text.Append(c);
                return true;
        }
    }

    private int? UnicodeEscape()
    {
        if (Peek() == '{')
        {
            var end = Source.IndexOf('}', Position);
            if (end < 0 || end - Position is < 2 or > 9)
                return null;
            if (!int.TryParse(Source.AsSpan(Position + 1, end - Position - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point is > 0x10ffff or < 0)
                return null;
            Position = end + 1;
            return point;
        }

        if (Position + 4 > Source.Length || !int.TryParse(Source.AsSpan(Position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            return null;
        Position += 4;
        return unit;
    }
}
