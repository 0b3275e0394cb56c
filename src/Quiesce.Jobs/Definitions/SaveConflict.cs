using System.Globalization;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

/// <summary>
/// Whether a save may take the place of what is kept. A designer has no lock and sends neither ETag nor difference, only the whole document with the id of the version it
/// had, and, in its custom properties, the edit counter of that version. So: the newest version and counter are right; the same content again is a repeat; something older is
/// right only when it holds everything that was changed since (a save that overtook the one before it); all else would undo somebody's work.
/// </summary>
internal sealed record SaveConflict
{
    /// <summary>It was saved before, from the same base with the same content: the answer got lost.</summary>
    public bool IsRepeat { get; private init; }

    /// <summary>Why it is refused, for the person who saves; null where it is not.</summary>
    public string? Conflict { get; private init; }

    /// <summary>It is based on the newest version and edit: nothing can be lost.</summary>
    public static bool IsBasedOn(SaveDefinition save, DefinitionRow latest) =>
        save.BaseVersionId == latest.VersionId && (save.BaseRevision ?? DefinitionDocument.Revision(save.Document)) is var revision && (revision is null || revision == latest.Revision);

    /// <summary>Judges a save that is not based on the newest, and says something else.</summary>
    public static SaveConflict Standing(SaveDefinition save, DefinitionRow latest, JsonObject current, PreparedDefinition ready, IReadOnlyList<DefinitionEditRow> edits, DefinitionRow? baseRow)
    {
        var revision = save.BaseRevision ?? DefinitionDocument.Revision(save.Document);
        var basedOn = $"{save.BaseVersionId}:{revision}";
        // Only in the version that is still the latest: what a newer one made of it, the person has to see.
        if (edits.Any(edit => edit.VersionId == latest.VersionId && edit.BasedOn == basedOn && edit.ContentHash == ready.ContentHash))
            return new SaveConflict { IsRepeat = true };
        var json = edits.FirstOrDefault(edit => edit.VersionId == save.BaseVersionId && edit.Revision == revision)?.Json
            ?? (baseRow is not null && (revision is null || revision == baseRow.Revision) && baseRow.DefinitionId == latest.DefinitionId && baseRow.VersionId != latest.VersionId ? baseRow.Json : null);
        var lost = json is null ? null : Lost(WorkflowDefinition.Read(json, latest.DefinitionId).Document, current, ready.Document);
        return lost is { Count: 0 } ? new SaveConflict() : new SaveConflict { Conflict = Message(save, latest, lost) };
    }

    /// <summary>What was changed since the base and is not so in the document that comes in.</summary>
    private static List<string> Lost(JsonObject @base, JsonObject current, JsonObject incoming)
    {
        var (was, now, next) = (DefinitionParts.Of(@base), DefinitionParts.Of(current), DefinitionParts.Of(incoming));
        var lost = new List<string>();
        foreach (var path in was.Keys.Union(now.Keys))
        {
            var (before, kept, mine) = (was.GetValueOrDefault(path), now.GetValueOrDefault(path), next.GetValueOrDefault(path));
            if (Same(before, kept) || Same(kept, mine))
                continue;
            lost.Add(before is null ? DefinitionWords.Added(kept!) : kept is null ? DefinitionWords.Removed(before) : kept.Kind == PartKind.Layout ? $"activity {DefinitionWords.Label(kept.Owner!)} moved" : DefinitionWords.Changed(before, kept));
        }

        return lost;
    }

    private static bool Same(DefinitionPart? a, DefinitionPart? b) => a is null ? b is null : a.Equal(b);

    private static string Message(SaveDefinition save, DefinitionRow latest, List<string>? lost)
    {
        var what = lost is { Count: > 0 } ? $" ({string.Join("; ", lost.Take(3))}{(lost.Count > 3 ? $" and {lost.Count - 3} more" : "")})" : "";
        var who = latest.SavedBy is { } by ? by == save.By ? $"{by} (you, perhaps in another window)" : by : "somebody";
        var when = (latest.SavedAt ?? latest.CreatedAt).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var kind = latest.IsPublished ? "which is in force" : "a draft";
        return $"Not saved: {who} saved '{latest.DefinitionId}' at {when} as version {latest.Version}, {kind}, and your change is based on what was there before{what}. "
            + "Load the workflow again and repeat your change there, or save yours as a copy.";
    }
}
