using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Documents;

/// <summary>A job as the text of a file that can be applied again: what it does not state is left out, because a job file may not say null.</summary>
public static class JobJson
{
    private static readonly JsonTypeInfo<JobDocument> Type = new RestJson(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    }).JobDocument;

    /// <summary>The text, indented. The hashes of scripts are left out: they are worked out when it is applied.</summary>
    public static string Text(JobDocument job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return JsonSerializer.Serialize(
            job with { GuestProcessing = WithoutHashes(job.GuestProcessing)!, Machines = [.. job.Machines.Select(machine => machine with { GuestProcessing = WithoutHashes(machine.GuestProcessing) })] }, Type);
    }

    private static GuestProcessingSettings? WithoutHashes(GuestProcessingSettings? settings) =>
        settings?.Scripts is not { } scripts ? settings : settings with { Scripts = scripts with { Linux = WithoutHashes(scripts.Linux), Windows = WithoutHashes(scripts.Windows) } };

    private static ScriptPair? WithoutHashes(ScriptPair? pair) => pair is null ? null : pair with { PreSha256 = null, PostSha256 = null };
}
