using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Tests.Definitions;

/// <summary>A catalog over a real store and a folder of its own, and a designer's view of it.</summary>
internal sealed class OpenCatalog : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quiesce-catalog-").FullName;

    private OpenCatalog() { }

    public Store Store { get; private set; } = null!;
    public DefinitionCatalog Catalog { get; private set; } = null!;
    public string Workflows => Path.Combine(_folder, "workflows");

    /// <param name="files">Name and text of what lies in the folder.</param>
    public static async Task<OpenCatalog> OpenAsync(params (string Name, string Text)[] files)
    {
        var open = new OpenCatalog();
        Directory.CreateDirectory(open.Workflows);
        foreach (var (name, text) in files)
            await open.WriteFileAsync(name, text);
        await open.StartAsync();
        return open;
    }

    /// <summary>As after a restart.</summary>
    public async Task RestartAsync()
    {
        Catalog.Dispose();
        await Store.DisposeAsync();
        await StartAsync();
    }

    public Task<string> ReadFileAsync(string name) => File.ReadAllTextAsync(Path.Combine(Workflows, name));

    public Task WriteFileAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(Workflows, name), text);

    public Task<IReadOnlyList<DefinitionChange>> RescanAsync() => Catalog.RescanAsync(CancellationToken.None);

    /// <summary>What a designer has after opening the latest version.</summary>
    public JsonObject Opened(string definitionId) => JsonNode.Parse(Catalog.Row(definitionId, VersionSelector.Latest)!.Json)!.AsObject();

    /// <summary>What a designer does with it: sends the whole document back, with the id of the version it had.</summary>
    public Task<SavedDefinition> SaveAsync(JsonObject document, bool publish = false, string by = "ann") =>
        Catalog.SaveAsync(new SaveDefinition { Document = document, Publish = publish, BaseVersionId = (string?)document["id"], By = by }, CancellationToken.None);

    public Task<SavedDefinition> NewAsync(string json, bool publish = false, string by = "ann") =>
        Catalog.SaveAsync(new SaveDefinition { Document = JsonNode.Parse(json)!.AsObject(), Publish = publish, By = by }, CancellationToken.None);

    public static JsonObject Of(DefinitionRow row) => JsonNode.Parse(row.Json)!.AsObject();

    /// <summary>The activity of that id directly in the root.</summary>
    public static JsonObject Activity(JsonObject document, string id) => document["root"]!["activities"]!.AsArray().Single(activity => (string?)activity!["id"] == id)!.AsObject();

    public static void Say(JsonObject document, string id, string text) => Activity(document, id)["text"] = new JsonObject
    {
        ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text },
    };

    public async ValueTask DisposeAsync()
    {
        Catalog.Dispose();
        await Store.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(Workflows))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        Store = await Store.OpenAsync(Path.Combine(_folder, "quiesce.db"), TimeProvider.System, CancellationToken.None);
        Catalog = new DefinitionCatalog(Store, QuiesceActivities.Registry, Workflows, TimeProvider.System);
        await Catalog.LoadAsync(CancellationToken.None);
    }
}
