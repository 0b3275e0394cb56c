using Quiesce.Engine.JavaScript.Nodes;

namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>A function written in the script: its code, the scope around it and, for methods, where super begins.</summary>
internal sealed class ScriptFunction : JsFunction
{
    private readonly Frame _outer;
    private readonly Scope _scope;

    public ScriptFunction(FunctionNode code, Frame outer, string? name = null) : base(outer.Realm, outer.Realm.PrototypeFor(code))
    {
        Code = code;
        _outer = outer;
        _scope = outer.Scope;
        Name = name ?? code.Name ?? "";
        Pending = true;
    }

    public FunctionNode Code { get; }
    public string Name { get; set; }
    public JsObject? HomeObject { get; set; }
    public ClassNode? Class { get; set; }

    /// <summary>What a class gives every new instance: fields, private methods.</summary>
    public List<FieldSetup>? Fields { get; set; }
    public bool IsDerived { get; set; }

    public override bool IsConstructor => Class is not null || Code is { IsArrow: false, IsMethod: false, IsGenerator: false, IsAsync: false };

    protected override void Materialise()
    {
        WriteOwn("length", new(Code.Length, Attributes.Configurable));
        WriteOwn("name", new(Name, Attributes.Configurable));
        if (Code.IsGenerator)
            WriteOwn("prototype", new(new JsObject(Code.IsAsync ? Realm.AsyncGeneratorPrototype : Realm.GeneratorPrototype), Attributes.Writable));
        else if (IsConstructor && Class is null)
        {
            var prototype = Realm.NewObject();
            prototype.WriteOwn("constructor", new(this, Attributes.Hidden));
            WriteOwn("prototype", new(prototype, Attributes.Writable));
        }
    }

    public override JsValue Call(JsValue thisValue, JsValue[] arguments)
    {
        if (Class is not null)
            throw Errors.Type($"The class {Name} can only be called with new.");
        var frame = NewFrame(arguments);
        if (!Code.IsArrow)
            frame.This = Code.IsStrict || thisValue.IsObject ? thisValue : thisValue.IsNullish ? Realm.Global : Coerce.ToObject(thisValue);
        return Run(frame);
    }

    public override JsValue Construct(JsValue[] arguments, JsObject newTarget)
    {
        var frame = NewFrame(arguments);
        frame.NewTarget = newTarget;
        if (IsDerived)
            frame.This = JsValue.Hole;
        else
        {
            var created = new JsObject(Realm.PrototypeFrom(newTarget, Realm.ObjectPrototype));
            frame.This = created;
            InitialiseFields(created, frame);
        }

        var result = Run(frame);
        if (result.IsObject)
            return result;
        if (IsDerived && !result.IsUndefined)
            throw Errors.Type("A derived class's constructor may only return an object or undefined.");
        return frame.ReadThis();
    }

    public void InitialiseFields(JsObject instance, Frame frame)
    {
        if (Fields is null)
            return;
        foreach (var field in Fields)
            field.Apply(instance, frame);
    }

    private Frame NewFrame(JsValue[] arguments)
    {
        var frame = new Frame
        {
            Realm = Realm, Scope = new(new JsValue[Code.Plan.SlotCount], _scope), Source = Code.Source, Function = this, Arguments = arguments, Caller = Realm.Frame,
        };
        if (Code.IsArrow)
            frame.Home = _outer.Home;
        return frame;
    }

    private JsValue Run(Frame frame)
    {
        if (Code is { IsGenerator: false, IsAsync: false })
        {
            Realm.Enter(frame);
            try
            {
                return Code.Run(frame);
            }
            finally
            {
                Realm.Leave(frame);
            }
        }

        if (!Code.IsGenerator)
            return AsyncFunctions.Start(frame, () => Code.RunStep(frame));
        Realm.Enter(frame);
        try
        {
            Code.Bind(frame);
        }
        finally
        {
            Realm.Leave(frame);
        }

        var prototype = Realm.PrototypeFrom(this, Code.IsAsync ? Realm.AsyncGeneratorPrototype : Realm.GeneratorPrototype);
        return Code.IsAsync ? new JsAsyncGenerator(prototype, frame, () => Code.RunBodyStep(frame)) : new JsGenerator(prototype, frame, () => Code.RunBodyStep(frame));
    }
}
