using System.Collections.Frozen;

namespace Quiesce.Engine.JavaScript.Parsing;

/// <summary>Reads tokens on demand. The parser says where a regular expression or the rest of a template may stand, because only it knows.</summary>
internal sealed partial class Lexer(string source)
{
    private static readonly FrozenSet<string> Keywords = new[]
    {
        "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "export", "extends", "false", "finally",
        "for", "function", "if", "import", "in", "instanceof", "new", "null", "return", "super", "switch", "this", "throw", "true", "try", "typeof",
        "var", "void", "while", "with", "enum",
    }.ToFrozenSet();

    private static readonly string[][] Punctuators =
    [
        [">>>="],
        ["...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??="],
        ["=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "**"],
        ["{", "}", "(", ")", "[", "]", ";", ",", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "?", ":", "=", ".", "@", "#"],
    ];

    private readonly Dictionary<string, string> _words = [];

    public int Position { get; set; }

    public string Source => source;

    private char Peek(int offset = 0) => Position + offset < source.Length ? source[Position + offset] : '\0';

    public ScriptException Error(string message, int position)
    {
        var (line, column) = SourceText.Locate(source, position);
        return new ScriptException($"{message} (line {line}, column {column})", line, column);
    }

    public Token Next()
    {
        var newLine = SkipBlanks();
        var start = Position;
        if (Position >= source.Length)
            return new(TokenKind.End, "end of script", start, start, newLine);
        var c = source[Position];
        if (IsIdentifierStart(c) || c == '\\')
            return Word(start, newLine, false);
        if (char.IsAsciiDigit(c) || c == '.' && char.IsAsciiDigit(Peek(1)))
            return Number(start, newLine);
        switch (c)
        {
            case '"' or '\'':
                return String(c, start, newLine);
            case '`':
                Position++;
                return TemplateChunk(start, newLine);
            case '#' when IsIdentifierStart(Peek(1)) || Peek(1) == '\\':
                Position++;
                return Word(start, newLine, true);
            default:
                break;
        }

        if (char.IsHighSurrogate(c) && IsSupplementaryStart())
            return Word(start, newLine, false);
        for (var length = 4; length >= 1; length--)
        {
            if (Position + length > source.Length)
                continue;
            var span = source.AsSpan(Position, length);
            foreach (var candidate in Punctuators[4 - length])
            {
                if (!span.SequenceEqual(candidate) || candidate == "?." && char.IsAsciiDigit(Peek(2)))
                    continue;
                Position += length;
                return new(TokenKind.Punctuator, candidate, start, Position, newLine);
            }
        }

        throw Error($"The character '{c}' cannot stand here.", start);
    }

    private bool SkipBlanks()
    {
        var newLine = false;
        while (Position < source.Length)
        {
            var c = source[Position];
            if (c is '\n' or '\r' or '\u2028' or '\u2029')
            {
                newLine = true;
                Position++;
            }
            else if (c is ' ' or '\t' or '\v' or '\f' or '\u00a0' or '\ufeff' || c > 127 && char.IsWhiteSpace(c))
                Position++;
            else if (c == '/' && Peek(1) == '/' || c == '#' && Position == 0 && Peek(1) == '!')
                SkipLine();
            else if (c == '/' && Peek(1) == '*')
            {
                var end = source.IndexOf("*/", Position + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw Error("The comment is never closed.", Position);
                newLine |= source.AsSpan(Position, end - Position).IndexOfAny("\n\r\u2028\u2029") >= 0;
                Position = end + 2;
            }
            else
                break;
        }

        return newLine;
    }

    private void SkipLine()
    {
        var end = source.AsSpan(Position).IndexOfAny("\n\r\u2028\u2029");
        Position = end < 0 ? source.Length : Position + end;
    }

    public RegexLiteral Regex(int start)
    {
        Position = start + 1;
        var inClass = false;
        while (true)
        {
            var c = Peek();
            if (Position >= source.Length || c is '\n' or '\r')
                throw Error("The regular expression is never closed.", start);
            if (c == '\\')
                Position++;
            else if (c == '[')
                inClass = true;
            else if (c == ']')
                inClass = false;
            else if (c == '/' && !inClass)
                break;
            Position++;
        }

        var pattern = source[(start + 1)..Position];
        var flags = ++Position;
        while (Position < source.Length && IsIdentifierPart(source[Position]))
            Position++;
        return new(pattern, source[flags..Position], Position);
    }

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c is '$' or '_' || c > 127 && char.IsLetter(c);

    private static bool IsIdentifierPart(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '$' or '_' or '\u200c' or '\u200d' ||
        c > 127 && (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.ConnectorPunctuation);

    private bool IsSupplementaryStart() =>
        Position + 1 < source.Length && char.IsLowSurrogate(source[Position + 1]) && char.IsLetter(source, Position);
}
