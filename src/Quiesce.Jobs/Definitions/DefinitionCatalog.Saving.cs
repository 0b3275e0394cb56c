using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

public sealed partial class DefinitionCatalog
{
    /// <summary>A repeat of a save that makes a new definition is known as such for so long.</summary>
    private static readonly TimeSpan RepeatedWithin = TimeSpan.FromMinutes(1);

    /// <summary>Keeps a document as draft or puts it in force. The same save again changes nothing and answers the same row.</summary>
    /// <exception cref="DefinitionException">It is no workflow, or may not be published; it names every complaint.</exception>
    /// <exception cref="RefusedException">Conflict: it is based on something older than what is kept, the definition is read-only, or activities would be lost.</exception>
    public async Task<SavedDefinition> SaveAsync(SaveDefinition save, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(save);
        var given = ActivityJson.Text(save.Document["definitionId"])?.Trim() is { Length: > 0 } id ? id : null;
        var source = given is null ? $"'{ActivityJson.Text(save.Document["name"]) ?? "the new workflow"}'" : $"'{given}'";
        CheckId(given ?? "", source);
        await _changing.WaitAsync(ct);
        try
        {
            if (given is not null)
                await LookAtFileOfAsync(given, ct);
            var latest = given is null ? null : Head(given, row => row.IsLatest);
            if (latest is null && save.BaseVersionId is not null)
                throw new RefusedException(ProblemCodes.Conflict, $"Not saved: the workflow {source} was deleted meanwhile. Save it as a copy, or import it as a file.");
            var before = latest is null ? null : WorkflowDefinition.Read(latest.Json, source);
            var ready = PreparedDefinition.From(save.Document, save.BaseVersionId is null ? null : before!.Document, source, Registry);
            if (latest is null)
                return await CreateAsync(given, ready, save, source, ct);
            if (before!.IsReadonly)
                throw new RefusedException(ProblemCodes.Conflict, $"Not saved: the workflow {source} is read-only. Save it as a copy under another name.");
            if (save.BaseVersionId is not null)
            {
                var standing = SaveConflict.IsBasedOn(save, latest) || ready.ContentHash == latest.ContentHash
                    ? new SaveConflict()
                    : SaveConflict.Standing(save, latest, before.Document, ready, await _store.DefinitionEditsAsync(latest.DefinitionId, ct), RowByVersionId(save.BaseVersionId));
                if (standing is { Conflict: { } conflict })
                    throw new RefusedException(ProblemCodes.Conflict, conflict);
                if (standing.IsRepeat)
                    return new SavedDefinition(latest, save.Publish && latest.IsPublished, [], []);
                LossCheck.Run(before.Document, ready.Document, source, KnowsType);
            }

            if (ready.ContentHash == latest.ContentHash && (latest.IsPublished || !save.Publish))
                return await UnchangedAsync(latest, save.Publish, ct);
            var over = latest is { IsPublished: false, PublishedAt: null } || ready.ContentHash == latest.ContentHash ? latest : null;
            return await KeepAsync(latest.DefinitionId, over, ready, save.Publish, save.By, BasedOn(save), source, ct);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Puts the latest version in force. Where it is already, nothing changes.</summary>
    /// <exception cref="DefinitionException">It may not be published; it names every complaint.</exception>
    /// <exception cref="RefusedException">Not found.</exception>
    public async Task<SavedDefinition> PublishAsync(string definitionId, string by, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            await LookAtFileOfAsync(definitionId, ct);
            var latest = Head(definitionId, row => row.IsLatest) ?? throw Unknown(definitionId);
            if (latest.IsPublished)
                return await UnchangedAsync(latest, publish: true, ct);
            var source = $"'{definitionId}'";
            var ready = PreparedDefinition.From(WorkflowDefinition.Read(latest.Json, source).Document, null, source, Registry);
            return await KeepAsync(definitionId, latest, ready, publish: true, by, null, source, ct);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Takes the version in force back. Sessions and instances under way keep it, and so it is not edited in place afterwards: the next save is a new version.</summary>
    /// <exception cref="RefusedException">Not found; conflict: none is in force.</exception>
    public async Task<DefinitionRow> RetractAsync(string definitionId, string by, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            await LookAtFileOfAsync(definitionId, ct);
            if (Versions(definitionId).Count == 0)
                throw Unknown(definitionId);
            var published = Head(definitionId, row => row.IsPublished)
                ?? throw new RefusedException(ProblemCodes.Conflict, $"No version of '{definitionId}' is in force, so that there is nothing to take back. `quiesce workflow versions {definitionId}` shows those there are.");
            var document = WorkflowDefinition.Read(published.Json, definitionId).Document;
            DefinitionDocument.Assign(document, definitionId, published.VersionId, published.Version, published.CreatedAt, published.IsLatest, isPublished: false, published.Revision + 1);
            var row = published with
            {
                IsPublished = false, Revision = published.Revision + 1, SavedAt = Now, SavedBy = by, PublishedAt = published.PublishedAt ?? published.CreatedAt,
                Json = document.ToJsonString(DefinitionDocument.Compact),
            };
            await CommitAsync(new DefinitionCommit { Put = [row], Edits = [Edit(row, null)] }, definitionId);
            return row;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Copies an old version into a new draft. A draft that was the latest stays as a version of its own.</summary>
    /// <exception cref="RefusedException">Not found.</exception>
    public async Task<DefinitionRow> RevertAsync(string definitionId, int version, string by, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            await LookAtFileOfAsync(definitionId, ct);
            var old = Row(definitionId, VersionSelector.Specific(version))
                ?? throw (Versions(definitionId).Count == 0 ? Unknown(definitionId) : new RefusedException(ProblemCodes.NotFound, $"'{definitionId}' has no version {version}. `quiesce workflow versions {definitionId}` shows those there are."));
            var source = $"'{definitionId}'";
            var ready = PreparedDefinition.From(WorkflowDefinition.Read(old.Json, source).Document, null, source, Registry);
            return (await KeepAsync(definitionId, null, ready, publish: false, by, null, source, ct)).Row;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<SavedDefinition> CreateAsync(string? given, PreparedDefinition ready, SaveDefinition save, string source, CancellationToken ct)
    {
        // A client that did not hear the answer sends a new definition again, and has no id to send with it.
        var repeated = given is null
            ? _versions.Values.Select(rows => rows[0]).FirstOrDefault(row => row.Revision == 1 && row.Version == 1 && row.ContentHash == ready.ContentHash && row.SavedBy == save.By
                && row.CreatedAt > Now - RepeatedWithin && row.IsPublished == save.Publish)
            : null;
        return repeated is not null
            ? new SavedDefinition(repeated, repeated.IsPublished, [], [])
            : await KeepAsync(given ?? NewId(), null, ready, save.Publish, save.By, null, source, ct);
    }

    private async Task<SavedDefinition> UnchangedAsync(DefinitionRow latest, bool publish, CancellationToken ct)
    {
        if (publish)
            await WriteBackAsync(latest.DefinitionId, ct);
        return new SavedDefinition(latest, publish && latest.IsPublished, [], FileWarnings(latest.DefinitionId));
    }

    /// <summary>Checks where it is to be in force, writes the version with everything that follows from it in one transaction, then the files.</summary>
    private async Task<SavedDefinition> KeepAsync(
        string definitionId, DefinitionRow? over, PreparedDefinition ready, bool publish, string by, string? basedOn, string source, CancellationToken ct, DefinitionFileRow? file = null)
    {
        if (publish)
            CheckPublish(definitionId, ready, source);
        var number = over?.Version ?? await NextVersionAsync(definitionId, ready.Document, ct);
        var row = ready.Row(definitionId, over, number, publish, by, Now);
        if (file is not null)
            row = row with { SourceFile = file.Name, SourceHash = file.Hash };
        var (rows, edits, warnings) = (new List<DefinitionRow> { row }, new List<DefinitionEditRow> { Edit(row, basedOn) }, new List<string>(ready.Graph.Definition.Warnings));
        var consumers = publish && ready.Graph.Definition.Options is { UsableAsActivity: true, AutoUpdateConsumingWorkflows: true } ? await RepointedAsync(row, by, warnings, ct) : [];
        rows.AddRange(consumers);
        edits.AddRange(consumers.Select(consumer => Edit(consumer, null)));
        // The mark is written with the version: a crash before the file is written leaves it for the next start.
        var files = rows.Where(put => put.IsPublished && put.DefinitionId != file?.DefinitionId).Select(put => FileRowOf(put.DefinitionId) is { } own ? own with { Unwritten = put.VersionId, Problem = null } : null)
            .OfType<DefinitionFileRow>().ToList();
        if (file is not null)
            files.Add(file);
        await CommitAsync(new DefinitionCommit { Put = rows, Edits = edits, Files = files }, [.. rows.Select(put => put.DefinitionId)]);
        foreach (var put in rows)
            if (put.IsPublished)
            {
                await WriteBackAsync(put.DefinitionId, ct);
                warnings.AddRange(FileWarnings(put.DefinitionId));
            }

        return new SavedDefinition(row, false, [.. consumers.Select(consumer => consumer.DefinitionId)], warnings);
    }

    /// <summary>Writes, reads back what a list needs, and tells who listens.</summary>
    private async Task CommitAsync(DefinitionCommit commit, params string[] definitionIds)
    {
        if (!await _store.CommitDefinitionsAsync(commit))
            throw new RefusedException(ProblemCodes.Conflict, $"Not saved: {string.Join(", ", definitionIds)} was changed by another server in this moment. Load it again and repeat the change.");
        foreach (var file in commit.Files)
            _fileRows = _fileRows.SetItem(file.Name, file);
        foreach (var name in commit.ForgetFiles)
            _fileRows = _fileRows.Remove(name);
        foreach (var definitionId in definitionIds.Distinct())
            Remember(definitionId, await _store.DefinitionHeadsAsync(definitionId, CancellationToken.None), commit.Put);
        foreach (var definitionId in definitionIds.Distinct())
            Tell(definitionId);
    }

    /// <param name="written">Rows whose documents carry the right marks.</param>
    private void Remember(string definitionId, IReadOnlyList<DefinitionRow> rows, IReadOnlyList<DefinitionRow> written)
    {
        if (rows.Count == 0)
        {
            _versions = _versions.Remove(definitionId);
            return;
        }

        _versions = _versions.SetItem(definitionId, [.. rows.Select(row => written.Any(put => put.VersionId == row.VersionId) ? row : Marked(row))]);
        foreach (var row in rows)
            _owners[row.VersionId] = definitionId;
    }

    private async Task<int> NextVersionAsync(string definitionId, JsonObject document, CancellationToken ct) =>
        await _store.HighestDefinitionVersionAsync(definitionId, ct) is > 0 and var highest ? highest + 1 : Math.Max(1, document["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 1);

    private static DefinitionEditRow Edit(DefinitionRow row, string? basedOn) => new(row.DefinitionId, row.VersionId, row.Revision, basedOn, row.ContentHash!, row.SavedAt!.Value, row.SavedBy!, row.Json);

    private static string? BasedOn(SaveDefinition save) => save.BaseVersionId is null ? null : $"{save.BaseVersionId}:{save.BaseRevision ?? DefinitionDocument.Revision(save.Document)}";

    private static string NewId() => Random.Shared.NextInt64(long.MinValue, long.MaxValue).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
}
