using Quiesce.Engine.JavaScript.Nodes;

namespace Quiesce.Engine.JavaScript.Parsing;

internal sealed partial class Parser
{
    private EmptyStatement FunctionDeclaration()
    {
        var position = _token.Start;
        var isAsync = TakeWord("async");
        Advance();
        var isGenerator = Take("*");
        var at = _token.Start;
        var name = Name();
        var target = Declare(name, BindingKind.Function, at);
        var node = Function(name, position, isAsync, isGenerator, null);
        // The last declaration of a name wins, as in every engine.
        _scope.Functions.RemoveAll(other => other.Target.Name == name);
        _scope.Functions.Add((target, node));
        return new() { Position = position };
    }

    private FunctionNode FunctionExpression()
    {
        var position = _token.Start;
        var isAsync = TakeWord("async");
        Advance();
        var isGenerator = Take("*");
        string? name = null;
        if (!Is("("))
            name = _token.Text == "await" && isAsync || _token.Kind != TokenKind.Identifier ? throw Unexpected() : Advance().Text;
        return Function(name, position, isAsync, isGenerator, name);
    }

    private FunctionNode Function(string? name, int start, bool isAsync, bool isGenerator, string? selfName)
    {
        var outer = _context;
        _context = new(isAsync, isGenerator, outer.IsStrict, true) { AllowsNewTarget = true };
        var plan = _scope = NewScope(_scope, true);
        if (selfName is not null)
            plan.SelfName = plan.Declare(selfName, BindingKind.FunctionName);
        var (parameters, rest) = Parameters();
        var body = FunctionBody();
        var node = new FunctionNode(plan, _source)
        {
            Name = name, IsAsync = isAsync, IsGenerator = isGenerator, IsStrict = _context.IsStrict, Parameters = parameters, Rest = rest, Body = body,
            Position = start, Start = start, End = _lastEnd,
        };
        _scope = plan.Parent!;
        _context = outer;
        return node;
    }

    private FunctionNode Method(bool isAsync, bool isGenerator, MemberKind kind, bool isConstructor, bool isDerived)
    {
        var start = _token.Start;
        var outer = _context;
        _context = new(isAsync, isGenerator, outer.IsStrict, true) { InMethod = true, InDerived = isConstructor && isDerived, AllowsNewTarget = true };
        var plan = _scope = NewScope(_scope, true);
        var (parameters, rest) = Parameters();
        if (kind == MemberKind.Get && parameters.Length > 0 || kind == MemberKind.Set && (parameters.Length != 1 || rest is not null))
            throw Error(kind == MemberKind.Get ? "A getter has no parameters." : "A setter has exactly one parameter.", start);
        var body = FunctionBody();
        var node = new FunctionNode(plan, _source)
        {
            IsMethod = true, IsAsync = isAsync, IsGenerator = isGenerator, IsStrict = _context.IsStrict, Parameters = parameters, Rest = rest, Body = body,
            Position = start, Start = start, End = _lastEnd,
        };
        _scope = plan.Parent!;
        _context = outer;
        return node;
    }

    private (PatternElement[] Items, ITarget? Remaining) Parameters()
    {
        Expect("(");
        var noIn = _noIn;
        _noIn = false;
        var parameters = new List<PatternElement>();
        ITarget? rest = null;
        while (!Take(")"))
        {
            if (Take("..."))
            {
                rest = BindingTarget(BindingKind.Parameter);
                Expect(")");
                break;
            }

            parameters.Add(BindingElement(BindingKind.Parameter));
            if (!Is(")"))
                Expect(",");
        }

        _noIn = noIn;
        return ([.. parameters], rest);
    }

    private Statement[] FunctionBody()
    {
        using var nesting = Deeper();
        var start = _token.Start;
        Expect("{");
        ReadDirectives();
        var noIn = _noIn;
        _noIn = false;
        var body = new List<Statement>();
        while (!Is("}"))
        {
            if (_token.Kind == TokenKind.End)
                throw Error("'}' is missing: a function is never closed.", start);
            body.Add(StatementListItem());
        }

        _noIn = noIn;
        Advance();
        return [.. body];
    }

    private FunctionNode Arrow(bool isAsync)
    {
        var start = _token.Start;
        if (isAsync)
            Advance();
        var outer = _context;
        _context = outer with { IsAsync = isAsync, IsGenerator = false, InFunction = true, NoReturn = false, InLoop = false, InBreakable = false, Labels = [] };
        var plan = _scope = NewScope(_scope, true, true);
        PatternElement[] parameters;
        ITarget? rest = null;
        if (Is("("))
            (parameters, rest) = Parameters();
        else
        {
            var at = _token.Start;
            parameters = [new(Declare(Name(), BindingKind.Parameter, at), null)];
        }

        if (_token.NewLineBefore)
            throw Error("=> must stand on the same line as the parameters.");
        Expect("=>");
        Statement[] body = [];
        Node? value = null;
        if (Is("{"))
            body = FunctionBody();
        else
            value = Assignment();
        var node = new FunctionNode(plan, _source)
        {
            IsArrow = true, IsAsync = isAsync, IsStrict = _context.IsStrict, Parameters = parameters, Rest = rest, Body = body, Value = value,
            Position = start, Start = start, End = _lastEnd,
        };
        _scope = plan.Parent!;
        _context = outer;
        return node;
    }

    private bool IsArrow(out bool isAsync)
    {
        isAsync = false;
        if (Is("("))
            return IsArrowAfterParenthesis();
        if (_token.Kind != TokenKind.Identifier)
            return false;
        var next = Peek();
        if (next.Is("=>"))
            return IsName(_token);
        if (!IsWord("async") || next.NewLineBefore)
            return false;
        var (position, token) = (_lexer.Position, _token);
        _token = _lexer.Next();
        isAsync = _token.Kind == TokenKind.Identifier && Peek().Is("=>") || Is("(") && IsArrowAfterParenthesis();
        (_lexer.Position, _token) = (position, token);
        return isAsync;
    }

    /// <summary>Skips to the matching parenthesis and looks for =>. What is learnt about the parentheses inside is remembered, so that the source is skipped once, not once per level.</summary>
    private bool IsArrowAfterParenthesis()
    {
        if (_arrows.TryGetValue(_token.Start, out var known))
            return known;
        var position = _lexer.Position;
        var answer = false;
        try
        {
            var first = _lexer.Next();
            var may = first.Kind == TokenKind.Identifier || first.Is(")") || first.Is("{") || first.Is("[") || first.Is("...");
            _lexer.Position = position;
            answer = may && SkipBrackets() && _lexer.Next() is { NewLineBefore: false } next && next.Is("=>");
        }
        catch (ScriptException)
        {
            // Not readable as an arrow function; reading it as an expression says what is wrong.
        }

        _lexer.Position = position;
        return _arrows[_token.Start] = answer;
    }

    private bool SkipBrackets()
    {
        var open = new Stack<(string Close, int Start)>();
        open.Push((")", _token.Start));
        Token previous = default;
        var closed = -1;
        while (open.Count > 0)
        {
            var token = _lexer.Next();
            if (closed >= 0)
                _arrows[closed] = token.Is("=>") && !token.NewLineBefore;
            closed = -1;
            if (open.Count > DeepestNesting)
                throw Error("The script is nested too deeply.", token.Start);
            if (token.Kind == TokenKind.End)
                return false;
            if (token.Kind == TokenKind.Template && !token.Tail)
                open.Push(("`", token.Start));
            else if (token.Kind == TokenKind.Punctuator)
            {
                switch (token.Text)
                {
                    case "(": open.Push((")", token.Start)); break;
                    case "[": open.Push(("]", token.Start)); break;
                    case "{": open.Push(("}", token.Start)); break;
                    case "}" when open.Peek().Close == "`":
                        token = _lexer.TemplateChunk(token.Start, false);
                        if (token.Tail)
                            open.Pop();
                        break;
                    case ")" or "]" or "}":
                        var opening = open.Pop();
                        if (opening.Close != token.Text)
                            return false;
                        closed = token.Text == ")" ? opening.Start : -1;
                        break;
                    case "/" or "/=" when !EndsOperand(previous):
                        _lexer.Regex(token.Start);
                        token = token with { Kind = TokenKind.String };
                        break;
                    default: break;
                }
            }

            previous = token;
        }

        return true;
    }

    private static bool EndsOperand(Token token) => token.Kind switch
    {
        TokenKind.Punctuator => token.Text is ")" or "]" or "}",
        TokenKind.Keyword => token.Text is "this" or "super" or "null" or "true" or "false",
        _ => token.Text is not null,
    };
}
