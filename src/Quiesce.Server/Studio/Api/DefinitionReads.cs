using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Engine;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>Definitions: list, one, many, versions, names, consumers.</summary>
internal static class DefinitionReads
{
    /// <summary>Studio asks for some lists without a page; more than this nobody finds anything in.</summary>
    private const int LargestPage = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("", List);
        definitions.MapGet("/by-definition-id/{definitionId}", ByDefinitionId);
        definitions.MapGet("/by-id/{versionId}", ByVersionId);
        definitions.MapGet("/many-by-id", Many);
        definitions.MapGet("/query/count", Count);
        definitions.MapGet("/validation/is-name-unique", IsNameUnique);
        definitions.MapGet("/{definitionId}/versions", Versions);
        definitions.MapGet("/{definitionId}/consumers", Consumers);
    }

    private static IResult List(HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers)
    {
        var query = context.Request.Query;
        var ids = Texts(context, "Ids");
        var mayEdit = context.MayEdit();
        if (ids.Count > 0)
        {
            // Also deleted versions that instances still run: Studio drops an instance from its list when its version is not among the answers.
            var rows = ids.Take(LargestPage).Select(catalog.RowByVersionId).OfType<Storage.DefinitionRow>().ToList();
            return Page([.. rows.Select(row => answers.Summary(row, mayEdit))], rows.Count, mayEdit);
        }

        var size = Math.Clamp(Number(context, "PageSize") ?? LargestPage, 1, LargestPage);
        var page = catalog.Query(new DefinitionQuery
        {
            Version = Selector(query["versionOptions"]),
            Search = query["SearchTerm"].ToString() is { Length: > 0 } search ? search : null,
            DefinitionIds = Texts(context, "DefinitionIds"),
            IsSystem = bool.TryParse(query["IsSystem"], out var system) ? system : null,
            OrderBy = query["OrderBy"].ToString() is { Length: > 0 } order ? order : "Name",
            Descending = string.Equals(query["OrderDirection"], "Descending", StringComparison.OrdinalIgnoreCase),
            Skip = (int)Math.Min((long)Math.Max(Number(context, "Page") ?? 0, 0) * size, int.MaxValue),
            Take = size,
        });
        return Page([.. page.Items.Select(row => answers.Summary(row, mayEdit))], page.Total, mayEdit);
    }

    private static IResult ByDefinitionId(string definitionId, HttpContext context, DefinitionAnswers answers) =>
        StudioJson.Answer(answers.Full(answers.Find(definitionId, Selector(context.Request.Query["versionOptions"]) ?? VersionSelector.Latest), context.MayEdit()));

    private static IResult ByVersionId(string versionId, HttpContext context, DefinitionAnswers answers) =>
        StudioJson.Answer(answers.Full(answers.FindVersion(versionId), context.MayEdit()));

    private static IResult Many(HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers)
    {
        var mayEdit = context.MayEdit();
        return StudioJson.Items([.. Texts(context, "ids").Take(LargestPage).Select(catalog.RowByVersionId).OfType<Storage.DefinitionRow>().Select(row => answers.Full(row, mayEdit))]);
    }

    private static IResult Count(HttpContext context, DefinitionCatalog catalog) =>
        StudioJson.Answer(new JsonObject { ["count"] = catalog.Query(new DefinitionQuery { Version = Selector(context.Request.Query["versionOptions"]) ?? VersionSelector.Latest, Take = 1 }).Total });

    private static IResult IsNameUnique(DefinitionCatalog catalog, string name = "", string? definitionId = null) =>
        StudioJson.Answer(new JsonObject { ["isUnique"] = !NamedAlready(catalog, name, definitionId) });

    private static IResult Versions(string definitionId, HttpContext context, DefinitionCatalog catalog, DefinitionAnswers answers)
    {
        var rows = catalog.Query(new DefinitionQuery { DefinitionIds = [definitionId], OrderBy = "Version", Descending = true }).Items;
        if (rows.Count == 0)
            throw DefinitionAnswers.NotFound(definitionId);
        var mayEdit = context.MayEdit();
        return StudioJson.Items([.. rows.Select(row => answers.Summary(row, mayEdit))]);
    }

    private static IResult Consumers(string definitionId, DefinitionCatalog catalog) =>
        StudioJson.Answer(new JsonObject { ["consumingWorkflowDefinitionIds"] = StudioJson.Array(catalog.Consumers(definitionId)) });

    /// <summary>Which versions a query asks for; null for all of them.</summary>
    /// <exception cref="FormatException">It selects no version.</exception>
    public static VersionSelector? Selector(string? versionOptions) => string.IsNullOrWhiteSpace(versionOptions) || versionOptions == "AllVersions" ? null : VersionSelector.Parse(versionOptions);

    /// <summary>Whether another definition's latest version has this name.</summary>
    public static bool NamedAlready(DefinitionCatalog catalog, string name, string? exceptDefinitionId) =>
        catalog.Query(new DefinitionQuery { Version = VersionSelector.Latest, Search = name.Trim() }).Items
            .Any(row => row.DefinitionId != exceptDefinitionId && string.Equals(row.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    private static StudioJson.JsonAnswer Page(JsonArray items, int total, bool mayEdit) =>
        StudioJson.Answer(new JsonObject { ["items"] = items, ["totalCount"] = total, ["links"] = StudioLinks.OfList(mayEdit) });

    private static List<string> Texts(HttpContext context, string name) => [.. context.Request.Query[name].OfType<string>().Where(text => text.Length > 0)];

    private static int? Number(HttpContext context, string name) => int.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, out var number) ? number : null;
}
