using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

/// <summary>A workflow as an activity of another: how it is referred to, and what a designer is told of it.</summary>
internal static class WorkflowUse
{
    /// <summary>The activities of a tree that stand for a definition: by its id, or by its type name where they carry no id.</summary>
    public static IEnumerable<JsonObject> In(JsonObject? root, string definitionId, IReadOnlyCollection<string> types, ActivityRegistry registry) =>
        ActivityTree.Of(root).Select(entry => entry.Json).Where(activity => ActivityJson.Text(activity["workflowDefinitionId"]) is { Length: > 0 } id
            ? id == definitionId
            : types.Contains(activity.Type()) && registry.Find(activity.Type()) is null);

    /// <summary>Points an activity at a version. False when it points there already.</summary>
    public static bool Point(JsonObject activity, DefinitionRow row)
    {
        if (ActivityJson.Text(activity["workflowDefinitionVersionId"]) == row.VersionId)
            return false;
        if (row.ActivityType is { } type)
            activity["type"] = type;
        activity["version"] = row.Version;
        foreach (var (name, value) in Reference(row, row))
            activity[name] = value?.DeepClone();
        return true;
    }

    /// <summary>The members by which an activity refers to a version.</summary>
    public static JsonObject Reference(DefinitionRow row, DefinitionRow? published) => new()
    {
        ["workflowDefinitionId"] = row.DefinitionId,
        ["workflowDefinitionVersionId"] = row.VersionId,
        ["latestAvailablePublishedVersion"] = published?.Version ?? row.Version,
        ["latestAvailablePublishedVersionId"] = published?.VersionId ?? row.VersionId,
    };

    public static ActivityDescriptor Descriptor(WorkflowDefinition definition, DefinitionRow row) => new()
    {
        TypeName = row.ActivityType!,
        Version = row.Version,
        Category = definition.Options.ActivityCategory is { Length: > 0 } category ? category : "Workflows",
        DisplayName = definition.Name ?? definition.DefinitionId,
        Description = definition.Description,
        Inputs = [.. definition.Inputs.Select(input => new InputDescriptor(ActivityNames.Pascalize(input.Name), input.TypeName)
        {
            DisplayName = input.DisplayName ?? input.Name, Description = input.Description, Category = input.Category, UiHint = input.UiHint ?? "single-line",
        })],
        Outputs = [.. definition.Outputs.Select(output => new OutputDescriptor(ActivityNames.Pascalize(output.Name), output.TypeName) { DisplayName = output.DisplayName ?? output.Name, Description = output.Description })],
        Outcomes = definition.Outcomes,
        IsBrowsable = row.IsPublished,
        CustomProperties = new JsonObject { ["RootType"] = "WorkflowDefinitionActivity", ["WorkflowDefinitionId"] = row.DefinitionId, ["WorkflowDefinitionVersionId"] = row.VersionId },
    };
}
