using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Quiesce.Server.Api;

/// <summary>Every route of the REST API.</summary>
internal static class ApiRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        SystemApi.Map(routes);
        OpenApiDocument.Map(routes);
        var api = routes.MapGroup("/api");
        JobsApi.Map(api);
        SessionsApi.Map(api);
        MachinesApi.Map(api);
        RestorePointsApi.Map(api);
        WorkflowsApi.Map(api);
        InstancesApi.Map(api);
        ProxiesApi.Map(api);
        LeftoversApi.Map(api);
        KeysApi.Map(api);
        SettingsApi.Map(api);
        AuditApi.Map(api);
    }
}
