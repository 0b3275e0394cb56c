using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

/// <summary>Small definitions in text.</summary>
internal static class Documents
{
    public static WorkflowDefinition Workflow(string root, string more = "", string id = "test") => WorkflowDefinition.Read(Text(root, more, id), id + ".json");

    public static string Text(string root, string more = "", string id = "test") =>
        $$"""{"id":"{{id}}-1","definitionId":"{{id}}","name":"{{id}}","version":1,"isLatest":true,"isPublished":true{{(more.Length > 0 ? "," + more : "")}},"root":{{root}}}""";

    public static string Sequence(params string[] activities) => Container("Elsa.Sequence", activities);

    public static string Parallel(params string[] activities) => Container("Elsa.Parallel", activities);

    public static string Line(string text) => $$"""{"type":"Elsa.WriteLine","text":"{{text}}"}""";

    public static string Event(string name) => $$"""{"type":"Elsa.Event","eventName":"{{name}}"}""";

    private static string Container(string type, string[] activities) => $$"""{"type":"{{type}}","activities":[{{string.Join(",", activities)}}]}""";
}
