namespace Quiesce.Server.Studio.Site;

/// <summary>One screen of Studio: there is one page for each, because Studio takes no two of them in one page.</summary>
/// <param name="Element">The custom element that draws it.</param>
/// <param name="Key">Its attribute that says what to show; null for a list.</param>
internal sealed record StudioScreen(string Title, string Element, string? Key, bool IsDefinitions)
{
    public static readonly StudioScreen Definitions = new("Workflows", "elsa-workflow-definition-list", null, IsDefinitions: true);

    public static readonly StudioScreen Editor = new("Workflow", "elsa-workflow-definition-editor", "definition-id", IsDefinitions: true);

    public static readonly StudioScreen Instances = new("Instances", "elsa-workflow-instance-list", null, IsDefinitions: false);

    public static readonly StudioScreen Viewer = new("Instance", "elsa-workflow-instance-viewer", "instance-id", IsDefinitions: false);
}
