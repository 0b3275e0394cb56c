using Quiesce.Engine.JavaScript.Builtins;
using Quiesce.Engine.JavaScript.Nodes;

namespace Quiesce.Engine.JavaScript.Runtime;

internal sealed partial class Realm
{
    private readonly Dictionary<string, JsObject> _prototypes = [];
    private readonly Dictionary<string, JsObject> _constructors = [];
    private JsObject? _objectPrototype;
    private JsObject? _functionPrototype;
    private JsObject? _arrayPrototype;
    private JsObject? _arrayValues;

    public JsObject ObjectPrototype => _objectPrototype ??= new JsObject(null).WithTemplate(ObjectBuiltins.Prototype);
    public JsObject FunctionPrototype => _functionPrototype ??= new JsObject(ObjectPrototype).WithTemplate(FunctionBuiltins.Prototype);
    public JsObject ArrayPrototype => _arrayPrototype ??= new JsArray(ObjectPrototype, []).WithTemplate(ArrayBuiltins.Prototype);
    public JsObject ArrayValues => _arrayValues ??= new NativeFunction(this, "values", 0, IteratorBuiltins.ArrayValues);
    public JsObject PromisePrototype => Prototype("Promise", PromiseBuiltins.Prototype);
    public JsObject IteratorPrototype => Prototype("Iterator", IteratorBuiltins.Prototype);
    public JsObject AsyncIteratorPrototype => Prototype("AsyncIterator", IteratorBuiltins.AsyncPrototype);
    public JsObject GeneratorPrototype => Prototype("Generator", IteratorBuiltins.GeneratorPrototype, IteratorPrototype);
    public JsObject AsyncGeneratorPrototype => Prototype("AsyncGenerator", IteratorBuiltins.AsyncGeneratorPrototype, AsyncIteratorPrototype);
    public JsObject NativeIteratorPrototype => Prototype("NativeIterator", IteratorBuiltins.NativePrototype, IteratorPrototype);

    /// <summary>The prototype object of a built-in type, made when first needed.</summary>
    public JsObject Prototype(string name, Template template, JsObject? parent = null)
    {
        if (_prototypes.TryGetValue(name, out var known))
            return known;
        return _prototypes[name] = new JsObject(parent ?? ObjectPrototype).WithTemplate(template);
    }

    /// <summary>A built-in constructor, made when first needed.</summary>
    public JsObject Constructor(string name, Func<Realm, JsObject> make)
    {
        if (_constructors.TryGetValue(name, out var known))
            return known;
        return _constructors[name] = make(this);
    }

    public JsObject NewObject() => new(ObjectPrototype);

    public JsArray NewArray(JsValue[] items) => new(ArrayPrototype, items);

    public JsArray NewArray(IEnumerable<JsValue> items) => NewArray(items.ToArray());

    public JsError NewError(string kind, string message, Exception? inner = null)
    {
        var error = new JsError(ErrorBuiltins.PrototypeOf(this, kind), this, inner);
        error.WriteOwn("message", new(message, Attributes.Hidden));
        return error;
    }

    public JsObject PrototypeFor(FunctionNode code) => FunctionPrototype;

    public static JsObject PrototypeFrom(JsObject newTarget, JsObject standard) => newTarget.Get("prototype").Ref as JsObject ?? standard;

    public JsObject PrototypeOfPrimitive(JsValue value)
    {
        if (value.IsNumber)
            return Prototype("Number", NumberBuiltins.Prototype);
        if (value.IsString)
            return Prototype("String", StringBuiltins.Prototype);
        if (value.IsBool)
            return Prototype("Boolean", NumberBuiltins.BooleanPrototype);
        return value.IsSymbol ? Prototype("Symbol", SymbolBuiltins.Prototype) : Prototype("BigInt", NumberBuiltins.BigIntPrototype);
    }

    public JsObject NewArguments(Frame f)
    {
        var arguments = new JsArguments(ObjectPrototype);
        arguments.WriteOwn("length", new(f.Arguments.Length, Attributes.Hidden));
        for (var i = 0; i < f.Arguments.Length; i++)
            arguments.WriteOwn(PropertyKey.Of((uint)i), new(f.Arguments[i], Attributes.All));
        arguments.WriteOwn(Symbol.Iterator, new(ArrayValues, Attributes.Hidden));
        if (f.Function is { Code.IsStrict: false } callee)
            arguments.WriteOwn("callee", new(callee, Attributes.Hidden));
        return arguments;
    }
}

internal sealed class JsArguments(JsObject prototype) : JsObject(prototype)
{
    public override string ClassName => "Arguments";
}

/// <summary>A boxed primitive.</summary>
internal sealed class JsWrapper(JsValue value, JsObject prototype) : JsObject(prototype)
{
    public JsValue Value => value;

    public override string ClassName => value.IsString ? "String" : value.IsNumber ? "Number" : value.IsBool ? "Boolean" : "Object";

    public override bool TryGetOwn(in PropertyKey key, out Property property)
    {
        if (value.IsString && key.Ref is string name)
        {
            var text = value.AsString;
            if (name == "length")
            {
                property = new(text.Length, Attributes.None);
                return true;
            }

            if (key.IsIndex(out var index) && index < text.Length)
            {
                property = new(Characters.Of(text[(int)index]), Attributes.Enumerable);
                return true;
            }
        }

        return base.TryGetOwn(key, out property);
    }

    public override List<PropertyKey> OwnKeys()
    {
        var keys = base.OwnKeys();
        if (value.IsString)
        {
            Realm.Current.Budget.Steps(value.AsString.Length);
            keys.InsertRange(0, Enumerable.Range(0, value.AsString.Length).Select(i => PropertyKey.Of((uint)i)).Append("length"));
        }

        return keys;
    }
}

/// <summary>An error, with the calls that were under way when it was made.</summary>
internal sealed class JsError : JsObject
{
    private const int LongestTrace = 10;

    private readonly List<(string Name, string Source, int Position)> _trace = [];

    public JsError(JsObject prototype, Realm realm, Exception? inner) : base(prototype)
    {
        HostException = inner;
        for (var at = realm.Frame; at is not null && _trace.Count < LongestTrace; at = at.Caller)
            _trace.Add((at.Function?.Name ?? "", at.Source, at.Position));
    }

    public override string ClassName => "Error";

    /// <summary>What a host function threw.</summary>
    public Exception? HostException { get; }

    public (int Line, int Column) Place => _trace.Count == 0 ? (0, 0) : Parsing.SourceText.Locate(_trace[0].Source, _trace[0].Position);

    public string Trace() => string.Concat(_trace.Select(entry =>
    {
        var (line, column) = Parsing.SourceText.Locate(entry.Source, entry.Position);
        return entry.Name.Length == 0 ? $"\n    at {line}:{column}" : $"\n    at {entry.Name} ({line}:{column})";
    }));
}
