using System.Text.Json;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs.Documents;

/// <summary>A job file that was read and checked.</summary>
/// <param name="Job">The document with the scripts' hashes and absolute key files; null where something is wrong.</param>
/// <param name="Scripts">The scripts it names, each once.</param>
/// <param name="Complaints">All of them, in the order of the document; warnings do not keep the job from being applied.</param>
public sealed record JobFile(JobDocument? Job, IReadOnlyList<ScriptRow> Scripts, IReadOnlyList<Complaint> Complaints)
{
    /// <summary>A job file may state ten thousand machines; more is a mistake or an attack.</summary>
    public const int MaxCharacters = 8 << 20;

    /// <summary>Reads a job and checks it against the schema and against itself. Never throws for what the file says.</summary>
    /// <param name="hasWorkflow">Whether a published workflow has this definition id.</param>
    /// <param name="follows">The jobs that there are, each with the one it starts after; null where that is not known, and then not checked.</param>
    public static JobFile Read(ApplyJob apply, Func<string, bool> hasWorkflow, IReadOnlyDictionary<string, string?>? follows = null)
    {
        ArgumentNullException.ThrowIfNull(apply);
        if (apply.Document.Length > MaxCharacters)
            return new JobFile(null, [], [new Complaint(apply.FileName, 1, "", $"The document has {apply.Document.Length} characters; at most {MaxCharacters} are read.")]);

        var (document, complaints) = LocatedReader.Read(apply.FileName, apply.Document);
        if (document is null)
            return new JobFile(null, [], complaints);
        complaints = [.. complaints, .. DocumentSchema.Job.Check(apply.FileName, document)];
        if (complaints.Count > 0)
            return new JobFile(null, [], [.. complaints.OrderBy(complaint => complaint.Line)]);

        var job = JsonSerializer.Deserialize(apply.Document.TrimStart('\uFEFF'), RestJson.Default.JobDocument)!;
        var checks = new JobChecks(apply, document, hasWorkflow, follows);
        job = checks.Complete(job);
        var found = checks.Complaints.OrderBy(complaint => complaint.Line).ToList();
        return found.Exists(complaint => complaint.Level == "error") ? new JobFile(null, [], found) : new JobFile(job, checks.Scripts, found);
    }
}
