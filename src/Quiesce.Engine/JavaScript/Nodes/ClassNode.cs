using Quiesce.Engine.JavaScript.Parsing;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Nodes;

/// <summary>What a constructor does to each new instance for one field or private method.</summary>
internal sealed record FieldSetup(PropertyKey Key, ScriptFunction? Initialiser, Property? Fixed)
{
    public void Apply(JsObject instance, Frame frame)
    {
        if (Fixed is { } property)
        {
            if (instance.TryGetOwn(Key, out _))
                throw Errors.Type($"The object has {Key} already.");
            instance.WriteOwn(Key, property);
            return;
        }

        var value = Initialiser is null ? JsValue.Undefined : Initialiser.Call(instance, []);
        if (Key.IsPrivate)
            instance.WriteOwn(Key, new(value, Attributes.Writable));
        else
            instance.DefineData(Key, value);
    }
}

internal sealed class ClassNode(ScopePlan plan, Identifier? inner, Node? parent, FunctionNode constructor, MemberNode[] members, IReadOnlyList<Identifier> privateNames,
    int start, int end, string source) : Node
{
    public string Text => source[start..end];

    public string? Name { get; set; } = inner?.Name;

    public override void GiveName(string name) => Name ??= name;

    public override string Describe() => Name ?? "the class";

    public override JsValue Evaluate(Frame f)
    {
        var realm = f.Realm;
        var outer = f.Scope;
        Block.Enter(plan, f);
        foreach (var name in privateNames)
            name.Bind(f, new Symbol(name.Name, true), true);
        var protoParent = realm.ObjectPrototype;
        JsObject? constructorParent = realm.FunctionPrototype;
        if (parent is not null)
        {
            f.Position = Position;
            var value = parent.Evaluate(f);
            if (value.IsNull)
                protoParent = null;
            else if (value.Ref is not JsObject { IsConstructor: true } type)
                throw Errors.Type("A class can only extend a constructor or null.");
            else
            {
                var prototypeValue = type.Get("prototype");
                protoParent = prototypeValue.IsNull ? null : prototypeValue.Ref as JsObject ?? throw Errors.Type("The prototype of the class to extend is not an object.");
                constructorParent = type;
            }
        }

        var prototype = new JsObject(protoParent);
        var function = new ScriptFunction(constructor, f, Name ?? "") { HomeObject = prototype, Class = this, IsDerived = parent is not null, Fields = [] };
        function.SetPrototype(constructorParent);
        function.DefineData("prototype", prototype, Attributes.None);
        prototype.WriteOwn("constructor", new(function, Attributes.Hidden));
        var statics = new List<FieldSetup>();
        foreach (var member in members)
            Add(f, member, function, prototype, statics);
        inner?.Bind(f, function, true);
        foreach (var field in statics)
        {
            if (field.Key.Ref is null)
                field.Initialiser!.Call(function, []);
            else
                field.Apply(function, f);
        }

        f.Scope = outer;
        return function;
    }

    private static void Add(Frame f, MemberNode member, ScriptFunction function, JsObject prototype, List<FieldSetup> statics)
    {
        var home = member.IsStatic ? function : prototype;
        if (member.Kind == MemberKind.StaticBlock)
        {
            statics.Add(new(default, (ScriptFunction)MemberNode.Make(f, MemberKind.Method, member.Value!, home, "", false).Ref!, null));
            return;
        }

        var value = member.Key!.Evaluate(f);
        var key = PropertyKey.Of(value);
        if (member.Kind == MemberKind.Field)
        {
            var initialiser = member.Value is null ? null : (ScriptFunction)MemberNode.Make(f, MemberKind.Field, member.Value, home, key, false).Ref!;
            (member.IsStatic ? statics : function.Fields!).Add(new(key, initialiser, null));
            return;
        }

        var made = MemberNode.Make(f, member.Kind, member.Value!, home, key, true);
        if (!key.IsPrivate)
        {
            MemberNode.Define(home, member.Kind, key, made, Attributes.Hidden);
            return;
        }

        var list = member.IsStatic ? statics : function.Fields!;
        if (member.Kind == MemberKind.Method)
        {
            list.Insert(0, new(key, null, new Property(made, Attributes.None)));
            return;
        }

        var other = list.FindIndex(setup => setup.Key.Equals(key));
        var old = other >= 0 ? list[other].Fixed?.Accessor : null;
        var accessor = member.Kind == MemberKind.Get ? new Accessor(made.AsObject, old?.Set) : new Accessor(old?.Get, made.AsObject);
        if (other >= 0)
            list.RemoveAt(other);
        list.Insert(0, new(key, null, new Property(JsValue.Of(accessor), Attributes.None)));
    }
}
