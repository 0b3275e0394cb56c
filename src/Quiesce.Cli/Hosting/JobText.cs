using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Hosting;

/// <summary>A job that was put together here, in the form in which a file would be applied.</summary>
internal static class JobText
{
    /// <param name="origin">For complaints, in the place of a file name.</param>
    /// <param name="scripts">By the names that the document gives them.</param>
    public static ApplyJob Of(JobDocument job, string origin, IReadOnlyDictionary<string, byte[]> scripts)
    {
        var document = JsonSerializer.SerializeToNode(job, RestJson.Default.JobDocument)!;
        RemoveNulls(document);
        return new ApplyJob(document.ToJsonString(), origin, scripts.ToDictionary(s => s.Key, s => Convert.ToBase64String(s.Value)), Directory.GetCurrentDirectory());
    }

    /// <summary>A file leaves out what it does not say.</summary>
    private static void RemoveNulls(JsonNode node)
    {
        if (node is JsonArray array)
            foreach (var item in array)
                RemoveNulls(item!);
        if (node is not JsonObject members)
            return;
        foreach (var (name, value) in members.ToList())
            if (value is null)
                members.Remove(name);
            else
                RemoveNulls(value);
    }
}
