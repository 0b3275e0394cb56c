using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>The variables of a workflow in the state of one of its instances.</summary>
public static class InstanceVariables
{
    /// <summary>All of them, in the order of the definition; one that has no stored value has its default.</summary>
    public static IReadOnlyList<(string Id, string Name, JsonNode? Value)> Read(WorkflowGraph graph, InstanceState state)
    {
        var root = state.Contexts.FirstOrDefault(c => c.ParentId is null);
        var stored = root?.Properties?["Variables"] as JsonObject;
        return
        [
            .. graph.Workflow.Variables.Select(v =>
                (v.Id, v.Name, (stored?[v.Id] ?? root?.Volatile?[v.Id])?.DeepClone() ?? Values.ToJson(VariableSlot.DefaultOf(v)))),
        ];
    }

    /// <summary>The id of the variable with that id or name, if it survives a suspension and can therefore be set from outside; else null.</summary>
    public static string? Settable(WorkflowGraph graph, string idOrName) =>
        graph.Workflow.Variables.FirstOrDefault(v => v.Driver == StorageDriver.WorkflowInstance && (v.Id == idOrName || v.Name == idOrName))?.Id;

    /// <summary>The state with other values; each is converted to its variable's type when it is read. Unknown names are left out, null goes back to the default.</summary>
    public static InstanceState Set(WorkflowGraph graph, InstanceState state, JsonObject values)
    {
        var contexts = state.Contexts.ToList();
        var index = contexts.FindIndex(c => c.ParentId is null);
        if (index < 0)
            return state;
        var properties = (JsonObject?)contexts[index].Properties?.DeepClone() ?? [];
        if (properties["Variables"] is not JsonObject variables)
            properties["Variables"] = variables = [];
        foreach (var (name, value) in values)
        {
            if (Settable(graph, name) is not { } id)
                continue;
            if (value is null)
                variables.Remove(id);
            else
                variables[id] = value.DeepClone();
        }

        contexts[index] = contexts[index] with { Properties = properties };
        return state with { Contexts = contexts };
    }
}
