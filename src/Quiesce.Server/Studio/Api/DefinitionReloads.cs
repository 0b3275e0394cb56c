using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>Takes up now what changed in the workflows folder, instead of at the next look.</summary>
internal static class DefinitionReloads
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/actions/workflow-definitions/reload", ReloadAsync);
        api.MapPost("/actions/workflow-definitions/refresh", ReloadAsync);
    }

    private static async Task<IResult> ReloadAsync(HttpContext context, DefinitionCatalog catalog)
    {
        var changes = await catalog.RescanAsync(context.RequestAborted);
        return StudioJson.Answer(new JsonObject { ["count"] = changes.Count, ["problems"] = StudioJson.Array(changes.Select(change => change.Problem).OfType<string>()) });
    }
}
