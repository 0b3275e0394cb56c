using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

internal enum MemberKind { Value, Get, Set, Spread, Prototype, Method, Field, StaticBlock }

/// <summary>One entry of an object literal or class body.</summary>
internal sealed class MemberNode(MemberKind kind, Node? key, Node? value, bool isStatic = false, bool isComputed = false)
{
    public MemberKind Kind => kind;
    public Node? Key => key;
    public Node? Value => value;
    public bool IsStatic => isStatic;
    public bool IsComputed => isComputed;
    public bool Suspends => key is { Suspends: true } || value is { Suspends: true };

    public static void Define(JsObject target, MemberKind kind, PropertyKey key, JsValue value, Attributes attributes)
    {
        var enumerable = (attributes & Attributes.Enumerable) != 0;
        if (kind == MemberKind.Get)
            target.DefineOrThrow(key, new Descriptor { Get = value, Enumerable = enumerable, Configurable = true });
        else if (kind == MemberKind.Set)
            target.DefineOrThrow(key, new Descriptor { Set = value, Enumerable = enumerable, Configurable = true });
        else
            target.DefineData(key, value, attributes);
    }

    public static string NameOf(MemberKind kind, PropertyKey key)
    {
        var name = key.Ref is Symbol symbol ? symbol.IsPrivate ? symbol.Description! : symbol.Description is null ? "" : $"[{symbol.Description}]" : (string)key.Ref;
        return kind switch { MemberKind.Get => "get " + name, MemberKind.Set => "set " + name, _ => name };
    }

    /// <summary>Makes the function of a method, getter or setter, or evaluates the value, naming what has no name.</summary>
    public static JsValue Make(Frame f, MemberKind kind, Node value, JsObject home, PropertyKey key, bool named)
    {
        if (value is not FunctionNode { IsMethod: true } method)
        {
            var result = value.Evaluate(f);
            if (named && value is FunctionNode { Name: null } && result.Ref is ScriptFunction function)
                function.Name = NameOf(kind, key);
            return result;
        }

        return new ScriptFunction(method, f, NameOf(kind, key)) { HomeObject = home };
    }
}

internal sealed class ObjectNode : Node
{
    private readonly MemberNode[] _members;

    public ObjectNode(MemberNode[] members)
    {
        _members = members;
        Suspends = Array.Exists(members, member => member.Suspends);
    }

    public IReadOnlyList<MemberNode> Entries => _members;

    public override JsValue Evaluate(Frame f)
    {
        var target = f.Realm.NewObject();
        foreach (var member in _members)
        {
            var key = member.Key is { } node ? PropertyKey.Of(node.Evaluate(f)) : default;
            Add(f, target, member, key, member.Value is FunctionNode ? default : member.Value!.Evaluate(f));
        }

        return target;
    }

    protected override async Step<JsValue> Resumable(Frame f)
    {
        var target = f.Realm.NewObject();
        foreach (var member in _members)
        {
            var key = member.Key is { } node ? PropertyKey.Of(await node.Step(f)) : default;
            Add(f, target, member, key, member.Value is FunctionNode ? default : await member.Value!.Step(f));
        }

        return target;
    }

    private static void Add(Frame f, JsObject target, MemberNode member, PropertyKey key, JsValue value)
    {
        if (member.Value is FunctionNode)
            value = MemberNode.Make(f, member.Kind, member.Value, target, key, true);
        switch (member.Kind)
        {
            case MemberKind.Spread:
                CopyProperties(target, value, null);
                break;
            case MemberKind.Prototype:
                if (value.IsNull || value.IsObject)
                    target.SetPrototype(value.Ref as JsObject);
                break;
            case MemberKind.Value when target.IsPlain && !target.TryGetOwn(key, out _):
                target.WriteOwn(key, new(value, Attributes.All));
                break;
            default:
                MemberNode.Define(target, member.Kind, key, value, Attributes.All);
                break;
        }
    }

    /// <summary>Copies the enumerable own properties of an object (or the characters of a string), except those taken already.</summary>
    public static void CopyProperties(JsObject target, JsValue from, List<PropertyKey>? except)
    {
        if (from.IsNullish)
            return;
        var source = Runtime.Coerce.ToObject(from);
        foreach (var key in source.OwnKeys())
        {
            if (except?.Contains(key) == true || !source.TryGetOwn(key, out var property) || !property.Enumerable)
                continue;
            Realm.Current.Budget.Step();
            target.DefineData(key, source is JsProxy ? source.Get(key) : property.Read(source));
        }
    }
}
