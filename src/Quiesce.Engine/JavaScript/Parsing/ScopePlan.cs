using Quiesce.Engine.JavaScript.Nodes;

namespace Quiesce.Engine.JavaScript.Parsing;

internal enum BindingKind { Var, Function, Parameter, Let, Const, Class, Catch, FunctionName, Private }

/// <summary>A declared name and, after <see cref="ScopePlan.Resolve"/>, the slot that holds it.</summary>
internal sealed class Binding(string name, BindingKind kind, ScopePlan scope)
{
    public string Name { get; } = name;
    public BindingKind Kind { get; set; } = kind;
    public ScopePlan Scope { get; } = scope;
    public ScopePlan Host { get; set; } = scope;
    public int Slot { get; set; }
    public bool Captured { get; set; }
    public bool HasDeadZone => Kind is BindingKind.Let or BindingKind.Const or BindingKind.Class;
}

/// <summary>What a function, block or script declares. A block whose names no closure captures gets no run-time scope: its slots live in the function's.</summary>
internal sealed class ScopePlan(ScopePlan? parent, bool isFunction, bool isArrow = false)
{
    private readonly Dictionary<string, Binding> _names = [];
    private readonly List<Binding> _bindings = [];

    public ScopePlan? Parent { get; } = parent;
    public bool IsFunction { get; } = isFunction;
    public bool IsArrow { get; } = isArrow;
    public bool IsScript => IsFunction && Parent is null;
    public bool Materialised { get; private set; } = isFunction;
    public int SlotCount { get; private set; }
    public Binding? Arguments { get; private set; }
    public Binding? SelfName { get; set; }

    /// <summary>Slots to be put into the dead zone on entry when the block has no scope of its own.</summary>
    public int[] DeadSlots { get; private set; } = [];

    /// <summary>Function declarations, created on entry.</summary>
    public List<(Identifier Target, FunctionNode Function)> Functions { get; } = [];

    public IReadOnlyList<Binding> Bindings => _bindings;

    public Binding? Find(string name) => _names.GetValueOrDefault(name);

    public ScopePlan Function
    {
        get
        {
            var scope = this;
            while (!scope.IsFunction)
                scope = scope.Parent!;
            return scope;
        }
    }

    public Binding? Declare(string name, BindingKind kind)
    {
        if (_names.TryGetValue(name, out var known))
        {
            var redeclarable = kind is BindingKind.Var or BindingKind.Function or BindingKind.Parameter
                && known.Kind is BindingKind.Var or BindingKind.Function or BindingKind.Parameter or BindingKind.FunctionName && (IsFunction || kind == BindingKind.Function && known.Kind == BindingKind.Function);
            if (known.Kind == BindingKind.FunctionName)
            {
                known.Kind = kind;
                return known;
            }

            if (!redeclarable)
                return null;
            if (kind == BindingKind.Function)
                known.Kind = kind;
            return known;
        }

        var binding = new Binding(name, kind, this);
        _names[name] = binding;
        _bindings.Add(binding);
        return binding;
    }

    /// <summary>Finds what each reference means, then gives every name a slot. Called once, when the whole script is read.</summary>
    public static void Resolve(List<ScopePlan> scopes, List<(Identifier Node, ScopePlan Scope)> references)
    {
        foreach (var (node, scope) in references)
        {
            var crossed = false;
            for (var at = scope; at is not null; at = at.Parent)
            {
                var binding = at.Find(node.Name);
                if (binding is null && node.Name == "arguments" && at is { IsFunction: true, IsArrow: false, IsScript: false })
                    binding = at.Arguments = at.Declare("arguments", BindingKind.Var);
                if (binding is not null)
                {
                    binding.Captured |= crossed;
                    node.Binding = binding;
                    break;
                }

                crossed |= at.IsFunction;
            }
        }

        foreach (var scope in scopes)
            scope.Allocate();
        foreach (var (node, scope) in references)
        {
            if (node.Binding is not { } binding)
                continue;
            var hops = 0;
            for (var at = scope; at != binding.Host; at = at!.Parent)
                hops += at!.Materialised ? 1 : 0;
            node.Place(hops, binding);
        }
    }

    private void Allocate()
    {
        Materialised |= _bindings.Exists(binding => binding.Captured);
        var host = this;
        while (!host.Materialised)
            host = host.Parent!;
        foreach (var binding in _bindings)
        {
            binding.Host = host;
            binding.Slot = host.SlotCount++;
        }

        DeadSlots = [.. _bindings.Where(binding => binding.HasDeadZone).Select(binding => binding.Slot)];
    }
}
