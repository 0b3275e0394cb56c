using System.Text;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>
/// Saves as Studio asks for them: with half a document, and up to four times over when an answer got lost. One that came already is answered again and changes nothing.
/// </summary>
internal sealed class DefinitionSaves(DefinitionCatalog catalog, TimeProvider time) : IDisposable
{
    /// <summary>Studio repeats for 14 seconds; the rest is for slow answers.</summary>
    private static readonly TimeSpan Repeats = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _creating = new(1, 1);

    public void Dispose() => _creating.Dispose();

    /// <summary>Saves an edit, or creates a definition where the model names none.</summary>
    /// <exception cref="RefusedException">Conflict, read-only, or activities would be lost that the designer could not show.</exception>
    /// <exception cref="DefinitionException">It is no workflow.</exception>
    public async Task<SavedDefinition> SaveAsync(JsonObject model, bool publish, string by, CancellationToken ct)
    {
        var definitionId = model.Text("definitionId");
        if (string.IsNullOrWhiteSpace(definitionId))
            return await CreateAsync(model, publish, by, ct);
        var baseVersionId = model.Text("id") is { Length: > 0 } id ? id : null;
        var before = (baseVersionId is null ? null : catalog.RowByVersionId(baseVersionId)) ?? catalog.Row(definitionId, VersionSelector.Latest);
        if (before is null && baseVersionId is not null)
            throw new RefusedException(ProblemCodes.Conflict, $"Not saved: the workflow '{model.Text("name") ?? definitionId}' was deleted meanwhile. Use Save as to keep your work under another name.");
        var document = SavedDocument.Of(model, before is null ? null : SavedDocument.Parse(before.Json), definitionId);
        return await catalog.SaveAsync(new SaveDefinition { Document = document, Publish = publish, BaseVersionId = baseVersionId, By = by }, ct);
    }

    /// <summary>Takes over a whole document as a draft, new or as the next version.</summary>
    /// <exception cref="DefinitionException">It is no workflow.</exception>
    public async Task<SavedDefinition> ImportAsync(JsonObject document, string by, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(document.Text("definitionId")))
            return await CreateAsync(document, publish: false, by, ct);
        return await catalog.SaveAsync(new SaveDefinition { Document = document, By = by }, ct);
    }

    /// <summary>Copies an old version into a new draft. Asked for again when the draft with that content is there, it makes no second one.</summary>
    public async Task<DefinitionRow> RevertAsync(string definitionId, int version, string by, CancellationToken ct)
    {
        await _creating.WaitAsync(ct);
        try
        {
            var (old, latest) = (catalog.Row(definitionId, VersionSelector.Specific(version)), catalog.Row(definitionId, VersionSelector.Latest));
            if (old is not null && latest is { IsPublished: false } && latest.Version != version && IsRecent(latest) && SameContent(SavedDocument.Parse(old.Json), SavedDocument.Parse(latest.Json)))
                return latest;
            return await catalog.RevertAsync(definitionId, version, by, ct);
        }
        finally
        {
            _creating.Release();
        }
    }

    private async Task<SavedDefinition> CreateAsync(JsonObject model, bool publish, string by, CancellationToken ct)
    {
        await _creating.WaitAsync(ct);
        try
        {
            var wanted = Slug(model.Text("name"));
            for (var n = 1; ; n++)
            {
                var definitionId = n == 1 ? wanted : $"{wanted}-{n}";
                var document = SavedDocument.Of(model, null, definitionId);
                if (catalog.Row(definitionId, VersionSelector.Latest) is not { } taken)
                    return await catalog.SaveAsync(new SaveDefinition { Document = document, Publish = publish, By = by }, ct);
                if (taken.Version == 1 && IsRecent(taken) && SameContent(document, SavedDocument.Parse(taken.Json)))
                    return new SavedDefinition(taken, AlreadyPublished: taken.IsPublished, [], []);
            }
        }
        finally
        {
            _creating.Release();
        }
    }

    private bool IsRecent(DefinitionRow row) => time.GetUtcNow() - row.CreatedAt < Repeats;

    /// <summary>The same but for what the server assigns.</summary>
    private bool SameContent(JsonObject a, JsonObject b) => JsonNode.DeepEquals(Content(a), Content(b));

    private JsonObject Content(JsonObject document)
    {
        var graph = WorkflowGraph.Compile(WorkflowDefinition.Read(document.ToJsonString(), "the definition"), catalog.Registry);
        var content = new JsonObject { ["name"] = graph.Definition.Name, ["description"] = graph.Definition.Description };
        foreach (var name in (string[])["variables", "inputs", "outputs", "outcomes"])
            content[name] = document[name] is JsonArray { Count: > 0 } list ? list.DeepClone() : null;
        content["root"] = graph.ToDocument()["root"]?.DeepClone();
        return content;
    }

    /// <summary>"Nightly snapshot (2)" → "nightly-snapshot-2": a definition's id is also the name of its file.</summary>
    public static string Slug(string? name)
    {
        var slug = new StringBuilder();
        foreach (var c in (name ?? "").ToLowerInvariant())
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        var text = slug.ToString().TrimEnd('-');
        return text.Length == 0 ? "workflow" : text[..Math.Min(text.Length, 60)].TrimEnd('-');
    }
}
