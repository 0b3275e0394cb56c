using System.Collections.Immutable;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

public sealed partial class DefinitionCatalog
{
    /// <summary>Who is said to have saved what came from a file.</summary>
    private const string ByFile = "the file";

    private volatile ImmutableDictionary<string, DefinitionFileRow> _fileRows = ImmutableDictionary<string, DefinitionFileRow>.Empty;

    /// <summary>Reads what the store knows, then the folder. To be awaited once before anything is looked up.</summary>
    public async Task<IReadOnlyList<DefinitionChange>> LoadAsync(CancellationToken ct)
    {
        await _store.PurgeDeletedDefinitionsAsync();
        foreach (var rows in (await _store.DefinitionHeadsAsync(ct)).GroupBy(row => row.DefinitionId).ToList())
            Remember(rows.Key, [.. rows.Select(Complete)], []);
        foreach (var file in await _store.DefinitionFilesAsync(ct))
            _fileRows = _fileRows.SetItem(file.Name, file);
        return await RescanAsync(ct);
    }

    /// <summary>Takes up what changed in the folder since the last look, and writes what could not be written before. A broken file is reported once per change and changes nothing.</summary>
    public async Task<IReadOnlyList<DefinitionChange>> RescanAsync(CancellationToken ct)
    {
        if (Folder is null || !Directory.Exists(Folder))
            return [];
        await _changing.WaitAsync(ct);
        try
        {
            var changes = new List<DefinitionChange>();
            var found = Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).ToList();
            _files = _files.RemoveRange(_files.Keys.Except(found).ToList());
            var vanished = _fileRows.Keys.Except(found.Select(path => Path.GetFileName(path))).ToList();
            if (vanished.Count > 0)
                await CommitAsync(new DefinitionCommit { ForgetFiles = vanished });
            foreach (var path in found)
                if (await TakeUpAsync(path, ct) is { } change)
                    changes.Add(change);
            return changes;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Reads, compiles and checks a definition without keeping it.</summary>
    /// <exception cref="DefinitionException">It is refused; it names every complaint.</exception>
    public WorkflowDefinition Validate(string json, string source)
    {
        var definition = WorkflowDefinition.Read(json, source);
        CheckId(definition.DefinitionId, source);
        CheckPublish(definition.DefinitionId, PreparedDefinition.From(definition.Document, null, source, Registry), source);
        return definition;
    }

    /// <summary>Takes a definition up as a new version in force, and writes it to its file as it is. What the version in force says already changes nothing.</summary>
    /// <exception cref="DefinitionException">It is refused; it names every complaint.</exception>
    /// <exception cref="RefusedException">The file cannot be written; nothing was taken over.</exception>
    public async Task<WorkflowSummary> ImportAsync(string json, string source, CancellationToken ct, string by = "import")
    {
        var definition = WorkflowDefinition.Read(json, source);
        var definitionId = definition.DefinitionId;
        if (definitionId.Length == 0)
            throw new DefinitionException(source, "It has no definitionId. Write \"definitionId\": \"a-name-of-your-own\" into it.");
        CheckId(definitionId, source);
        var ready = PreparedDefinition.From(definition.Document, null, source, Registry);
        CheckPublish(definitionId, ready, source);
        await _changing.WaitAsync(ct);
        try
        {
            await LookAtFileOfAsync(definitionId, ct);
            DefinitionFileRow? written = null;
            if (Folder is not null)
            {
                var path = DefinitionFile.For(definitionId, Folder, _files.Values);
                // File first, version second: a crash between the two leaves a changed file, which the next start takes up.
                if (DefinitionFile.TryWrite(path, json, definitionId, out var problem) is not { } file)
                    throw new RefusedException(ProblemCodes.Storage, $"{source} is not taken over, because {Path.GetFileName(path)} cannot be written: {problem} See to the folder {Folder}, then import it again.");
                _files = _files.SetItem(path, file);
                written = new DefinitionFileRow(Path.GetFileName(path), definitionId, DefinitionFile.Hash(json));
            }

            return Summary(await TakeOverAsync(definitionId, ready, publish: true, by, source, written, ct), _files.Values.FirstOrDefault(file => file.DefinitionId == definitionId));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Gives a definition that has none a file in the workflows folder, with its version in force. From then on what is published of it is written there.</summary>
    /// <returns>The name of the file; of the one that it has where it has one already.</returns>
    /// <exception cref="RefusedException">Not found; conflict: there is no folder, or no version in force; storage: the file cannot be written.</exception>
    public async Task<string> WriteFileAsync(string definitionId, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            if (Versions(definitionId).Count == 0)
                throw Unknown(definitionId);
            if (FileRowOf(definitionId) is { } present)
                return present.Name;
            if (Folder is null || Row(definitionId, VersionSelector.Published) is not { } row)
                throw new RefusedException(ProblemCodes.Conflict, $"'{definitionId}' gets no file, because {(Folder is null ? "this server has no workflows folder" : "no version of it is in force; publish it first")}.");
            var (path, text) = (DefinitionFile.For(definitionId, Folder, _files.Values), FileText.New(WorkflowDefinition.Read(row.Json, definitionId).Document));
            if (DefinitionFile.TryWrite(path, text, definitionId, out var problem) is not { } file)
                throw new RefusedException(ProblemCodes.Storage, $"{Path.GetFileName(path)} cannot be written: {problem} See to the folder {Folder}.");
            _files = _files.SetItem(path, file);
            await CommitAsync(new DefinitionCommit { Files = [new DefinitionFileRow(Path.GetFileName(path), definitionId, DefinitionFile.Hash(text))] });
            return Path.GetFileName(path);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>A definition's file is looked at before the definition is changed, so that an edit outside is met as a version, not overwritten.</summary>
    private async Task LookAtFileOfAsync(string definitionId, CancellationToken ct)
    {
        if (_files.Values.FirstOrDefault(file => file.DefinitionId == definitionId) is { } file)
            await TakeUpAsync(file.Path, ct);
    }

    private async Task<DefinitionChange?> TakeUpAsync(string path, CancellationToken ct)
    {
        var known = _files.GetValueOrDefault(path);
        var now = await DefinitionFile.LookAsync(path, known, ct);
        if (now is null)
            return null;
        if (ReferenceEquals(now, known))
        {
            if (known.DefinitionId is { } waiting)
                await WriteBackAsync(waiting, ct);
            return null;
        }

        string? definitionId = null;
        try
        {
            if (now.Text is not { } json)
                throw new DefinitionException(path, now.Problem!);
            var (name, hash) = (Path.GetFileName(path), DefinitionFile.Hash(json));
            if (RecordOf(name, hash) is { } record)
            {
                var isDeleted = Versions(record.DefinitionId).Count == 0;
                _files = _files.SetItem(path, now with { DefinitionId = record.DefinitionId, Text = null, Problem = isDeleted ? DeletedProblem(path) : null });
                await WriteBackAsync(record.DefinitionId, ct);
                // It was broken, and is again what is in force: that is news.
                return known?.Problem is not null && !isDeleted ? new DefinitionChange(path, record.DefinitionId, Head(record.DefinitionId, row => row.IsPublished)?.Version ?? Versions(record.DefinitionId)[0].Version, null) : null;
            }

            var definition = WorkflowDefinition.Read(json, path);
            definitionId = definition.DefinitionId is { Length: > 0 } given ? given : Path.GetFileNameWithoutExtension(path);
            CheckId(definitionId, path);
            if (_files.Values.FirstOrDefault(file => file.Path != path && file.DefinitionId == definitionId && file.Problem is null) is { } other)
                throw new DefinitionException(path, $"The definitionId '{definitionId}' is already that of {Path.GetFileName(other.Path)}. Give one of the two another.");
            var (before, ready) = (Versions(definitionId), PreparedDefinition.From(definition.Document, null, path, Registry));
            // A file says false when it is a draft; saying nothing, it is there to be run.
            var publish = !ActivityJson.IsFalse(definition.Document["isPublished"]);
            var (unwritten, file) = (_fileRows.GetValueOrDefault(name)?.Unwritten, new DefinitionFileRow(name, definitionId, hash));
            _files = _files.SetItem(path, now with { DefinitionId = definitionId, Text = null });
            var row = await TakeOverAsync(definitionId, ready, publish, ByFile, path, file, ct);
            return before.Contains(row) && known?.Problem is null ? null : new DefinitionChange(path, definitionId, row.Version, null) { Note = before.Count == 0 ? null : Note(before[0], row, unwritten) };
        }
        catch (DefinitionException e)
        {
            _files = _files.SetItem(path, now with { DefinitionId = definitionId ?? known?.DefinitionId, Text = null, Problem = e.Message });
            return new DefinitionChange(path, definitionId, 0, e.Message);
        }
    }

    /// <summary>The version that says this: the one in force or the latest where it does already, the draft that said it first, else a new one.</summary>
    private async Task<DefinitionRow> TakeOverAsync(string definitionId, PreparedDefinition ready, bool publish, string by, string source, DefinitionFileRow? file, CancellationToken ct)
    {
        var latest = Head(definitionId, row => row.IsLatest);
        var same = publish ? Head(definitionId, row => row.IsPublished && row.ContentHash == ready.ContentHash) : latest is { IsPublished: false } && latest.ContentHash == ready.ContentHash ? latest : null;
        // What is in force says it already. Where a draft goes on from there, that stays the latest.
        if (same is not null)
        {
            if (file is not null && _fileRows.GetValueOrDefault(file.Name) != file)
                await CommitAsync(new DefinitionCommit { Files = [file] });
            return same;
        }

        var over = publish && latest is { IsPublished: false } && latest.ContentHash == ready.ContentHash ? latest : null;
        return (await KeepAsync(definitionId, over, ready, publish, by, null, source, ct, file)).Row;
    }

    /// <summary>What the store knows of this content of that file; also from before it kept books of files.</summary>
    private DefinitionFileRow? RecordOf(string name, string hash) =>
        _fileRows.TryGetValue(name, out var row)
            ? row.Hash == hash ? row : null
            : _versions.Values.Select(rows => rows[0]).FirstOrDefault(latest => latest.SourceFile == name && latest.SourceHash == hash) is { } from ? new DefinitionFileRow(name, from.DefinitionId, hash) : null;

    private DefinitionFileRow? FileRowOf(string definitionId) => _fileRows.Values.FirstOrDefault(file => file.DefinitionId == definitionId);

    /// <summary>What a person should know who worked on the definition while its file was edited: nothing is lost, but it is not in force.</summary>
    private static string? Note(DefinitionRow before, DefinitionRow now, string? unwritten)
    {
        if (before.VersionId == now.VersionId)
            return null;
        if (before is { IsPublished: false, PublishedAt: null })
            return $"The draft that {before.SavedBy ?? "somebody"} worked on is kept as version {before.Version}; to go on with it: quiesce workflow rollback {before.DefinitionId} {before.Version}";
        return unwritten == before.VersionId
            ? $"Version {before.Version}, published by {before.SavedBy ?? "somebody"}, had not been written to the file and is kept; to go back to it: quiesce workflow rollback {before.DefinitionId} {before.Version} --publish"
            : null;
    }

    /// <summary>Rows of an earlier program lack what this one goes by.</summary>
    private DefinitionRow Complete(DefinitionRow row)
    {
        if (row.ContentHash is not null || row.Json.Length == 0)
            return row;
        try
        {
            var ready = PreparedDefinition.From(WorkflowDefinition.Read(row.Json, row.DefinitionId).Document, null, row.DefinitionId, Registry);
            DefinitionDocument.Assign(ready.Document, row.DefinitionId, row.VersionId, row.Version, row.CreatedAt, row.IsLatest, row.IsPublished, row.Revision);
            return row with
            {
                Json = ready.Document.ToJsonString(DefinitionDocument.Compact), ContentHash = ready.ContentHash, ActivityType = ready.ActivityType,
                PublishedAt = row.IsPublished ? row.CreatedAt : null, SavedAt = row.CreatedAt,
            };
        }
        catch (DefinitionException)
        {
            // It does not compile with this program: it stays readable as it is.
            return row;
        }
    }
}
