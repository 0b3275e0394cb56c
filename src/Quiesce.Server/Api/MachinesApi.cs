using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Api;

/// <summary>Machines: list, add, remove, test.</summary>
internal static class MachinesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var machines = api.MapGroup("/machines");
        machines.MapGet("", ListAsync);
        machines.MapPost("", AddAsync);
        machines.MapDelete("/{name}", RemoveAsync);
        machines.MapPost("/{name}/test", TestAsync);
    }

    private static async Task<JsonHttpResult<IReadOnlyList<MachineSummary>>> ListAsync(Machines machines, CancellationToken ct) =>
        TypedResults.Json(await machines.ListAsync(ct), RestJson.Default.IReadOnlyListMachineSummary);

    private static async Task<JsonHttpResult<MachineSummary>> AddAsync(HttpContext context, Machines machines)
    {
        var machine = await Body.ReadAsync(context, RestJson.Default.MachineEntry, Body.Small);
        Body.Require(machine.Name, "name");
        Body.Require(machine.Connect, "connect");
        return TypedResults.Json(await machines.AddAsync(machine, context.RequestAborted), RestJson.Default.MachineSummary, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<NoContent> RemoveAsync(string name, Machines machines, CancellationToken ct)
    {
        await machines.RemoveAsync(name, ct);
        return TypedResults.NoContent();
    }

    /// <summary>An unreachable machine is a good answer: 200 with reachable false and the reason.</summary>
    private static async Task<JsonHttpResult<MachineTest>> TestAsync(string name, Machines machines, CancellationToken ct) =>
        TypedResults.Json(await machines.TestAsync(name, ct), RestJson.Default.MachineTest);
}
