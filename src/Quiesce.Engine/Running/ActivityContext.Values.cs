using System.Text.Json.Nodes;

namespace Quiesce.Engine;

// Inputs, outputs and variables.
public sealed partial class ActivityContext
{
    // Declared variables of a container, and those that exist for this execution only.
    internal VariableSlot[]? Slots { get; set; }

    internal List<VariableSlot>? Dynamic { get; set; }

    /// <summary>The value of an input, evaluated before this execution began or was resumed.</summary>
    /// <exception cref="ArgumentException">The activity's descriptor has no such input.</exception>
    public object? GetInput(string name)
    {
        var index = Node.InputIndex(name);
        if (index < 0)
            throw new ArgumentException($"{Node.TypeName} has no input '{name}'.", nameof(name));
        return Inputs?[index];
    }

    /// <summary>The value of an input as <typeparamref name="T"/>; the default of T when there is none or it does not convert.</summary>
    public T? GetInput<T>(string name)
    {
        var value = GetInput(name);
        if (value is T same)
            return same;
        return ClrTypes.Convert(value, typeof(T)) is T converted ? converted : default;
    }

    /// <summary>True when the document gives an expression for the input.</summary>
    public bool IsInputGiven(string name) => Node.InputIndex(name) is var index and >= 0 && Node.Inputs[index].IsGiven;

    /// <summary>Evaluates an input again, now.</summary>
    public object? EvaluateInput(string name) => Node.InputIndex(name) is var index and >= 0 ? BurstRun.EvaluateInput(this, index) : null;

    /// <summary>Sets an output: into the variable or workflow output that the document binds it to, and for scripts of this burst.</summary>
    /// <exception cref="ArgumentException">The activity's descriptor has no such output.</exception>
    public void SetOutput(string name, object? value) => SetOutput(name, value, convert: true);

    internal void SetOutput(string name, object? value, bool convert)
    {
        var index = Node.OutputIndex(name);
        if (index < 0)
            throw new ArgumentException($"{Node.TypeName} has no output '{name}'.", nameof(name));
        (Outputs ??= new object?[Node.Descriptor.Outputs.Count])[index] = value;
        Run.RecordOutput(this, name, value);
        if (Node.OutputReferences[index] is { } reference)
            SetMemory(reference, value, convert);
    }

    internal void SetMemory(string reference, object? value, bool convert)
    {
        if (FindVariableById(reference) is { } slot)
        {
            if (convert)
                slot.Set(value);
            else
                slot.Value = value;
        }

        if (Node.Graph.Host is null && Definition.Outputs.Any(o => o.Name == reference))
            Run.Output[reference] = Values.ToJson(value);
    }

    /// <summary>A workflow input by name, in any casing. Inside a workflow used as an activity: that workflow's input.</summary>
    public object? GetWorkflowInput(string name)
    {
        if (Composite().Parent is not { } owner)
            return Run.Input.GetValueOrDefault(name);
        foreach (var slot in owner.Dynamic ?? [])
            if (string.Equals(slot.Name, name, StringComparison.OrdinalIgnoreCase))
                return slot.Value;
        return null;
    }

    /// <summary>The variable of that name, the innermost first; null when there is none.</summary>
    public object? GetVariable(string name) => FindVariable(name)?.Value;

    /// <summary>Sets the variable of that name. An unknown name creates one in the nearest container, which lives until the next suspension.</summary>
    public void SetVariable(string name, object? value)
    {
        if (FindVariable(name) is { } slot)
        {
            slot.Set(value);
            return;
        }

        var scope = this;
        while (scope.Parent is { } outer && !scope.Node.Descriptor.IsContainer)
            scope = outer;
        scope.AddDynamic(new(name, name, ValueType.Object, StorageDriver.None) { Value = value });
    }

    internal void AddDynamic(VariableSlot slot) => (Dynamic ??= []).Add(slot);

    /// <summary>The workflow node that this execution stands under.</summary>
    internal ActivityContext Composite()
    {
        var context = this;
        while (context.Parent is { } outer && context.Node.Index != 0)
            context = outer;
        return context;
    }

    internal VariableSlot? FindVariable(string name)
    {
        for (var context = this; context is not null; context = context.Parent)
        {
            if (context.Dynamic is not null)
                foreach (var slot in context.Dynamic)
                    if (slot.Name == name)
                        return slot;
            if (context.Slots is not null)
                foreach (var slot in context.Slots)
                    if (slot.Name == name)
                        return slot;
        }

        return null;
    }

    internal VariableSlot? FindVariableById(string id)
    {
        for (var context = this; context is not null; context = context.Parent)
        {
            if (context.Slots is not null)
                foreach (var slot in context.Slots)
                    if (slot.Id == id)
                        return slot;
            if (context.Dynamic is not null)
                foreach (var slot in context.Dynamic)
                    if (slot.Id == id)
                        return slot;
        }

        return null;
    }

    /// <summary>Every variable in scope, inner ones first.</summary>
    internal IEnumerable<VariableSlot> VariablesInScope()
    {
        for (var context = this; context is not null; context = context.Parent)
        {
            foreach (var slot in context.Dynamic ?? [])
                yield return slot;
            foreach (var slot in context.Slots ?? [])
                yield return slot;
        }
    }
}
