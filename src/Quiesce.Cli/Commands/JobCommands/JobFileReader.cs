using System.Text.Json;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands.JobCommands;

/// <summary>Reads a job file and the scripts that it names. What is wrong with either is the server's to say, with line and path: here nothing is judged.</summary>
internal static class JobFileReader
{
    public static async Task<ApplyJob> ReadAsync(string file, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(file, cancellation);
        var folder = Path.GetDirectoryName(file)!;
        var scripts = new Dictionary<string, string>();
        foreach (var name in ScriptNames(text))
        {
            var script = Path.Combine(folder, name);
            if (File.Exists(script))
                scripts[name] = Convert.ToBase64String(await File.ReadAllBytesAsync(script, cancellation));
        }

        return new ApplyJob(text, Path.GetFileName(file), scripts, folder);
    }

    /// <summary>The job's name where the document is well enough to tell.</summary>
    public static string? NameIn(ApplyJob job) =>
        Parse(job.Document) is { } root && root.ValueKind == JsonValueKind.Object && root.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static IEnumerable<string> ScriptNames(string text)
    {
        if (Parse(text) is not { } root)
            return [];
        IEnumerable<JsonElement> holders = [root];
        if (Member(root, "machines") is { ValueKind: JsonValueKind.Array } machines)
            holders = holders.Concat(machines.EnumerateArray());
        return
            from holder in holders
            let scripts = Member(Member(holder, "guestProcessing"), "scripts")
            from platform in new[] { "linux", "windows" }
            from phase in new[] { "pre", "post" }
            let name = Member(Member(scripts, platform), phase)
            where name is { ValueKind: JsonValueKind.String }
            select name.Value.GetString();
    }

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
