using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>Instances: list with every filter, one with its state, journal, variables, export.</summary>
internal static class InstanceReads
{
    private const int LargestPage = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("/workflow-instances");
        instances.MapPost("", ListAsync).ForViewers();
        instances.MapGet("/{id}", GetAsync).WithMetadata(new RefusedAs(StatusCodes.Status404NotFound));
        instances.MapGet("/{id}/execution-state", ExecutionStateAsync);
        instances.MapPost("/{id}/journal", JournalAsync).ForViewers();
        instances.MapGet("/{id}/journal", JournalAsync);
        instances.MapGet("/{id}/variables", VariablesAsync);
        instances.MapGet("/{id}/export", ExportAsync);
        api.MapPost("/bulk-actions/export/workflow-instances", ExportManyAsync).ForViewers();
    }

    private static async Task<IResult> ListAsync(HttpContext context, Instances instances)
    {
        var page = await instances.ListAsync(Query(await StudioJson.ReadAsync(context)), context.RequestAborted);
        return StudioJson.Paged([.. page.Items.Select(InstanceAnswers.Summary)], page.Total);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, Instances instances) => StudioJson.Answer(InstanceAnswers.Full(await FindAsync(instances, id, context.RequestAborted)));

    private static async Task<IResult> ExecutionStateAsync(string id, HttpContext context, Instances instances) =>
        StudioJson.Answer(InstanceAnswers.ExecutionState(await FindAsync(instances, id, context.RequestAborted)));

    private static async Task<IResult> JournalAsync(string id, HttpContext context, Instances instances, int skip = 0, int take = 100)
    {
        var filter = HttpMethods.IsPost(context.Request.Method) ? (await StudioJson.ReadAsync(context))["filter"] as JsonObject : null;
        var page = await instances.JournalAsync(id, Filter(filter), Math.Max(skip, 0), Math.Clamp(take, 1, LargestPage), context.RequestAborted);
        return StudioJson.Paged([.. page.Items], page.Total);
    }

    private static async Task<IResult> VariablesAsync(string id, HttpContext context, Instances instances)
    {
        var variables = await instances.VariablesAsync(id, context.RequestAborted);
        return StudioJson.Items([.. variables.Select(one => (JsonNode)new JsonObject { ["id"] = one.Id, ["name"] = one.Name, ["value"] = one.Value?.DeepClone() })]);
    }

    private static async Task<IResult> ExportAsync(string id, HttpContext context, Instances instances)
    {
        var row = await FindAsync(instances, id, context.RequestAborted);
        return TypedResults.File(StudioJson.ToUtf8(await DocumentAsync(row, instances, context.RequestAborted)), "application/json", FileName(row));
    }

    private static async Task<IResult> ExportManyAsync(HttpContext context, Instances instances)
    {
        var ids = (await StudioJson.ReadAsync(context)).Texts("ids").Distinct(StringComparer.Ordinal).Take(LargestPage).ToList();
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var id in ids)
            {
                var row = await FindAsync(instances, id, context.RequestAborted);
                await using var entry = await archive.CreateEntry(FileName(row)).OpenAsync(context.RequestAborted);
                await entry.WriteAsync(StudioJson.ToUtf8(await DocumentAsync(row, instances, context.RequestAborted)), context.RequestAborted);
            }

        return TypedResults.File(buffer.ToArray(), "application/zip", "workflow-instances.zip");
    }

    private static async Task<JsonObject> DocumentAsync(InstanceRow row, Instances instances, CancellationToken ct)
    {
        var journal = await instances.JournalAsync(row.Id, new JournalFilter(), 0, int.MaxValue, ct);
        return new JsonObject
        {
            ["workflowInstance"] = InstanceAnswers.Full(row),
            ["bookmarks"] = new JsonArray(),
            ["activityExecutionRecords"] = new JsonArray([.. await instances.ExecutionsAsync(row.Id, null, ct)]),
            ["workflowExecutionLogRecords"] = new JsonArray([.. journal.Items]),
        };
    }

    private static string FileName(InstanceRow row) => $"workflow-instance-{DefinitionSaves.Slug(row.Id)}.json";

    private static async Task<InstanceRow> FindAsync(Instances instances, string id, CancellationToken ct) => await instances.GetAsync(id, ct)
        ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no workflow instance '{id}': it was deleted, or cleared away after its end. Reload the list.");

    private static JournalFilter Filter(JsonObject? filter)
    {
        return filter is null ? new JournalFilter() : new JournalFilter
        {
            ActivityIds = Some("activityIds"), ActivityNodeIds = Some("activityNodeIds"), ExcludedActivityTypes = Some("excludedActivityTypes"), EventNames = Some("eventNames"),
        };

        // No list and an empty one both mean any.
        IReadOnlyList<string>? Some(string member) => filter.Texts(member) is { Count: > 0 } texts ? texts : null;
    }

    /// <summary>Every filter of the list's body; what it does not name is not filtered.</summary>
    public static InstanceQuery Query(JsonObject body) => new()
    {
        Page = Math.Max(body.Integer("page") ?? 0, 0),
        PageSize = Math.Clamp(body.Integer("pageSize") ?? 50, 1, LargestPage),
        SearchTerm = body.Text("searchTerm") is { Length: > 0 } search ? search : null,
        Ids = body.Texts("ids"),
        DefinitionIds = Both(body, "definitionId", "definitionIds"),
        DefinitionVersionId = body.Text("definitionVersionId") is { Length: > 0 } versionId ? versionId : null,
        Version = body.Integer("version"),
        CorrelationId = body.Text("correlationId") is { Length: > 0 } correlation ? correlation : null,
        ParentId = body.Text("parentWorkflowInstanceId") is { Length: > 0 } parent ? parent : null,
        HasIncidents = body.Flag("hasIncidents"),
        IsSystem = body.Flag("isSystem"),
        Statuses = Both(body, "status", "statuses"),
        SubStatuses = Both(body, "subStatus", "subStatuses"),
        Timestamps = [.. (body["timestampFilters"] as JsonArray ?? []).OfType<JsonObject>().Select(Moment)],
        OrderBy = Named<InstanceOrder>(body.Text("orderBy"), "orderBy") ?? InstanceOrder.Created,
        Descending = body.Text("orderDirection") != "Ascending",
    };

    private static IReadOnlyList<string> Both(JsonObject body, string one, string many) => body.Texts(many) is { Count: > 0 } list ? list : body.Text(one) is { Length: > 0 } text ? [text] : [];

    private static TimestampFilter Moment(JsonObject filter) => new(
        Named<InstanceMoment>(filter.Text("column"), "column") ?? InstanceMoment.CreatedAt, Named<MomentComparison>(filter.Text("operator"), "operator") ?? MomentComparison.Is,
        DateTimeOffset.TryParse(filter.Text("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw new RefusedException(ProblemCodes.Invalid, $"'{filter.Text("timestamp")}' is no time. Write it as 2026-11-22T10:00:00Z."));

    private static T? Named<T>(string? text, string member) where T : struct, Enum => string.IsNullOrEmpty(text) ? null
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw new RefusedException(ProblemCodes.Invalid, $"'{member}' is '{text}'. Use one of {string.Join(", ", Enum.GetNames<T>())}.");
}
