using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Assigns a variable.</summary>
internal sealed class SetVariable : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.SetVariable",
        DisplayName = "Set variable",
        Category = "Primitives",
        Description = "Assigns a value to a variable.",
        Inputs = [new("Variable", "Variable") { IsWrapped = false, UiHint = UiHints.VariablePicker, Description = "The variable to assign." }, new("Value", "Object") { Description = "Converted to the type of the variable." }],
    };

    // The plan is the id of the variable; the name beside it is decoration.
    public object? Prepare(NodeDraft draft) => (draft.Json.Find("variable") as JsonObject)?.Text("id");

    public void Execute(ActivityContext context)
    {
        var id = context.Node.Plan as string;
        if (id is null || context.FindVariableById(id) is not { } slot)
            throw new ActivityFaultException($"There is no variable with id '{id}' in scope. Pick an existing variable in the designer.");
        slot.Set(context.GetInput("Value"));
        context.Complete();
    }
}

/// <summary>Names the instance.</summary>
internal sealed class SetName : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.SetName",
        DisplayName = "Set name",
        Category = "Primitives",
        Description = "Sets the name of the workflow instance.",
        Inputs = [new("Value", "String") { DisplayName = "Name" }],
    };

    public void Execute(ActivityContext context)
    {
        context.WorkflowInstanceName = context.GetInput<string>("Value");
        context.Complete();
    }
}

/// <summary>Sets an output of the workflow, or of the workflow used as an activity.</summary>
internal sealed class SetOutput : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.SetOutput",
        DisplayName = "Set output",
        Category = "Composition",
        Description = "Sets an output of the workflow.",
        Inputs = [new("OutputName", "String") { DisplayName = "Output", UiHint = UiHints.OutputPicker }, new("OutputValue", "Object") { DisplayName = "Value" }],
    };

    public void Execute(ActivityContext context)
    {
        var name = context.GetInput<string>("OutputName") ?? "";
        var value = context.GetInput("OutputValue");
        if (context.Composite().Parent is not { } owner)
            context.Run.Output[name] = Values.ToJson(value);
        else if (context.Definition.Outputs.Any(o => o.Name == name))
            owner.Dynamic?.Find(s => s.Name == name)?.Set(value);
        context.Complete();
    }
}

/// <summary>Sets the correlation id.</summary>
internal sealed class Correlate : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.Correlate",
        Category = "Primitives",
        Description = "Sets the correlation id of the workflow instance.",
        Inputs = [new("CorrelationId", "String") { DisplayName = "Correlation id", Description = "Finds the instance among others, such as an order number." }],
    };

    public void Execute(ActivityContext context)
    {
        context.CorrelationId = context.GetInput<string>("CorrelationId");
        context.Complete();
    }
}

/// <summary>Waits for a line of text: whoever can give one resumes its bookmark with <c>{"Result": "text"}</c>.</summary>
internal sealed class ReadLine : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.ReadLine",
        DisplayName = "Read line",
        Category = "Console",
        Description = "Waits for a line of text.",
        Outputs = [new("Result", "String")],
    };

    public void Execute(ActivityContext context) => context.CreateBookmark(Descriptor.TypeName, null);

    public void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Input?.Text("Result") is { } line)
            context.SetOutput("Result", line);
        context.Complete();
    }
}

/// <summary>Writes a line.</summary>
internal sealed class WriteLine : IActivity
{
    public ActivityDescriptor Descriptor { get; } = new()
    {
        TypeName = "Elsa.WriteLine",
        DisplayName = "Write line",
        Category = "Console",
        Description = "Writes a line of text.",
        Inputs = [new("Text", "String")],
    };

    public void Execute(ActivityContext context)
    {
        context.WriteLine(context.GetInput<string>("Text") ?? "");
        context.Complete();
    }
}
