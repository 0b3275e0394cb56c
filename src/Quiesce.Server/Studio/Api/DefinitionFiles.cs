using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>Definitions in and out as files: one as JSON, several as a zip.</summary>
internal static class DefinitionFiles
{
    /// <summary>A zip is read into memory; a hundred large definitions fit.</summary>
    private const long LargestUpload = 32 << 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapMethods("/workflow-definitions/import", [HttpMethods.Post, HttpMethods.Put], ImportAsync);
        api.MapPost("/workflow-definitions/import-files", ImportFilesAsync).DisableAntiforgery();
        api.MapGet("/workflow-definitions/{definitionId}/export", ExportAsync);
        api.MapPost("/bulk-actions/export/workflow-definitions", ExportManyAsync).ForViewers();
    }

    private static async Task<IResult> ImportAsync(HttpContext context, DefinitionSaves saves, DefinitionAnswers answers)
    {
        var saved = await saves.ImportAsync(await StudioJson.ReadAsync(context), context.CallerName(), context.RequestAborted);
        return StudioJson.Answer(answers.Full(saved.Row, context.MayEdit()));
    }

    private static async Task<IResult> ImportFilesAsync(HttpContext context, DefinitionSaves saves)
    {
        var count = 0;
        foreach (var (name, text) in await ReadFilesAsync(context))
        {
            if (StudioJson.Parse(text) is not JsonObject document)
                throw new RefusedException(ProblemCodes.Invalid, $"{name} is not a workflow definition: it holds no JSON object. {count} file(s) before it were imported.");
            await saves.ImportAsync(document, context.CallerName(), context.RequestAborted);
            count++;
        }

        return StudioJson.Answer(new JsonObject { ["count"] = count });
    }

    private static async Task<IResult> ExportAsync(string definitionId, HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers)
    {
        var row = answers.Find(definitionId, DefinitionReads.Selector(context.Request.Query["versionOptions"]) ?? VersionSelector.Latest);
        return await SendAsync(catalog, [row], WithConsumers(context.Request.Query["includeConsumingWorkflows"]));
    }

    private static async Task<IResult> ExportManyAsync(HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers)
    {
        var request = await StudioJson.ReadAsync(context);
        var rows = request.Texts("ids").Distinct(StringComparer.Ordinal).Select(answers.FindVersion).ToList();
        return await SendAsync(catalog, rows, request.Flag("includeConsumingWorkflows") == true, zip: true);
    }

    private static bool WithConsumers(string? text) => bool.TryParse(text, out var flag) && flag;

    private static async Task<IResult> SendAsync(DefinitionCatalog catalog, List<DefinitionRow> rows, bool withConsumers, bool zip = false)
    {
        if (withConsumers)
            foreach (var consumer in rows.SelectMany(row => catalog.Consumers(row.DefinitionId)).Distinct(StringComparer.Ordinal).ToList())
                if (!rows.Exists(row => row.DefinitionId == consumer) && catalog.Row(consumer, VersionSelector.Latest) is { } row)
                    rows.Add(row);
        if (!zip && rows.Count == 1)
            return TypedResults.File(Encoding.UTF8.GetBytes(Text(rows[0])), "application/json", FileName(rows[0]));
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var row in rows.OrderBy(row => row.DefinitionId, StringComparer.Ordinal))
            {
                await using var entry = await archive.CreateEntry(FileName(row)).OpenAsync();
                await entry.WriteAsync(Encoding.UTF8.GetBytes(Text(row)));
            }

        return TypedResults.File(buffer.ToArray(), "application/zip", "workflow-definitions.zip");
    }

    /// <summary>As Elsa writes it; as it is stored where this program cannot compile it.</summary>
    private static string Text(DefinitionRow row)
    {
        var definition = WorkflowDefinition.Read(row.Json, row.DefinitionId);
        (definition.Document["customProperties"] as JsonObject)?.Remove(DefinitionDocument.RevisionMember);
        try
        {
            return definition.Write();
        }
        catch (DefinitionException)
        {
            return row.Json;
        }
    }

    private static string FileName(DefinitionRow row) => $"workflow-definition-{DefinitionSaves.Slug(row.Name ?? row.DefinitionId)}-{DefinitionSaves.Slug(row.DefinitionId)}-{DefinitionSaves.Slug(row.VersionId)}.json";

    /// <summary>Every JSON file of a multipart body, those in zip files too.</summary>
    private static async Task<List<(string Name, string Text)>> ReadFilesAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestUpload;
        if (!context.Request.HasFormContentType)
            throw new RefusedException(ProblemCodes.Invalid, "Files are sent as multipart/form-data in the field 'files'.");
        var files = new List<(string, string)>();
        foreach (var file in (await context.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = LargestUpload }, context.RequestAborted)).Files)
        {
            await using var content = file.OpenReadStream();
            if (!file.FileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            {
                files.Add((file.FileName, await new StreamReader(content).ReadToEndAsync(context.RequestAborted)));
                continue;
            }

            files.AddRange(await UnzipAsync(file.FileName, content, context.RequestAborted));
        }

        return files;
    }

    private static async Task<List<(string Name, string Text)>> UnzipAsync(string name, Stream content, CancellationToken ct)
    {
        try
        {
            var files = new List<(string, string)>();
            await using var archive = await ZipArchive.CreateAsync(content, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
            var left = LargestUpload;
            foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
            {
                // A small zip can unpack to anything: what it promises is not believed, what comes out is counted.
                await using var stream = await entry.OpenAsync(ct);
                var bytes = new byte[Math.Min(left, StudioJson.LargestBody) + 1];
                var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
                if (read == bytes.Length)
                    throw new RefusedException(ProblemCodes.Invalid, $"{name} unpacks to more than is read ({LargestUpload >> 20} MB in all, {StudioJson.LargestBody >> 20} MB a file). Send fewer files at once.");
                left -= read;
                files.Add(($"{name}/{entry.FullName}", Encoding.UTF8.GetString(bytes, 0, read)));
            }

            return files;
        }
        catch (InvalidDataException e)
        {
            throw new RefusedException(ProblemCodes.Invalid, $"{name} is not a zip file that can be read: {e.Message}", e);
        }
    }
}
