using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

/// <summary>
/// Every version of every workflow definition, each compiled at most once. Files of the workflows folder become versions; a file that is broken leaves the last good version in force.
/// Safe from many threads; within one process a version once found is found for ever, as <see cref="DefinitionLookup"/> asks.
/// </summary>
public sealed partial class DefinitionCatalog : IDisposable
{
    private readonly Store _store;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ConcurrentDictionary<string, Lazy<WorkflowGraph>> _graphs = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, ImmutableList<DefinitionRow>> _versions = ImmutableDictionary<string, ImmutableList<DefinitionRow>>.Empty;
    private volatile ImmutableDictionary<string, DefinitionFile> _files = ImmutableDictionary<string, DefinitionFile>.Empty;

    /// <param name="folder">The workflows folder; null to use the store only.</param>
    public DefinitionCatalog(Store store, ActivityRegistry registry, string? folder, TimeProvider time) =>
        (_store, Registry, Folder, _time) = (store, registry, folder, time);

    /// <summary>The activities that definitions are compiled against.</summary>
    public ActivityRegistry Registry { get; }

    /// <summary>The workflows folder, or null.</summary>
    public string? Folder { get; }

    /// <summary>Reads what the store knows, then the folder. To be awaited once before anything is looked up.</summary>
    public async Task<IReadOnlyList<DefinitionChange>> LoadAsync(CancellationToken ct)
    {
        foreach (var latest in await _store.LatestDefinitionsAsync(ct))
            _versions = _versions.SetItem(latest.DefinitionId, [.. await _store.DefinitionVersionsAsync(latest.DefinitionId, ct)]);
        return await RescanAsync(ct);
    }

    /// <summary>Takes up what changed in the folder since the last look. A broken file is reported once per change and changes nothing.</summary>
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

    /// <summary>The version in force, compiled; null where the definition has none.</summary>
    /// <exception cref="DefinitionException">It was accepted by an earlier program and does not compile with this one.</exception>
    public WorkflowGraph? GetPublished(string definitionId) => Row(definitionId, row => row.IsPublished) is { } row ? Compile(row) : null;

    /// <summary>Whether the definition has a version in force.</summary>
    public bool IsPublished(string definitionId) => Row(definitionId, row => row.IsPublished) is not null;

    /// <summary>One version, whether in force or not: sessions under way keep theirs.</summary>
    /// <exception cref="DefinitionException">It was accepted by an earlier program and does not compile with this one.</exception>
    public WorkflowGraph? GetByVersionId(string versionId)
    {
        if (_graphs.TryGetValue(versionId, out var compiled))
            return compiled.Value;
        return _versions.Values.SelectMany(rows => rows).FirstOrDefault(row => row.VersionId == versionId) is { } row ? Compile(row) : null;
    }

    /// <summary>Looks a definition up for a burst. A version that does not compile counts as not there.</summary>
    public WorkflowGraph? Find(DefinitionReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.VersionId is { } versionId)
            return _versions.Values.SelectMany(rows => rows).FirstOrDefault(row => row.VersionId == versionId) is { } pinned ? Compiled(pinned) : null;
        var definitionId = reference.DefinitionId ?? FindForActivity(reference.TypeName!);
        return definitionId is not null && Row(definitionId, Selects(reference.Version)) is { } row ? Compiled(row) : null;
    }

    /// <summary>The definition that is used as activity under this type name; null where there is none.</summary>
    public string? FindForActivity(string typeName)
    {
        foreach (var (definitionId, rows) in _versions)
            if (Compiled(rows.Find(row => row.IsPublished) ?? rows[0])?.Definition is { Options.UsableAsActivity: true } definition && definition.ActivityTypeName == typeName)
                return definitionId;
        return null;
    }

    /// <summary>The version in force of every definition (or its latest draft), and every file that is not in force with the reason.</summary>
    public IReadOnlyList<WorkflowSummary> List()
    {
        var (files, list) = (_files, new List<WorkflowSummary>());
        foreach (var (definitionId, rows) in _versions)
        {
            var row = rows.Find(candidate => candidate.IsPublished) ?? rows[0];
            var file = files.Values.Where(candidate => candidate.DefinitionId == definitionId).OrderBy(candidate => candidate.Problem is not null).FirstOrDefault();
            list.Add(Summary(row, file));
        }

        list.AddRange(files.Values.Where(file => file.Problem is not null && (file.DefinitionId is null || !_versions.ContainsKey(file.DefinitionId) || Clashes(file)))
            .Select(file => new WorkflowSummary(file.DefinitionId ?? Path.GetFileNameWithoutExtension(file.Path), null, 0, "", false, Path.GetFileName(file.Path), file.Problem, file.WrittenAt)));
        return [.. list.OrderBy(summary => summary.Id, StringComparer.Ordinal)];

        bool Clashes(DefinitionFile file) => files.Values.Any(other => other.Path != file.Path && other.DefinitionId == file.DefinitionId && other.Problem is null);
    }

    /// <summary>Reads, compiles and checks a definition without keeping it.</summary>
    /// <exception cref="DefinitionException">It is refused; the message says where and why.</exception>
    public WorkflowDefinition Validate(string json, string source)
    {
        var definition = WorkflowDefinition.Read(json, source);
        CheckId(definition.DefinitionId, source);
        WorkflowGraph.Compile(definition, Registry);
        FreezeCheck.Run(definition, Registry);
        return definition;
    }

    /// <summary>Takes a definition up as a new version in force, and writes it to its file. The same text as the version in force changes nothing.</summary>
    /// <exception cref="DefinitionException">It is refused; the message says where and why.</exception>
    public async Task<WorkflowSummary> ImportAsync(string json, string source, CancellationToken ct)
    {
        var definitionId = Validate(json, source).DefinitionId;
        if (definitionId.Length == 0)
            throw new DefinitionException(source, "It has no definitionId. Write \"definitionId\": \"a-name-of-your-own\" into it.");
        await _changing.WaitAsync(ct);
        try
        {
            var file = Folder is null ? null : DefinitionFile.For(definitionId, Folder, _files.Values);
            // File first, version second: a crash between the two leaves a changed file, which the next start takes up.
            var written = file is null ? null : await DefinitionFile.WriteAsync(file, json, definitionId, ct);
            var row = await AddAsync(json, file ?? source, definitionId, publish: true);
            if (written is not null)
                _files = _files.SetItem(written.Path, written);
            return Summary(row, written);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The version in force (or the latest draft) in the form in which Elsa writes it; null where there is no such definition.</summary>
    public string? Export(string definitionId) => (Row(definitionId, row => row.IsPublished) ?? Row(definitionId, _ => true)) is { } row ? WorkflowDefinition.Read(row.Json, definitionId).Write() : null;

    /// <inheritdoc />
    public void Dispose() => _changing.Dispose();

    private async Task<DefinitionChange?> TakeUpAsync(string path, CancellationToken ct)
    {
        var known = _files.GetValueOrDefault(path);
        var now = await DefinitionFile.LookAsync(path, known, ct);
        if (now is null || ReferenceEquals(now, known))
            return null;
        string? definitionId = null;
        try
        {
            if (now.Text is not { } json)
                throw new DefinitionException(path, now.Problem!);
            var definition = WorkflowDefinition.Read(json, path);
            definitionId = definition.DefinitionId is { Length: > 0 } given ? given : Path.GetFileNameWithoutExtension(path);
            CheckId(definitionId, path);
            if (_files.Values.FirstOrDefault(file => file.Path != path && file.DefinitionId == definitionId && file.Problem is null) is { } other)
                throw new DefinitionException(path, $"The definitionId '{definitionId}' is already that of {Path.GetFileName(other.Path)}. Give one of the two another.");
            WorkflowGraph.Compile(definition, Registry);
            // A file says false when it is a draft; saying nothing, it is there to be run.
            var publish = !ActivityJson.IsFalse(definition.Document["isPublished"]);
            if (publish)
                FreezeCheck.Run(definition, Registry);
            var before = _versions.GetValueOrDefault(definitionId)?[0];
            var row = await AddAsync(json, path, definitionId, publish);
            _files = _files.SetItem(path, now with { DefinitionId = definitionId, Text = null });
            return row == before && known?.Problem is null ? null : new DefinitionChange(path, definitionId, row.Version, null);
        }
        catch (DefinitionException e)
        {
            _files = _files.SetItem(path, now with { DefinitionId = definitionId ?? known?.DefinitionId, Text = null, Problem = e.Message });
            return new DefinitionChange(path, definitionId, 0, e.Message);
        }
    }

    /// <summary>The row that holds this text: the latest one where it has the same hash, else a new version.</summary>
    private async Task<DefinitionRow> AddAsync(string json, string source, string definitionId, bool publish)
    {
        var hash = DefinitionFile.Hash(json);
        var rows = _versions.GetValueOrDefault(definitionId, []);
        if (rows.FirstOrDefault() is { } latest && latest.SourceHash == hash && latest.IsPublished == publish)
            return latest;

        var document = WorkflowDefinition.Read(json, source).Document.DeepClone().AsObject();
        var row = new DefinitionRow(
            definitionId, rows.Count == 0 ? Math.Max(1, Version(document)) : rows.Max(other => other.Version) + 1, Guid.NewGuid().ToString("n"), ActivityJson.Text(document["name"]), "",
            Folder is not null && source.StartsWith(Folder, StringComparison.Ordinal) ? Path.GetFileName(source) : null, hash, IsLatest: true, IsPublished: publish, _time.GetUtcNow());
        // The version that runs says itself which one it is: children and the designer go by it.
        (document["definitionId"], document["id"], document["version"], document["isLatest"], document["isPublished"]) = (definitionId, row.VersionId, row.Version, true, publish);
        row = row with { Json = document.ToJsonString() };
        if (!await _store.AddDefinitionAsync(row))
            throw new DefinitionException(source, $"Version {row.Version} of '{definitionId}' was added by somebody else in this moment. Try again.");
        _versions = _versions.SetItem(definitionId, [row, .. rows.Select(other => other with { IsLatest = false, IsPublished = other.IsPublished && !publish })]);
        return row;
    }

    private WorkflowGraph Compile(DefinitionRow row) =>
        _graphs.GetOrAdd(row.VersionId, static (_, arg) => new Lazy<WorkflowGraph>(() => WorkflowGraph.Compile(WorkflowDefinition.Read(arg.row.Json, arg.row.DefinitionId), arg.registry)), (row, registry: Registry)).Value;

    private WorkflowGraph? Compiled(DefinitionRow row)
    {
        try
        {
            return Compile(row);
        }
        catch (DefinitionException)
        {
            return null;
        }
    }

    private DefinitionRow? Row(string definitionId, Predicate<DefinitionRow> wanted) => _versions.GetValueOrDefault(definitionId)?.Find(wanted);

    private static Predicate<DefinitionRow> Selects(VersionSelector selector) => selector switch
    {
        { Number: { } number } => row => row.Version == number,
        { Word: "Latest" or "LatestOrPublished" or "AllVersions" } => row => row.IsLatest,
        { Word: "Draft" } => row => row is { IsLatest: true, IsPublished: false },
        { Word: "LatestAndPublished" } => row => row is { IsLatest: true, IsPublished: true },
        _ => row => row.IsPublished,
    };

    private static void CheckId(string definitionId, string source)
    {
        if (definitionId.Length > 200 || definitionId.Any(char.IsControl))
            throw new DefinitionException(source, "Its definitionId has more than 200 characters, or control characters among them. Write one that can be read in a list.");
    }

    private static WorkflowSummary Summary(DefinitionRow row, DefinitionFile? file) => new(
        row.DefinitionId, row.Name, row.Version, row.VersionId, row.IsPublished, file is null ? null : Path.GetFileName(file.Path), file?.Problem, row.CreatedAt);

    private static int Version(JsonObject document) => document["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 1;
}
