using Quiesce.Engine.JavaScript.Nodes;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Parsing;

internal sealed partial class Parser
{
    private void ReadDirectives()
    {
        // Only looks: the directive is still an expression statement of its own.
        if (_token is { Kind: TokenKind.String, Text: "use strict", Escaped: false })
            _context = _context with { IsStrict = true };
    }

    private Statement StatementListItem()
    {
        var position = _token.Start;
        if (IsWord("const"))
        {
            Advance();
            return Declaration(BindingKind.Const, position, false);
        }

        if (IsLetDeclaration())
        {
            Advance();
            return Declaration(BindingKind.Let, position, false);
        }

        if (IsWord("class"))
            return ClassDeclaration();
        if (IsWord("function") || IsAsyncFunction())
            return FunctionDeclaration();
        if (IsWord("import") && !(Peek() is var next && (next.Is("(") || next.Is("."))))
            throw Error("import cannot be used: scripts have no modules.");
        return IsWord("export") ? throw Error("export cannot be used: scripts have no modules.") : Statement([]);
    }

    private bool IsLetDeclaration()
    {
        if (!IsWord("let"))
            return false;
        var next = Peek();
        return next.Kind == TokenKind.Identifier && next.Text is not "in" and not "of" || next.Is("[") || next.Is("{") || next is { Kind: TokenKind.Identifier, Text: "of" } && false;
    }

    private bool IsAsyncFunction() => IsWord("async") && Peek() is { NewLineBefore: false } next && next.IsWord("function");

    private Statement Statement(string[] labels)
    {
        using var nesting = Deeper();
        var position = _token.Start;
        if (_token.Kind == TokenKind.Punctuator)
        {
            if (Is("{"))
                return BlockStatement();
            if (Take(";"))
                return new EmptyStatement { Position = position };
        }
        else if (_token.Kind == TokenKind.Keyword)
        {
            switch (_token.Text)
            {
                case "var":
                    Advance();
                    return Declaration(BindingKind.Var, position, false);
                case "if": return If();
                case "for": return For(labels);
                case "while": return While(labels);
                case "do": return DoWhile(labels);
                case "continue" or "break": return Jump();
                case "return": return Return();
                case "throw": return Throw();
                case "try": return Try();
                case "switch": return Switch();
                case "function": return FunctionDeclaration();
                case "class" or "const": throw Error($"A {_token.Text} declaration cannot stand alone here: put it in braces.");
                case "with": throw Error("with cannot be used.");
                case "debugger":
                    Advance();
                    EndStatement();
                    return new EmptyStatement { Position = position };
                default: break;
            }
        }
        else if (IsName(_token) && Peek().Is(":"))
            return Labeled(labels);

        var expression = Expression();
        EndStatement();
        return new ExpressionStatement(expression, !_context.InFunction) { Position = position };
    }

    private LabeledStatement Labeled(string[] labels)
    {
        var position = _token.Start;
        var label = Name();
        Expect(":");
        if (_context.Labels.Contains(label))
            throw Error($"The label '{label}' is used twice.", position);
        var outer = _context;
        _context = outer with { Labels = [.. outer.Labels, label] };
        var body = IsWord("function") ? FunctionDeclaration() : Statement([.. labels, label]);
        _context = outer;
        return new(label, body) { Position = position };
    }

    private Block BlockStatement()
    {
        var position = _token.Start;
        Expect("{");
        var plan = _scope = NewScope(_scope, false);
        var body = new List<Statement>();
        while (!Is("}"))
        {
            if (_token.Kind == TokenKind.End)
                throw Error("'}' is missing: a block is never closed.", position);
            body.Add(StatementListItem());
        }

        Advance();
        _scope = plan.Parent!;
        return new(plan, [.. body]) { Position = position };
    }

    /// <summary>After var, let or const.</summary>
    private Statement Declaration(BindingKind kind, int position, bool inFor)
    {
        var items = new List<(ITarget, Node?)>();
        do
        {
            var start = _token.Start;
            var target = BindingTarget(kind);
            Node? value = null;
            if (Take("="))
            {
                value = Assignment();
                if (target is Identifier name)
                    value.GiveName(name.Name);
            }
            else if (!inFor && (kind == BindingKind.Const || target is not Identifier))
                throw Error("The declaration needs a value.", start);
            items.Add((target, value));
        }
        while (Take(","));
        if (!inFor)
            EndStatement();
        return new DeclareStatement([.. items], kind == BindingKind.Var) { Position = position };
    }

    private IfStatement If()
    {
        var position = Advance().Start;
        Expect("(");
        var test = Expression();
        Expect(")");
        var then = Statement([]);
        var otherwise = TakeWord("else") ? Statement([]) : null;
        return new(test, then, otherwise) { Position = position };
    }

    private Statement Body(string[] labels)
    {
        var outer = _context;
        _context = outer with { InLoop = true, InBreakable = true };
        var body = Statement([]);
        _context = outer;
        return body;
    }

    private WhileLoop While(string[] labels)
    {
        var position = Advance().Start;
        Expect("(");
        var test = Expression();
        Expect(")");
        return new(test, Body(labels), true, labels) { Position = position };
    }

    private WhileLoop DoWhile(string[] labels)
    {
        var position = Advance().Start;
        var body = Body(labels);
        ExpectWord("while");
        Expect("(");
        var test = Expression();
        Expect(")");
        Take(";");
        return new(test, body, false, labels) { Position = position };
    }

    private Statement For(string[] labels)
    {
        var position = Advance().Start;
        var isAwait = IsWord("await");
        if (isAwait)
        {
            if (!_context.IsAsync)
                throw Error("for await is only allowed in async functions and at the top of a script.");
            Advance();
        }

        Expect("(");
        var plan = _scope = NewScope(_scope, false);
        var loop = ForHead(plan, position, isAwait, labels);
        _scope = plan.Parent!;
        return loop;
    }

    private Statement ForHead(ScopePlan plan, int position, bool isAwait, string[] labels)
    {
        Statement? start = null;
        var at = _token.Start;
        BindingKind? kind = IsWord("var") ? BindingKind.Var : IsWord("const") ? BindingKind.Const : IsLetDeclaration() ? BindingKind.Let : null;
        if (kind is { } declared)
        {
            Advance();
            _noIn = true;
            var targetStart = _token.Start;
            var target = BindingTarget(declared);
            if (IsWord("of") || IsWord("in"))
            {
                _noIn = false;
                return ForEach(plan, target, true, position, isAwait, labels);
            }

            start = RestOfDeclaration(declared, target, at, targetStart);
            _noIn = false;
        }
        else if (!Is(";"))
        {
            _noIn = true;
            var beginsAsync = IsWord("async");
            var expression = Expression(true);
            _noIn = false;
            if ((IsWord("of") && !(beginsAsync && expression is Identifier && !isAwait)) || IsWord("in"))
            {
                _coverDefault = -1;
                return ForEach(plan, Target(expression, at), false, position, isAwait, labels);
            }

            CheckCover();
            start = new ExpressionStatement(expression, false) { Position = at };
        }

        if (isAwait)
            throw Error("for await needs 'of'.");
        Expect(";");
        var test = Is(";") ? null : Expression();
        Expect(";");
        var update = Is(")") ? null : Expression();
        Expect(")");
        return new ForLoop(plan, start, test, update, Body(labels), labels) { Position = position };
    }

    private DeclareStatement RestOfDeclaration(BindingKind kind, ITarget first, int position, int targetStart)
    {
        var items = new List<(ITarget, Node?)>();
        var target = first;
        while (true)
        {
            var value = Take("=") ? Assignment() : null;
            if (value is null && (kind == BindingKind.Const || target is not Identifier))
                throw Error("The declaration needs a value.", targetStart);
            if (target is Identifier name)
                value?.GiveName(name.Name);
            items.Add((target, value));
            if (!Take(","))
                return new([.. items], kind == BindingKind.Var) { Position = position };
            targetStart = _token.Start;
            target = BindingTarget(kind);
        }
    }

    private ForEachLoop ForEach(ScopePlan plan, ITarget target, bool declares, int position, bool isAwait, string[] labels)
    {
        var keys = Advance().Text == "in";
        if (keys && isAwait)
            throw Error("for await needs 'of'.");
        var source = keys ? Expression() : Assignment();
        CheckCover();
        Expect(")");
        return new(plan, target, declares, source, Body(labels), keys, isAwait, labels) { Position = position };
    }

    private JumpStatement Jump()
    {
        var word = Advance();
        string? label = null;
        if (IsName(_token) && !_token.NewLineBefore)
        {
            label = _token.Text!;
            if (!_context.Labels.Contains(label))
                throw Error($"There is no label '{label}' around here.");
            Advance();
        }
        else if (word.Text == "break" ? !_context.InBreakable : !_context.InLoop)
            throw Error($"{word.Text} must stand inside a loop.", word.Start);
        EndStatement();
        return new(word.Text == "break" ? Completion.Break : Completion.Continue, label) { Position = word.Start };
    }

    private ReturnStatement Return()
    {
        var position = Advance().Start;
        if (_context.NoReturn)
            throw Error("return cannot stand in a static block.", position);
        var value = Is(";") || Is("}") || _token.Kind == TokenKind.End || _token.NewLineBefore ? null : Expression();
        EndStatement();
        return new(value) { Position = position };
    }

    private ThrowStatement Throw()
    {
        var position = Advance().Start;
        if (_token.NewLineBefore)
            throw Error("What to throw must stand on the same line.");
        var value = Expression();
        EndStatement();
        return new(value) { Position = position };
    }

    private TryStatement Try()
    {
        var position = Advance().Start;
        var body = BlockStatement();
        ScopePlan? plan = null;
        ITarget? parameter = null;
        Statement? handler = null;
        if (TakeWord("catch"))
        {
            plan = _scope = NewScope(_scope, false);
            if (Take("("))
            {
                parameter = BindingTarget(BindingKind.Catch);
                Expect(")");
            }

            handler = BlockStatement();
            _scope = plan.Parent!;
        }

        var lastly = TakeWord("finally") ? BlockStatement() : null;
        if (handler is null && lastly is null)
            throw Error("try needs a catch or a finally.");
        return new(body, plan, parameter, handler, lastly) { Position = position };
    }

    private SwitchStatement Switch()
    {
        var position = Advance().Start;
        Expect("(");
        var subject = Expression();
        Expect(")");
        Expect("{");
        var plan = _scope = NewScope(_scope, false);
        var outer = _context;
        _context = outer with { InBreakable = true };
        var cases = new List<(Node?, Statement[])>();
        while (!Take("}"))
        {
            Node? test = null;
            if (!TakeWord("default"))
            {
                ExpectWord("case");
                test = Expression();
            }
            else if (cases.Exists(part => part.Item1 is null))
                throw Error("A switch has one default only.");

            Expect(":");
            var body = new List<Statement>();
            while (!Is("}") && !IsWord("case") && !IsWord("default"))
            {
                if (_token.Kind == TokenKind.End)
                    throw Error("'}' is missing: the switch is never closed.", position);
                body.Add(StatementListItem());
            }

            cases.Add((test, [.. body]));
        }

        _context = outer;
        _scope = plan.Parent!;
        return new(plan, subject, [.. cases]) { Position = position };
    }
}
