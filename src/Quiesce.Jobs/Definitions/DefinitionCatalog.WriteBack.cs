using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

public sealed partial class DefinitionCatalog
{
    /// <summary>
    /// Writes the version in force to its file where that is outstanding. The version is in force before: what cannot be written (no room, a read-only folder) is reported and
    /// tried again at every look at the folder. A file that somebody edited meanwhile is not touched; the next look takes it up.
    /// </summary>
    private async Task WriteBackAsync(string definitionId, CancellationToken ct)
    {
        if (Folder is null || FileRowOf(definitionId) is not { Unwritten: { } versionId } record || Head(definitionId, row => row.VersionId == versionId) is not { } row)
            return;
        var path = Path.Combine(Folder, record.Name);
        string? problem;
        try
        {
            var text = await File.ReadAllTextAsync(path, ct);
            if (DefinitionFile.Hash(text) != record.Hash)
                return;
            var file = WorkflowDefinition.Read(text, path).Document;
            var before = PreparedDefinition.From(file, null, path, Registry);
            var isSame = before.ContentHash == row.ContentHash && !ActivityJson.IsFalse(file["isPublished"]);
            var written = isSame ? text : FileText.Over(file, before.Document, WorkflowDefinition.Read(Whole(row).Json, definitionId).Document);
            if (DefinitionFile.TryWrite(path, written, definitionId, out problem, unlessSame: text) is { } now)
            {
                _files = _files.SetItem(path, now);
                // A crash before this is met at the next start: the file says then what is in force.
                await RecordAsync(record with { Hash = DefinitionFile.Hash(written), Unwritten = null, Problem = null });
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DefinitionException)
        {
            problem = e.Message;
        }

        var told = $"Version {row.Version} is in force, but not written to {record.Name}: {problem} See to the file; it is tried again by itself.";
        if (record.Problem != told)
            await RecordAsync(record with { Problem = told });
        if (_files.TryGetValue(path, out var known) && known.Problem != told)
            _files = _files.SetItem(path, known with { Problem = told });
    }

    private async Task RecordAsync(DefinitionFileRow record)
    {
        try
        {
            await CommitAsync(new DefinitionCommit { Files = [record] });
        }
        catch (StorageException)
        {
            // The version is kept; the note about its file is made good at the next look, which finds the same.
            _fileRows = _fileRows.SetItem(record.Name, record);
        }
    }

    private IReadOnlyList<string> FileWarnings(string definitionId) => FileRowOf(definitionId)?.Problem is { } problem ? [problem] : [];
}
