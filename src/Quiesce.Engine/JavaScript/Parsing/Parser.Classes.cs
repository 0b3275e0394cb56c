using Quiesce.Engine.JavaScript.Nodes;

namespace Quiesce.Engine.JavaScript.Parsing;

internal sealed partial class Parser
{
    private ClassStatement ClassDeclaration()
    {
        var position = _token.Start;
        var (node, name, at) = Class(true);
        return new(Declare(name!, BindingKind.Class, at), node) { Position = position };
    }

    private (ClassNode Node, string? Name, int At) Class(bool needsName)
    {
        using var nesting = Deeper();
        var start = Advance().Start;
        var outer = _context;
        _context = outer with { IsStrict = true };
        var plan = _scope = NewScope(_scope, false);
        string? name = null;
        Identifier? inner = null;
        var at = _token.Start;
        if (needsName || IsName(_token))
        {
            name = Name();
            inner = Declare(name, BindingKind.Const, at);
        }

        Node? parent = TakeWord("extends") ? LeftSide() : null;
        Expect("{");
        var privates = new Dictionary<string, MemberKind>();
        var privateNames = new List<Identifier>();
        var members = new List<MemberNode>();
        FunctionNode? constructor = null;
        while (!Take("}"))
        {
            if (Take(";"))
                continue;
            if (ClassMember(parent is not null, privates, privateNames) is not { } member)
                continue;
            if (member is { Kind: MemberKind.Method, IsStatic: false, IsComputed: false, Key: Literal { Value: { IsString: true } text } } && text.AsString == "constructor")
                constructor = constructor is null ? (FunctionNode)member.Value! : throw Error("A class has one constructor only.");
            else
                members.Add(member);
        }

        constructor ??= DefaultConstructor(parent is not null);
        var node = new ClassNode(plan, inner, parent, constructor, [.. members], privateNames, start, _lastEnd, _source) { Position = start };
        _scope = plan.Parent!;
        _context = outer;
        return (node, name, at);
    }

    private FunctionNode DefaultConstructor(bool derived)
    {
        var outer = _scope;
        var plan = _scope = NewScope(_scope, true);
        ITarget? rest = null;
        Statement[] body = [];
        if (derived)
        {
            rest = Declare("args", BindingKind.Parameter, _lastEnd);
            body = [new ExpressionStatement(new SuperCall([new SpreadNode(Reference("args", _lastEnd))]) { Position = _lastEnd }, false) { Position = _lastEnd }];
        }

        _scope = outer;
        return new(plan, _source) { IsMethod = true, IsStrict = true, Parameters = [], Rest = rest, Body = body };
    }

    private MemberNode? ClassMember(bool derived, Dictionary<string, MemberKind> privates, List<Identifier> privateNames)
    {
        var isStatic = false;
        if (IsWord("static") && !EndsName(Peek()))
        {
            Advance();
            isStatic = true;
            if (Is("{"))
                return new(MemberKind.StaticBlock, null, StaticBlock(), true);
        }

        var (isAsync, isGenerator, kind) = MethodPrefix();
        var token = _token;
        Node key;
        var computed = false;
        if (token.Kind == TokenKind.PrivateName)
        {
            if (token.Text == "#constructor")
                throw Error("A private name cannot be #constructor.");
            Advance();
            key = Reference(token.Text!, token.Start);
        }
        else
            (key, computed) = PropertyName();
        var isMethod = kind != MemberKind.Value || isAsync || isGenerator || Is("(");
        if (isMethod && kind == MemberKind.Value)
            kind = MemberKind.Method;
        if (token.Kind == TokenKind.PrivateName)
            DeclarePrivate(token, isMethod ? kind : MemberKind.Field, privates, privateNames);
        if (isMethod)
        {
            var isConstructor = !isStatic && !computed && token.Text == "constructor" && token.Kind is TokenKind.Identifier or TokenKind.String;
            if (isConstructor && (kind != MemberKind.Method || isAsync || isGenerator))
                throw Error("A constructor cannot be a getter, setter, generator or async.", token.Start);
            return new(kind, key, Method(isAsync, isGenerator, kind, isConstructor, derived), isStatic, computed);
        }

        if (!computed && token is { Kind: TokenKind.Identifier or TokenKind.String, Text: "constructor" })
            throw Error("A field cannot be called constructor.", token.Start);
        var value = Take("=") ? FieldValue(computed ? null : token.Text) : null;
        EndStatement();
        return new(MemberKind.Field, key, value, isStatic, computed);
    }

    private void DeclarePrivate(Token token, MemberKind kind, Dictionary<string, MemberKind> privates, List<Identifier> privateNames)
    {
        if (privates.TryGetValue(token.Text!, out var other))
        {
            if (!(kind == MemberKind.Get && other == MemberKind.Set || kind == MemberKind.Set && other == MemberKind.Get))
                throw Error($"'{token.Text}' is declared twice.", token.Start);
            privates[token.Text!] = MemberKind.Method;
            return;
        }

        privates[token.Text!] = kind;
        privateNames.Add(Declare(token.Text!, BindingKind.Private, token.Start));
    }

    /// <summary>A field's value is a little method of its own: this is the new instance.</summary>
    private FunctionNode FieldValue(string? name)
    {
        var start = _token.Start;
        var outer = _context;
        _context = new(false, false, true, true) { InMethod = true, AllowsNewTarget = true };
        var plan = _scope = NewScope(_scope, true);
        var value = Assignment();
        CheckCover();
        if (name is not null)
            value.GiveName(name);
        _scope = plan.Parent!;
        _context = outer;
        return new(plan, _source) { IsMethod = true, IsStrict = true, Parameters = [], Value = value, Position = start, Start = start, End = _lastEnd };
    }

    private FunctionNode StaticBlock()
    {
        var start = _token.Start;
        var outer = _context;
        _context = new(false, false, true, true) { InMethod = true, AllowsNewTarget = true, NoReturn = true };
        var plan = _scope = NewScope(_scope, true);
        var body = FunctionBody();
        _scope = plan.Parent!;
        _context = outer;
        return new(plan, _source) { IsMethod = true, IsStrict = true, Parameters = [], Body = body, Position = start, Start = start, End = _lastEnd };
    }
}
