using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

public sealed partial class DefinitionCatalog
{
    /// <summary>Deletes a definition with all its versions. Instances and sessions keep those that they run. Its file stays where it is and is listed as not in force, also after a restart, until it is changed or imported.</summary>
    /// <exception cref="RefusedException">Not found; conflict: a job uses it, or every session does.</exception>
    public async Task DeleteAsync(string definitionId, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            var rows = Versions(definitionId);
            if (rows.Count == 0)
                throw Unknown(definitionId);
            await CheckUseAsync(definitionId, ct);
            await CommitAsync(new DefinitionCommit { Delete = [.. rows.Select(row => row.VersionId)] }, definitionId);
            MarkDeleted(definitionId);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Deletes one version, retracting it first where it is in force; the highest that remains becomes the latest. Its number is not given again while instances refer to it.</summary>
    /// <exception cref="RefusedException">Not found; conflict: it is the only one, or in force, and a job uses the workflow.</exception>
    public async Task DeleteVersionAsync(string versionId, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            var row = RowInMind(versionId) ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no version with the id '{versionId}'. `quiesce workflow versions ID` shows those of a workflow.");
            if (row.IsPublished || Versions(row.DefinitionId).Count == 1)
                await CheckUseAsync(row.DefinitionId, ct);
            await CommitAsync(new DefinitionCommit { Delete = [versionId] }, row.DefinitionId);
            if (Versions(row.DefinitionId).Count == 0)
                MarkDeleted(row.DefinitionId);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task CheckUseAsync(string definitionId, CancellationToken ct)
    {
        var users = (await _store.JobsAsync(ct)).Where(job => (ActivityJson.Text(JsonNode.Parse(job.Json)?["workflow"]) ?? JobDocument.StandardWorkflow) == definitionId).Select(job => $"'{job.Name}'").ToList();
        if (users.Count > 0)
            throw new RefusedException(ProblemCodes.Conflict, $"The workflow '{definitionId}' is not deleted because {(users.Count == 1 ? "the job" : "the jobs")} {string.Join(", ", users.Take(5))} would have none. Name another workflow in {(users.Count == 1 ? "it" : "them")} first: quiesce job apply FILE");
    }

    private void MarkDeleted(string definitionId)
    {
        foreach (var (path, file) in _files)
            if (file.DefinitionId == definitionId)
                _files = _files.SetItem(path, file with { Problem = DeletedProblem(path) });
    }

    private static string DeletedProblem(string path) =>
        $"{Path.GetFileName(path)}: its workflow was deleted here, and the file was left alone. Remove the file, or bring the workflow back with: quiesce workflow import {Path.GetFileName(path)}";
}
