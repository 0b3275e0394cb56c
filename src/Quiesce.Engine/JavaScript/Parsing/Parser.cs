using System.Runtime.CompilerServices;
using Quiesce.Engine.JavaScript.Nodes;

namespace Quiesce.Engine.JavaScript.Parsing;

/// <summary>Recursive descent from text to nodes. Names are collected on the way and resolved at the end.</summary>
internal sealed partial class Parser
{
    private const int DeepestNesting = 250;

    private readonly Lexer _lexer;
    private readonly string _source;
    private readonly List<ScopePlan> _scopes = [];
    private readonly List<(Identifier, ScopePlan)> _references = [];
    private readonly Dictionary<int, bool> _arrows = [];
    private readonly HashSet<Node> _parenthesised = [];
    private Token _token;
    private int _lastEnd;
    private int _depth;
    private ScopePlan _scope;
    private Context _context = new(true, false, false, false);
    private bool _noIn;
    private int _coverDefault = -1;

    private Parser(string source)
    {
        _source = source;
        _lexer = new(source);
        _scope = NewScope(null, true);
        _token = _lexer.Next();
    }

    /// <summary>What is allowed here. At script level await is a keyword and return is allowed.</summary>
    private sealed record Context(bool IsAsync, bool IsGenerator, bool IsStrict, bool InFunction)
    {
        public bool InMethod { get; init; }
        public bool InDerived { get; init; }
        public bool AllowsNewTarget { get; init; }
        public bool InLoop { get; init; }
        public bool InBreakable { get; init; }
        public bool NoReturn { get; init; }
        public string[] Labels { get; init; } = [];
    }

    public static FunctionNode Parse(string source)
    {
        var parser = new Parser(source);
        var plan = parser._scope;
        parser.ReadDirectives();
        var body = new List<Statement>();
        while (parser._token.Kind != TokenKind.End)
            body.Add(parser.StatementListItem());
        ScopePlan.Resolve(parser._scopes, parser._references);
        return new(plan, source) { Parameters = [], Body = [.. body], IsAsync = body.Exists(statement => statement.Suspends), IsStrict = parser._context.IsStrict, Name = "script" };
    }

    private ScopePlan NewScope(ScopePlan? parent, bool isFunction, bool isArrow = false)
    {
        var scope = new ScopePlan(parent, isFunction, isArrow);
        _scopes.Add(scope);
        return scope;
    }

    private Identifier Reference(string name, int position)
    {
        var node = new Identifier(name, _context.IsStrict) { Position = position };
        _references.Add((node, _scope));
        return node;
    }

    private Identifier Declare(string name, BindingKind kind, int position)
    {
        var scope = kind == BindingKind.Var ? _scope.Function : _scope;
        if (kind == BindingKind.Var)
        {
            for (var at = _scope; at != scope; at = at.Parent!)
            {
                if (at.Find(name) is { Kind: BindingKind.Let or BindingKind.Const or BindingKind.Class })
                    throw Error($"'{name}' is declared twice.", position);
            }
        }

        if (scope.Declare(name, kind) is null)
            throw Error($"'{name}' is declared twice.", position);
        if (kind is BindingKind.Let or BindingKind.Const && name == "let")
            throw Error("'let' cannot be a name here.", position);
        return Reference(name, position);
    }

    private ScriptException Error(string message, int? position = null) => _lexer.Error(message, position ?? _token.Start);

    private ScriptException Unexpected()
    {
        var what = _token.Kind switch
        {
            TokenKind.End => "the end of the script",
            TokenKind.String => "a string",
            TokenKind.Template => "a template",
            _ => $"'{Runtime.Coerce.Shorten(_token.Text ?? "")}'",
        };
        return Error($"{char.ToUpperInvariant(what[0])}{what[1..]} was not expected here.");
    }

    private Token Advance()
    {
        var token = _token;
        _lastEnd = token.End;
        _token = _lexer.Next();
        return token;
    }

    private bool Is(string punctuator) => _token.Is(punctuator);

    private bool IsWord(string word) => _token.IsWord(word);

    private bool Take(string punctuator)
    {
        if (!Is(punctuator))
            return false;
        Advance();
        return true;
    }

    private bool TakeWord(string word)
    {
        if (!IsWord(word))
            return false;
        Advance();
        return true;
    }

    private void Expect(string punctuator)
    {
        if (!Take(punctuator))
            throw _token.Kind == TokenKind.End ? Error($"'{punctuator}' is missing: the script ends too early.") : Error($"'{punctuator}' was expected here, not '{Runtime.Coerce.Shorten(_token.Text ?? "")}'.");
    }

    private void ExpectWord(string word)
    {
        if (!TakeWord(word))
            throw Error($"'{word}' was expected here.");
    }

    /// <summary>Automatic semicolon insertion.</summary>
    private void EndStatement()
    {
        if (Take(";") || Is("}") || _token.Kind == TokenKind.End || _token.NewLineBefore)
            return;
        throw Unexpected();
    }

    private Token Peek()
    {
        var position = _lexer.Position;
        try
        {
            return _lexer.Next();
        }
        catch (ScriptException)
        {
            // What cannot be a token now may be the inside of a regular expression or template; the real reading decides.
            return default;
        }
        finally
        {
            _lexer.Position = position;
        }
    }

    private Nesting Deeper()
    {
        if (++_depth > DeepestNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Error("The script is nested too deeply.");
        return new(this);
    }

    private readonly struct Nesting(Parser parser) : IDisposable
    {
        public void Dispose() => parser._depth--;
    }

    private bool IsName(Token token) => token.Kind == TokenKind.Identifier
        && !(token.Text == "await" && _context.IsAsync) && !(token.Text == "yield" && (_context.IsGenerator || _context.IsStrict));

    private string Name()
    {
        if (!IsName(_token))
            throw _token.Kind == TokenKind.Keyword ? Error($"'{_token.Text}' is a reserved word and cannot be a name.") : Unexpected();
        return Advance().Text!;
    }
}
