using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

/// <summary>
/// Every version of every workflow definition. Drafts are edited in place, a version that was in force never changes again. Files of the workflows folder become
/// versions, and what is published of them is written back; a file that is broken leaves the last good version in force.
/// Safe from many threads. Documents of old versions stay in the store until somebody asks; a version is compiled once a change.
/// </summary>
public sealed partial class DefinitionCatalog : IDisposable
{
    /// <summary>Compiled versions that are neither latest nor in force: sessions and instances under way use them.</summary>
    private const int OldGraphsKept = 200;

    private readonly Store _store;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ConcurrentDictionary<string, (int Revision, Lazy<WorkflowGraph> Graph)> _graphs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _owners = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, ImmutableList<DefinitionRow>> _versions = ImmutableDictionary<string, ImmutableList<DefinitionRow>>.Empty;
    private volatile ImmutableDictionary<string, DefinitionFile> _files = ImmutableDictionary<string, DefinitionFile>.Empty;

    /// <param name="folder">The workflows folder; null to use the store only.</param>
    public DefinitionCatalog(Store store, ActivityRegistry registry, string? folder, TimeProvider time) =>
        (_store, Registry, Folder, _time) = (store, registry, folder, time);

    /// <summary>A definition has changed, and that is durable. With its id.</summary>
    public event Action<string>? Changed;

    /// <summary>The activities that definitions are compiled against.</summary>
    public ActivityRegistry Registry { get; }

    /// <summary>The workflows folder, or null.</summary>
    public string? Folder { get; }

    /// <summary>The version in force, compiled; null where the definition has none.</summary>
    /// <exception cref="DefinitionException">It was accepted by an earlier program and does not compile with this one.</exception>
    public WorkflowGraph? GetPublished(string definitionId) => Row(definitionId, VersionSelector.Published) is { } row ? Compile(row) : null;

    /// <summary>Whether the definition has a version in force.</summary>
    public bool IsPublished(string definitionId) => Head(definitionId, row => row.IsPublished) is not null;

    /// <summary>One version, whether in force or not: sessions under way keep theirs, also when it was deleted meanwhile.</summary>
    /// <exception cref="DefinitionException">It was accepted by an earlier program and does not compile with this one.</exception>
    public WorkflowGraph? GetByVersionId(string versionId) => RowByVersionId(versionId) is { } row ? Compile(row) : null;

    /// <summary>Looks a definition up for a burst. A version that does not compile counts as not there.</summary>
    public WorkflowGraph? Find(DefinitionReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.VersionId is { } versionId)
            return RowByVersionId(versionId) is { } pinned ? Graph(pinned) : null;
        var definitionId = reference.DefinitionId ?? FindForActivity(reference.TypeName!);
        if (definitionId is null)
            return null;
        var row = Row(definitionId, reference.Version)
            // A session names its version by number, and keeps it when that was deleted.
            ?? (reference is { DefinitionId: not null, Version.Number: { } number } ? Read(_store.DefinitionVersionAsync(definitionId, number, CancellationToken.None)) : null);
        return row is null ? null : Graph(row);
    }

    /// <summary>The definition that is used as activity under this type name; null where there is none.</summary>
    public string? FindForActivity(string typeName)
    {
        foreach (var (definitionId, rows) in _versions)
            if ((rows.Find(row => row.IsPublished) ?? rows[0]).ActivityType == typeName)
                return definitionId;
        return null;
    }

    /// <summary>The version that a selector picks, with its document; null where there is none.</summary>
    public DefinitionRow? Row(string definitionId, VersionSelector version) => Head(definitionId, Selects(version)) is { } row ? Whole(row) : null;

    /// <summary>One version with its document, also a deleted one as long as instances of it are kept; null where there is none.</summary>
    public DefinitionRow? RowByVersionId(string versionId)
    {
        ArgumentNullException.ThrowIfNull(versionId);
        return _owners.TryGetValue(versionId, out var definitionId) && Head(definitionId, row => row.VersionId == versionId) is { } row
            ? Whole(row)
            : Read(_store.DefinitionVersionAsync(versionId, CancellationToken.None));
    }

    /// <summary>A version by the name that a person gives it: <c>id</c> (in force, else the latest), <c>id@3</c>, <c>id@latest</c>, <c>id@published</c>.</summary>
    /// <exception cref="RefusedException">Not found; invalid: the part behind the @ selects no version.</exception>
    public DefinitionRow Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var at = name.LastIndexOf('@');
        // An id may hold an @ itself; one that is there as a whole is meant as a whole.
        var (definitionId, version) = at > 0 && Versions(name).Count == 0 ? (name[..at], name[(at + 1)..]) : (name, "");
        if (Versions(definitionId).Count == 0)
            throw Unknown(definitionId);
        var row = version.ToUpperInvariant() switch
        {
            "" => Row(definitionId, VersionSelector.Published) ?? Row(definitionId, VersionSelector.Latest),
            "LATEST" => Row(definitionId, VersionSelector.Latest),
            "PUBLISHED" => Row(definitionId, VersionSelector.Published),
            _ when int.TryParse(version, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) => Row(definitionId, VersionSelector.Specific(number)),
            _ => throw new RefusedException(ProblemCodes.Invalid, $"'{version}' selects no version of '{definitionId}'. Write latest, published or a number."),
        };
        return row ?? throw new RefusedException(ProblemCodes.NotFound, $"'{definitionId}' has no version '{version}'. `quiesce workflow versions {definitionId}` shows those there are.");
    }

    /// <summary>The versions of a definition, the newest first, without documents except those of the latest and the one in force.</summary>
    public IReadOnlyList<DefinitionRow> Versions(string definitionId) => _versions.GetValueOrDefault(definitionId, []);

    /// <summary>The compiled version; null where it does not compile with this program.</summary>
    public WorkflowGraph? Graph(DefinitionRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        try
        {
            return Compile(row);
        }
        catch (DefinitionException)
        {
            return null;
        }
    }

    /// <summary>The versions that a query asks for, with their documents.</summary>
    public DefinitionPage Query(DefinitionQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        IEnumerable<DefinitionRow> found = _versions.Where(pair => query.DefinitionIds.Count == 0 || query.DefinitionIds.Contains(pair.Key)).SelectMany(pair => pair.Value);
        if (query.Version is { Word: not "AllVersions" } version)
            found = found.Where(row => Selects(version)(row));
        if (query.VersionIds.Count > 0)
            found = found.Where(row => query.VersionIds.Contains(row.VersionId));
        if (query.Search is { Length: > 0 } search)
            found = found.Where(row => Has(row.Name) || Has(row.DefinitionId) || Has(row.VersionId)
                || (row.Json.Length > 0 && row.Json.Contains(search, StringComparison.OrdinalIgnoreCase) && Has(Graph(row)?.Definition.Description)));
        if (query.IsSystem is { } system)
            found = found.Where(row => (Graph(Whole(row))?.Definition.IsSystem ?? false) == system);
        var ordered = query.OrderBy switch
        {
            "Name" => Ordered(row => row.Name ?? row.DefinitionId, StringComparer.OrdinalIgnoreCase),
            "Version" => Ordered(row => row.Version, Comparer<int>.Default),
            _ => Ordered(row => row.CreatedAt, Comparer<DateTimeOffset>.Default),
        };
        var all = ordered.ThenBy(row => row.DefinitionId, StringComparer.Ordinal).ThenByDescending(row => row.Version).ToList();
        return new DefinitionPage([.. all.Skip(query.Skip).Take(query.Take > 0 ? query.Take : int.MaxValue).Select(Whole)], all.Count);

        bool Has(string? text) => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true;
        IOrderedEnumerable<DefinitionRow> Ordered<T>(Func<DefinitionRow, T> key, IComparer<T> comparer) => query.Descending ? found.OrderByDescending(key, comparer) : found.OrderBy(key, comparer);
    }

    /// <summary>The version in force of every definition (or its latest draft), and every file that is not in force with the reason.</summary>
    public IReadOnlyList<WorkflowSummary> List()
    {
        var (files, list) = (_files, new List<WorkflowSummary>());
        foreach (var (definitionId, rows) in _versions)
        {
            var file = files.Values.Where(candidate => candidate.DefinitionId == definitionId).OrderBy(candidate => candidate.Problem is not null).FirstOrDefault();
            list.Add(Summary(rows.Find(candidate => candidate.IsPublished) ?? rows[0], file));
        }

        list.AddRange(files.Values.Where(file => file.Problem is not null && (file.DefinitionId is null || !_versions.ContainsKey(file.DefinitionId) || Clashes(file)))
            .Select(file => new WorkflowSummary(file.DefinitionId ?? Path.GetFileNameWithoutExtension(file.Path), null, 0, "", false, Path.GetFileName(file.Path), file.Problem, file.WrittenAt)));
        return [.. list.OrderBy(summary => summary.Id, StringComparer.Ordinal)];

        bool Clashes(DefinitionFile file) => files.Values.Any(other => other.Path != file.Path && other.DefinitionId == file.DefinitionId && other.Problem is null);
    }

    /// <summary>A version in the form in which Elsa writes it, without what only this server knows.</summary>
    /// <exception cref="DefinitionException">It was accepted by an earlier program and does not compile with this one.</exception>
    public string Export(DefinitionRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return DefinitionDocument.Outside(Compile(row).ToDocument()).ToJsonString(FileText.Pretty) + "\n";
    }

    /// <inheritdoc />
    public void Dispose() => _changing.Dispose();

    /// <summary>In whole microseconds, as it is stored.</summary>
    private DateTimeOffset Now => _time.GetUtcNow() is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)) : default;

    private void Tell(string definitionId) => Changed?.Invoke(definitionId);

    private WorkflowGraph Compile(DefinitionRow row)
    {
        if (_graphs.TryGetValue(row.VersionId, out var known) && known.Revision == row.Revision)
            return known.Graph.Value;
        if (_graphs.Count > OldGraphsKept + (2 * _versions.Count))
            foreach (var versionId in _graphs.Keys.Where(id => RowInMind(id) is not { } other || !(other.IsLatest || other.IsPublished)).Take(OldGraphsKept))
                _graphs.TryRemove(versionId, out _);
        var (registry, whole) = (Registry, Whole(row));
        return _graphs.AddOrUpdate(row.VersionId, _ => New(), (_, present) => present.Revision == row.Revision ? present : New()).Graph.Value;

        (int, Lazy<WorkflowGraph>) New() => (row.Revision, new Lazy<WorkflowGraph>(() => WorkflowGraph.Compile(WorkflowDefinition.Read(whole.Json, whole.DefinitionId), registry)));
    }

    private DefinitionRow? Head(string definitionId, Predicate<DefinitionRow> wanted) => _versions.GetValueOrDefault(definitionId)?.Find(wanted);

    private DefinitionRow? RowInMind(string versionId) => _owners.TryGetValue(versionId, out var definitionId) ? Head(definitionId, row => row.VersionId == versionId) : null;

    private DefinitionRow Whole(DefinitionRow row) =>
        row.Json.Length > 0 ? row : Read(_store.DefinitionVersionAsync(row.VersionId, CancellationToken.None)) ?? throw Unknown(row.DefinitionId);

    /// <summary>A query runs on the caller's thread; nothing is waited for but a free connection.</summary>
    private static DefinitionRow? Read(Task<DefinitionRow?> query) => query.GetAwaiter().GetResult() is { } row ? Marked(row) : null;

    /// <summary>The row with the marks of now in its document: another version may have taken them since it was written.</summary>
    private static DefinitionRow Marked(DefinitionRow row)
    {
        if (row.Json.Length == 0)
            return row;
        var document = WorkflowDefinition.Read(row.Json, row.DefinitionId).Document;
        if (ActivityJson.IsTrue(document["isLatest"]) == row.IsLatest && ActivityJson.IsTrue(document["isPublished"]) == row.IsPublished)
            return row;
        (document["isLatest"], document["isPublished"]) = (row.IsLatest, row.IsPublished);
        return row with { Json = document.ToJsonString(DefinitionDocument.Compact) };
    }

    private static Predicate<DefinitionRow> Selects(VersionSelector selector) => selector switch
    {
        { Number: { } number } => row => row.Version == number,
        { Word: "LatestOrPublished" or "AllVersions" } => row => row.IsLatest || row.IsPublished,
        { Word: "Latest" } => row => row.IsLatest,
        { Word: "Draft" } => row => row is { IsLatest: true, IsPublished: false },
        { Word: "LatestAndPublished" } => row => row is { IsLatest: true, IsPublished: true },
        _ => row => row.IsPublished,
    };

    private WorkflowSummary Summary(DefinitionRow row, DefinitionFile? file)
    {
        var latest = Head(row.DefinitionId, candidate => candidate.IsLatest) ?? row;
        return new WorkflowSummary(row.DefinitionId, row.Name, row.Version, row.VersionId, row.IsPublished, file is null ? null : Path.GetFileName(file.Path), file?.Problem, row.CreatedAt)
        {
            LatestVersion = latest.Version, SavedBy = latest.SavedBy, SavedAt = latest.SavedAt ?? latest.CreatedAt, Revision = row.Revision,
        };
    }

    private static RefusedException Unknown(string definitionId) =>
        new(ProblemCodes.NotFound, $"There is no workflow '{definitionId}'. `quiesce workflow list` shows those there are.");

    private static void CheckId(string definitionId, string source)
    {
        if (definitionId.Length > 200 || definitionId.Any(char.IsControl))
            throw new DefinitionException(source, "Its definitionId has more than 200 characters, or control characters among them. Write one that can be read in a list.");
    }
}
