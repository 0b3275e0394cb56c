using System.Runtime.CompilerServices;
using Quiesce.Engine.JavaScript.Builtins;
using Quiesce.Engine.JavaScript.Nodes;
using Quiesce.Engine.JavaScript.Parsing;

namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>One global environment: its objects, the call under way, the promise jobs that wait. Belongs to one thread at a time.</summary>
internal sealed partial class Realm
{
    [ThreadStatic]
    private static Realm? _current;

    private readonly Queue<Action> _jobs = new();
    private readonly List<(ScopePlan Plan, Scope Scope)> _scripts = [];
    private Dictionary<TaggedTemplate, JsObject>? _templateStrings;
    private Dictionary<string, object?>? _host;
    private Dictionary<string, Symbol>? _symbolRegistry;
    private HashSet<JsObject>? _joining;
    private int _depth;

    public Realm(ScriptLimits limits, TimeProvider time)
    {
        Budget = new(limits, time);
        Time = time;
        Global = new(this);
    }

    public static Realm Current => _current!;

    public Budget Budget { get; }
    public TimeProvider Time { get; }
    public JsGlobal Global { get; }
    public Frame? Frame { get; private set; }
    public Func<string, (bool Found, object? Value)>? ResolveGlobal { get; set; }
    public Dictionary<TaggedTemplate, JsObject> TemplateStrings => _templateStrings ??= [];
    public Dictionary<string, Symbol> SymbolRegistry => _symbolRegistry ??= [];

    /// <summary>Arrays being joined, so that one that contains itself ends.</summary>
    public HashSet<JsObject> Joining => _joining ??= [];

    /// <summary>Makes this the environment of the thread until the answer is disposed.</summary>
    public Stay Use()
    {
        var stay = new Stay(_current);
        _current = this;
        return stay;
    }

    public readonly struct Stay(Realm? before) : IDisposable
    {
        public void Dispose() => _current = before;
    }

    public void Enter(Frame frame)
    {
        EnterNative();
        Frame = frame;
    }

    public void Leave(Frame frame)
    {
        Frame = frame.Caller;
        _depth--;
    }

    public void EnterNative()
    {
        Budget.Step();
        if (_depth >= Budget.Limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Budget.DepthExceeded();
        _depth++;
    }

    public void LeaveNative() => _depth--;

    /// <summary>To be called where built-in code calls itself, however deep the data is.</summary>
    public static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Budget.Exceeded("its data is nested too deeply.");
    }

    public (int Line, int Column) Place() => Frame is null ? (0, 0) : SourceText.Locate(Frame.Source, Frame.Position);

    public void Reset()
    {
        Frame = null;
        _depth = 0;
        _jobs.Clear();
    }

    public void Enqueue(Action job) => _jobs.Enqueue(job);

    public void RunJobs()
    {
        while (_jobs.TryDequeue(out var job))
        {
            Budget.Step();
            job();
        }
    }

    public void AddHostValue(string name, object? value)
    {
        (_host ??= [])[name] = value;
        Forget(name);
    }

    /// <summary>Hands out a host value for its first use.</summary>
    public bool TakeHostValue(string name, out object? value)
    {
        value = null;
        return _host is not null && _host.Remove(name, out value);
    }

    public void AddScript(ScopePlan plan, Scope scope)
    {
        foreach (var binding in plan.Bindings)
        {
            if (binding.Kind == BindingKind.Var && binding.Host == plan && TryReadGlobal(binding.Name, out var value, false))
                scope.Slots[binding.Slot] = value;
        }

        _scripts.Add((plan, scope));
    }

    /// <summary>A top-level declaration of a script that ran before, or runs now.</summary>
    public bool TryFindDeclared(string name, out Scope scope, out Binding binding)
    {
        for (var i = _scripts.Count - 1; i >= 0; i--)
        {
            if (_scripts[i].Plan.Find(name) is not { } found)
                continue;
            (scope, binding) = (_scripts[i].Scope, found);
            return true;
        }

        (scope, binding) = (null!, null!);
        return false;
    }

    private void Forget(string name)
    {
        if (TryFindDeclared(name, out _, out _))
            _scripts.RemoveAll(script => script.Plan.Find(name) is not null);
    }

    public JsValue ReadGlobal(in PropertyKey key) =>
        TryReadGlobal(key, out var value) ? value : throw Errors.Reference($"{key} is not defined.");

    public bool TryReadGlobal(in PropertyKey key, out JsValue value, bool ask = true)
    {
        var name = (string)key.Ref;
        if (_scripts.Count > 0 && TryFindDeclared(name, out var scope, out var binding))
        {
            value = scope.Slots[binding.Slot];
            return value.IsHole ? throw Errors.Reference($"'{name}' is used before its declaration has run.") : true;
        }

        if (Global.TryGetOwn(key, out var property))
        {
            value = property.Read(Global);
            return true;
        }

        if (ask && ResolveGlobal?.Invoke(name) is (true, var host))
        {
            value = HostValues.ToScript(this, host);
            Global.WriteOwn(key, new(value, Attributes.All));
            return true;
        }

        value = default;
        return false;
    }

    public void WriteGlobal(in PropertyKey key, JsValue value, bool strict)
    {
        var name = (string)key.Ref;
        if (_scripts.Count > 0 && TryFindDeclared(name, out var scope, out var binding))
        {
            if (binding.Kind == BindingKind.Const)
                throw Errors.Type($"'{name}' is a constant and cannot be assigned to.");
            scope.Slots[binding.Slot] = value;
            return;
        }

        if (strict && !Global.TryGetOwn(key, out _) && ResolveGlobal?.Invoke(name) is not (true, _))
            throw Errors.Reference($"{name} is not defined.");
        Global.Set(key, value, Global);
    }
}

/// <summary>The global object. Host values come to it when first used; top-level var and function declarations are seen through it.</summary>
internal sealed class JsGlobal : JsObject
{
    private readonly Realm _realm;

    public JsGlobal(Realm realm) : base(null)
    {
        _realm = realm;
        WithTemplate(GlobalBuiltins.Global);
    }

    public override string ClassName => "global";

    public override JsObject? GetPrototype() => _realm.ObjectPrototype;

    public override bool TryGetOwn(in PropertyKey key, out Property property)
    {
        if (key.Ref is string name)
        {
            if (_realm.TakeHostValue(name, out var value))
                WriteOwn(key, new(HostValues.ToScript(_realm, value), Attributes.All));
            else if (_realm.TryFindDeclared(name, out var scope, out var binding) && binding.Kind is BindingKind.Var or BindingKind.Function)
            {
                property = new(scope.Slots[binding.Slot], Attributes.Writable | Attributes.Enumerable);
                return true;
            }
        }

        return base.TryGetOwn(key, out property);
    }

    public override bool Set(in PropertyKey key, JsValue value, JsValue receiver)
    {
        if (key.Ref is string name && _realm.TryFindDeclared(name, out var scope, out var binding) && binding.Kind is BindingKind.Var or BindingKind.Function)
        {
            scope.Slots[binding.Slot] = value;
            return true;
        }

        return base.Set(key, value, receiver);
    }
}
