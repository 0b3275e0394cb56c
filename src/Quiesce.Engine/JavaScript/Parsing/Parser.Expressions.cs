using Quiesce.Engine.JavaScript.Nodes;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Parsing;

internal sealed partial class Parser
{
    private Node Expression(bool mayBePattern = false)
    {
        var position = _token.Start;
        var left = Assignment();
        while (Is(","))
        {
            Advance();
            left = new SequenceNode(left, Assignment()) { Position = position };
        }

        if (!mayBePattern)
            CheckCover();
        return left;
    }

    /// <summary>{ a = 1 } is only allowed where the object turns out to be a pattern.</summary>
    private void CheckCover()
    {
        if (_coverDefault < 0)
            return;
        throw Error("'=' is not allowed in an object literal.", _coverDefault);
    }

    private Node Assignment()
    {
        using var nesting = Deeper();
        var position = _token.Start;
        if (IsArrow(out var isAsync))
            return Arrow(isAsync);
        if (_context.IsGenerator && IsWord("yield"))
            return Yield();
        var cover = _coverDefault;
        _coverDefault = -1;
        var node = Conditional();
        if (_token.Kind == TokenKind.Punctuator && _token.Text is { } op && op.EndsWith('=') && op is not ("==" or "===" or "!=" or "!==" or "<=" or ">="))
        {
            if (op == "=")
            {
                var target = Target(node, position);
                _coverDefault = cover;
                Advance();
                var value = Assignment();
                if (node is Identifier named)
                    value.GiveName(named.Name);
                return new AssignNode(target, value) { Position = position };
            }

            if (node is not (Identifier or MemberAccess))
                throw Error("Only a name or a member can be assigned to.", position);
            Advance();
            var right = Assignment();
            if (node is Identifier name && op is "&&=" or "||=" or "??=")
                right.GiveName(((Identifier)node).Name);
            return new CompoundAssign(op, node, right) { Position = position };
        }

        if (_coverDefault < 0)
            _coverDefault = cover;
        return node;
    }

    private Node Yield()
    {
        var position = Advance().Start;
        if (!_token.NewLineBefore && Take("*"))
            return new YieldStar(Assignment()) { Position = position };
        var ends = _token.NewLineBefore || _token.Kind == TokenKind.End || _token.Kind == TokenKind.Punctuator && _token.Text is ")" or "]" or "}" or "," or ";" or ":" || IsWord("in") || IsWord("of");
        return new YieldNode(ends ? null : Assignment()) { Position = position };
    }

    private Node Conditional()
    {
        var position = _token.Start;
        var test = Binary(0);
        if (!Take("?"))
            return test;
        var noIn = _noIn;
        _noIn = false;
        var then = Assignment();
        _noIn = noIn;
        Expect(":");
        return new ConditionalNode(test, then, Assignment()) { Position = position };
    }

    private int Precedence() => _token.Kind switch
    {
        TokenKind.Punctuator => _token.Text switch
        {
            "??" => 1,
            "||" => 2,
            "&&" => 3,
            "|" => 4,
            "^" => 5,
            "&" => 6,
            "==" or "!=" or "===" or "!==" => 7,
            "<" or ">" or "<=" or ">=" => 8,
            "<<" or ">>" or ">>>" => 9,
            "+" or "-" => 10,
            "*" or "/" or "%" => 11,
            "**" => 12,
            _ => 0,
        },
        TokenKind.Keyword when _token.Text == "instanceof" || _token.Text == "in" && !_noIn => 8,
        _ => 0,
    };

    private Node Binary(int least)
    {
        using var nesting = Deeper();
        var start = _token;
        Node left;
        if (_token.Kind == TokenKind.PrivateName)
        {
            var name = Reference(Advance().Text!, start.Start);
            if (!IsWord("in"))
                throw Unexpected();
            Advance();
            left = new PrivateIn(name, Binary(9)) { Position = start.Start };
        }
        else
            left = Unary();
        var isUnary = left is UnaryNode or AwaitNode && !start.Is("(");
        while (true)
        {
            var precedence = Precedence();
            if (precedence <= least)
                return left;
            var op = _token.Text!;
            if (op == "**" && isUnary && left is UnaryNode)
                throw Error("Put the left side of ** in parentheses: it is not clear what the sign belongs to.");
            var position = _token.Start;
            Advance();
            var right = Binary(precedence == 12 ? 11 : precedence);
            isUnary = false;
            if (precedence > 3)
            {
                left = new BinaryNode(op, left, right) { Position = position };
                continue;
            }

            if (Mixes(op, left) || Mixes(op, right))
                throw Error("?? cannot be mixed with && or || without parentheses.", position);
            left = new LogicalNode(op, left, right) { Position = position };
        }
    }

    private bool Mixes(string op, Node side) => side is LogicalNode logical && (logical.Operator == "??") != (op == "??") && (op == "??" || logical.Operator == "??") && !_parenthesised.Contains(side);

    private Node Unary()
    {
        var position = _token.Start;
        if (_token.Kind == TokenKind.Punctuator && _token.Text is "!" or "-" or "+" or "~" or "++" or "--" || _token.Kind == TokenKind.Keyword && _token.Text is "typeof" or "void" or "delete")
        {
            using var nesting = Deeper();
            var op = Advance().Text!;
            var operand = Unary();
            if (op is "++" or "--")
                return new UpdateNode(Updatable(operand, position), op == "++" ? 1 : -1, true) { Position = position };
            return new UnaryNode(op, operand) { Position = position };
        }

        if (_context.IsAsync && IsWord("await"))
        {
            using var nesting = Deeper();
            Advance();
            return new AwaitNode(Unary()) { Position = position };
        }

        return Postfix();
    }

    private Node Postfix()
    {
        var position = _token.Start;
        var node = LeftSide();
        if (_token.NewLineBefore || !Is("++") && !Is("--"))
            return node;
        return new UpdateNode(Updatable(node, position), Advance().Text == "++" ? 1 : -1, false) { Position = position };
    }

    private Node Updatable(Node node, int position) =>
        node is Identifier or MemberAccess ? node : throw Error("++ and -- need a name or a member.", position);

    private Node LeftSide()
    {
        var position = _token.Start;
        Node node;
        if (IsWord("new"))
            node = New();
        else if (IsWord("super"))
            node = Super();
        else if (IsWord("import"))
            throw Error("import cannot be used: scripts have no modules.");
        else
            node = Primary();
        return Chain(node, position, true);
    }

    private Node Chain(Node node, int position, bool calls)
    {
        var inChain = false;
        for (var links = 0; ; links++)
        {
            if (links > 1000)
                throw Error("The script is nested too deeply.");
            var at = _token.Start;
            if (_token.Kind == TokenKind.Template)
            {
                if (inChain)
                    throw Error("A template cannot be tagged by an optional chain.");
                node = Template(node);
                continue;
            }

            if (_token.Kind != TokenKind.Punctuator)
                break;
            if (Is("?.") && calls)
            {
                Advance();
                inChain = true;
                node = Is("(") ? new CallNode(node, Arguments(), true) { Position = at }
                    : Is("[") ? Index(node, at, true)
                    : Named(node, at, true);
            }
            else if (Take("."))
                node = Named(node, at, false);
            else if (Is("["))
                node = Index(node, at, false);
            else if (calls && Is("("))
                node = new CallNode(node, Arguments(), false) { Position = position };
            else
                break;
        }

        return inChain ? new OptionalChain(node) { Position = position } : node;
    }

    private MemberAccess Named(Node target, int at, bool optional)
    {
        if (_token.Kind == TokenKind.PrivateName)
            return new PrivateMember(target, Reference(Advance().Text!, at)) { Position = at, Optional = optional };
        if (_token.Kind is not (TokenKind.Identifier or TokenKind.Keyword))
            throw Unexpected();
        return new NamedMember(target, Advance().Text!) { Position = at, Optional = optional, Strict = _context.IsStrict };
    }

    private MemberAccess Index(Node target, int at, bool optional)
    {
        Expect("[");
        var noIn = _noIn;
        _noIn = false;
        var index = Expression();
        _noIn = noIn;
        Expect("]");
        if (index is Literal { Value: { IsString: true } name })
            return new NamedMember(target, name.AsString) { Position = at, Optional = optional, Strict = _context.IsStrict };
        return new IndexedMember(target, index) { Position = at, Optional = optional, Strict = _context.IsStrict };
    }

    private Node?[] Arguments()
    {
        Expect("(");
        var noIn = _noIn;
        _noIn = false;
        var arguments = new List<Node?>();
        while (!Take(")"))
        {
            if (Take("..."))
                arguments.Add(new SpreadNode(Assignment()));
            else
                arguments.Add(Assignment());
            if (!Is(")"))
                Expect(",");
        }

        _noIn = noIn;
        return [.. arguments];
    }

    private Node New()
    {
        using var nesting = Deeper();
        var position = Advance().Start;
        if (Take("."))
        {
            ExpectWord("target");
            return _context.AllowsNewTarget ? new NewTargetNode { Position = position } : throw Error("new.target can only be used in a function.", position);
        }

        var at = _token.Start;
        var callee = IsWord("new") ? New() : IsWord("super") ? Super() : Primary();
        callee = Chain(callee, at, false);
        if (Is("?."))
            throw Error("An optional chain cannot be constructed.");
        return new NewNode(callee, Is("(") ? Arguments() : []) { Position = position };
    }

    private Node Super()
    {
        var position = Advance().Start;
        if (Is("("))
            return _context.InDerived ? new SuperCall(Arguments()) { Position = position } : throw Error("super() can only be called in the constructor of a class that extends another.", position);
        if (!_context.InMethod)
            throw Error("super can only be used in a method.", position);
        if (Take("."))
        {
            if (_token.Kind is not (TokenKind.Identifier or TokenKind.Keyword))
                throw Unexpected();
            return new SuperMember(new Literal(Advance().Text!)) { Position = position, Strict = true };
        }

        Expect("[");
        var key = Expression();
        Expect("]");
        return new SuperMember(key) { Position = position, Strict = true };
    }
}
