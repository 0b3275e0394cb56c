namespace Quiesce.Engine.JavaScript.Parsing;

internal enum TokenKind { End, Identifier, Keyword, Punctuator, Number, BigInt, String, Template, PrivateName }

/// <summary>One token. For a template the text is the cooked chunk (null when its escapes are invalid) and <see cref="Raw"/> the raw one.</summary>
internal readonly record struct Token(TokenKind Kind, string? Text, int Start, int End, bool NewLineBefore, double Number = 0, string? Raw = null, bool Escaped = false, bool Tail = false)
{
    public bool Is(string punctuator) => Kind == TokenKind.Punctuator && Text == punctuator;

    public bool IsWord(string word) => Kind is TokenKind.Keyword or TokenKind.Identifier && !Escaped && Text == word;
}

internal sealed record RegexLiteral(string Pattern, string Flags, int End);
