using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>Many definitions at once, as a zip of their files.</summary>
internal static class WorkflowArchiveApi
{
    private const long ArchiveLimit = 32 << 20;
    private const int EntryLimit = 8 << 20;
    private const int MostEntries = 1_000;

    public static void Map(IEndpointRouteBuilder workflows)
    {
        workflows.MapGet("/archive", Archive).As<byte[]>("ExportWorkflows", "Every workflow's version in force (or latest draft) in a zip, one file each.", type: "application/zip");
        workflows.MapPost("/archive", ImportAsync).Accepts<byte[]>("application/zip").As<IReadOnlyList<WorkflowSummary>>("ImportWorkflows", "Takes every definition of a zip over; one that is refused is listed with its problem and keeps nothing else from being taken over.").Refuses(ProblemCodes.Invalid);
    }

    private static FileContentHttpResult Archive(DefinitionCatalog definitions)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var row in definitions.List().Where(one => one.Version > 0).Select(one => definitions.RowByVersionId(one.VersionId)))
            {
                if (row is null)
                    continue;
                using var entry = zip.CreateEntry(FileName(row.DefinitionId)).Open();
                entry.Write(Encoding.UTF8.GetBytes(definitions.Export(row)));
            }

        return TypedResults.File(buffer.ToArray(), "application/zip", "workflow-definitions.zip");
    }

    private static async Task<JsonHttpResult<IReadOnlyList<WorkflowSummary>>> ImportAsync(HttpContext context, DefinitionCatalog definitions, bool draft = false)
    {
        using var buffer = new MemoryStream(await Body.ReadBytesAsync(context, ArchiveLimit));
        var imported = new List<WorkflowSummary>();
        foreach (var (name, text) in Read(buffer))
            try
            {
                imported.Add(await WorkflowsApi.TakeOverAsync(definitions, text, name, draft, context.User.KeyName(), context.RequestAborted));
            }
            catch (Exception e) when (e is DefinitionException or RefusedException)
            {
                imported.Add(new WorkflowSummary(Path.GetFileNameWithoutExtension(name), null, 0, "", false, name, e.Message, default));
            }

        return TypedResults.Json<IReadOnlyList<WorkflowSummary>>(imported, RestJson.Default.IReadOnlyListWorkflowSummary);
    }

    private static List<(string Name, string Text)> Read(Stream archive)
    {
        try
        {
            using var zip = new ZipArchive(archive, ZipArchiveMode.Read);
            if (zip.Entries.Count > MostEntries)
                throw new RefusedException(ProblemCodes.Invalid, string.Create(CultureInfo.InvariantCulture, $"The archive has {zip.Entries.Count} entries; at most {MostEntries} are read. Send several."));
            return [.. zip.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)).Select(entry => (entry.Name, Text(entry)))];
        }
        catch (InvalidDataException e)
        {
            throw new RefusedException(ProblemCodes.Invalid, $"The body is no zip archive that can be read: {e.Message} Send one with a .json file for each workflow.", e);
        }
    }

    /// <summary>What an entry says of its own length is not believed: a small archive can hold a very long nothing.</summary>
    private static string Text(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var text = new MemoryStream();
        var part = new byte[64 << 10];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            text.Write(part, 0, read);
            if (text.Length > EntryLimit)
                throw new RefusedException(ProblemCodes.Invalid, $"'{entry.Name}' in the archive has more than {EntryLimit >> 20} MB. Leave it out.");
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static string FileName(string definitionId) => new string([.. definitionId.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-')]) + ".json";
}
