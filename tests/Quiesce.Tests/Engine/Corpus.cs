using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

/// <summary>The documents under <c>Corpus</c>; what each must do stands in its <c>customProperties.expected</c>.</summary>
internal static class Corpus
{
    public static string Folder { get; } = Path.Combine(Root(), "tests", "Quiesce.Tests", "Engine", "Corpus");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    public static WorkflowDefinition Read(string name) => WorkflowDefinition.Read(Text(name), name + ".json");

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name + ".json"));

    public static JsonObject Expected(WorkflowDefinition definition) => definition.Document["customProperties"]!["expected"]!.AsObject();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Workflows.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of the source tree.");
    }
}
