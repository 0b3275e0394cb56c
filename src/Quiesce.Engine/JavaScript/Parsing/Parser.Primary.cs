using Quiesce.Engine.JavaScript.Builtins;
using Quiesce.Engine.JavaScript.Nodes;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Parsing;

internal sealed partial class Parser
{
    private Node Primary()
    {
        var token = _token;
        var position = token.Start;
        switch (token.Kind)
        {
            case TokenKind.Number:
                Advance();
                return new Literal(token.Number) { Position = position };
            case TokenKind.String:
                Advance();
                return new Literal(token.Text!) { Position = position };
            case TokenKind.BigInt:
                Advance();
                return Literal.BigInt(token.Text!);
            case TokenKind.Template:
                return Template(null);
            case TokenKind.Identifier:
                if (IsAsyncFunction())
                    return FunctionExpression();
                return Reference(Name(), position);
            case TokenKind.Keyword:
                return KeywordPrimary(token);
            case TokenKind.Punctuator:
                break;
            default:
                throw Unexpected();
        }

        switch (token.Text)
        {
            case "(":
                Advance();
                var noIn = _noIn;
                _noIn = false;
                var inner = Expression();
                _noIn = noIn;
                Expect(")");
                if (inner is LogicalNode)
                    _parenthesised.Add(inner);
                return inner;
            case "[": return ArrayLiteral();
            case "{": return ObjectLiteral();
            case "/" or "/=":
                var regex = _lexer.Regex(position);
                if (RegexTranslator.Problem(regex.Pattern, regex.Flags) is { } problem)
                    throw Error(problem, position);
                _lastEnd = regex.End;
                _token = _lexer.Next();
                return new RegexNode(regex.Pattern, regex.Flags) { Position = position };
            default:
                throw Unexpected();
        }
    }

    private Node KeywordPrimary(Token token)
    {
        var position = token.Start;
        switch (token.Text)
        {
            case "function": return FunctionExpression();
            case "class": return Class(false).Node;
            case "this":
                Advance();
                return new ThisNode { Position = position };
            case "null" or "true" or "false":
                Advance();
                return new Literal(token.Text == "null" ? JsValue.Null : token.Text == "true") { Position = position };
            default:
                throw Unexpected();
        }
    }

    private Node Template(Node? tag)
    {
        var position = _token.Start;
        var cooked = new List<string?>();
        var raw = new List<string>();
        var parts = new List<Node>();
        var noIn = _noIn;
        _noIn = false;
        while (true)
        {
            if (_token.Text is null && tag is null)
                throw Error("The escape in the template is not valid.");
            cooked.Add(_token.Text);
            raw.Add(_token.Raw!);
            if (_token.Tail)
                break;
            Advance();
            parts.Add(Expression());
            if (!Is("}"))
                throw Error("'}' is missing in the template.");
            _lexer.Position = _token.End;
            _token = _lexer.TemplateChunk(_token.Start, false);
        }

        _noIn = noIn;
        Advance();
        return tag is null ? new TemplateNode([.. cooked.Select(text => text!)], [.. parts]) { Position = position }
            : new TaggedTemplate(tag, [.. cooked], [.. raw], [.. parts]) { Position = position };
    }

    private ArrayNode ArrayLiteral()
    {
        var position = Advance().Start;
        var noIn = _noIn;
        _noIn = false;
        var items = new List<Node?>();
        while (!Take("]"))
        {
            if (Take(","))
            {
                items.Add(null);
                continue;
            }

            items.Add(Take("...") ? new SpreadNode(Assignment()) : Assignment());
            if (!Is("]"))
                Expect(",");
        }

        _noIn = noIn;
        return new([.. items]) { Position = position };
    }

    private ObjectNode ObjectLiteral()
    {
        var position = Advance().Start;
        var noIn = _noIn;
        _noIn = false;
        var members = new List<MemberNode>();
        while (!Take("}"))
        {
            members.Add(Member());
            if (!Is("}"))
                Expect(",");
        }

        _noIn = noIn;
        return new([.. members]) { Position = position };
    }

    private MemberNode Member()
    {
        if (Take("..."))
            return new(MemberKind.Spread, null, Assignment());
        var start = _token;
        var (isAsync, isGenerator, kind) = MethodPrefix();
        var isWord = _token.Kind is TokenKind.Identifier or TokenKind.Keyword;
        var isReserved = !IsName(_token);
        var name = _token.Text;
        var (key, computed) = PropertyName();
        if (kind != MemberKind.Value || isAsync || isGenerator || Is("("))
            return new(kind, key, Method(isAsync, isGenerator, kind, false, false), isComputed: computed);
        if (Take(":"))
        {
            var value = Assignment();
            if (!computed && name == "__proto__")
                return new(MemberKind.Prototype, null, value);
            if (key is Literal { Value: { IsString: true } text })
                value.GiveName(text.AsString);
            return new(MemberKind.Value, key, value);
        }

        if (!isWord || computed || isReserved)
            throw Unexpected();
        var reference = Reference(name!, start.Start);
        if (!Is("="))
            return new(MemberKind.Value, key, reference);
        _coverDefault = _token.Start;
        var cover = _coverDefault;
        Advance();
        var standIn = Assignment();
        standIn.GiveName(name!);
        _coverDefault = cover;
        return new(MemberKind.Value, key, new AssignNode(reference, standIn));
    }

    /// <summary>async, *, get and set before a name; each may also be the name itself.</summary>
    private (bool IsAsync, bool IsGenerator, MemberKind Kind) MethodPrefix()
    {
        var (isAsync, isGenerator, kind) = (false, false, MemberKind.Value);
        if (IsWord("async") && Peek() is { NewLineBefore: false } next && !EndsName(next))
        {
            isAsync = true;
            Advance();
        }

        if (Take("*"))
            isGenerator = true;
        if (!isAsync && !isGenerator && (IsWord("get") || IsWord("set")) && !EndsName(Peek()))
            kind = Advance().Text == "get" ? MemberKind.Get : MemberKind.Set;
        return (isAsync, isGenerator, kind);
    }

    private static bool EndsName(Token next) =>
        next.Kind == TokenKind.End || next.Kind == TokenKind.Punctuator && next.Text is "(" or "," or "}" or ":" or "=" or ";";

    private (Node Key, bool Computed) PropertyName()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Identifier or TokenKind.Keyword or TokenKind.String:
                Advance();
                return (new Literal(token.Text!) { Position = token.Start }, false);
            case TokenKind.Number:
                Advance();
                return (new Literal(Numbers.Format(token.Number)), false);
            case TokenKind.BigInt:
                Advance();
                return (new Literal(token.Text!.TrimStart('0') is { Length: > 0 } digits ? digits : "0"), false);
            case TokenKind.PrivateName:
                throw Error("A #name can only be used in a class.");
            default:
                Expect("[");
                var noIn = _noIn;
                _noIn = false;
                var key = Assignment();
                _noIn = noIn;
                Expect("]");
                return (key, true);
        }
    }
}
