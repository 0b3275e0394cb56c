using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Access;

namespace Quiesce.Server.Api;

/// <summary>Machines: list, add, remove, test.</summary>
internal static class MachinesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var machines = api.MapGroup("/machines");
        machines.MapGet("", ListAsync).As<PageOf<MachineSummary>>("ListMachines", "Machines by name: those added by themselves, and those of the jobs.");
        machines.MapPost("", AddAsync).Takes<MachineEntry>().As<MachineSummary>("AddMachine", "Adds a machine, or changes how it is reached.", StatusCodes.Status201Created).Refuses(ProblemCodes.Invalid, ProblemCodes.PreconditionFailed);
        machines.MapGet("/{name}", GetAsync).As<MachineSummary>("GetMachine", "One machine.").Refuses(ProblemCodes.NotFound);
        machines.MapDelete("/{name}", RemoveAsync).As("RemoveMachine", "Takes a machine off the list; its restore points stay.").Refuses(ProblemCodes.NotFound, ProblemCodes.Conflict, ProblemCodes.PreconditionFailed);
        machines.MapPost("/{name}/test", TestAsync).As<MachineTest>("TestMachine", "Connects to a machine and says what would stop a session; nothing is copied to it.").Refuses(ProblemCodes.NotFound);
        api.MapGet("/alarms", AlarmsAsync).As<IReadOnlyList<FrozenMachine>>("ListAlarms", "Machines that may be frozen for longer than their own timer.");
    }

    private static async Task<JsonHttpResult<PageOf<MachineSummary>>> ListAsync(HttpContext context, Machines machines, [AsParameters] Paging paging, CancellationToken ct) =>
        paging.Of(context, await machines.ListAsync(ct), RestJson.Default.PageOfMachineSummary);

    private static async Task<IResult> GetAsync(string name, HttpContext context, Machines machines, CancellationToken ct)
    {
        var machine = await FindAsync(name, machines, ct) ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no machine '{name}'. `quiesce machine list` shows those there are.");
        return Etags.Json(context, machine, RestJson.Default.MachineSummary, Tag(machine));
    }

    private static async Task<JsonHttpResult<MachineSummary>> AddAsync(HttpContext context, Machines machines, AuditTrail audit)
    {
        var machine = await Body.ReadAsync(context, RestJson.Default.MachineEntry, Body.Small);
        Body.Require(machine.Name, "name");
        Body.Require(machine.Connect, "connect");
        AuditRequests.About(context, $"machines/{machine.Name}");
        await CheckAsync(context, machine.Name, machines, audit);
        return TypedResults.Json(await machines.AddAsync(machine, context.RequestAborted), RestJson.Default.MachineSummary, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<NoContent> RemoveAsync(string name, HttpContext context, Machines machines, AuditTrail audit, CancellationToken ct)
    {
        await CheckAsync(context, name, machines, audit);
        await machines.RemoveAsync(name, ct);
        return TypedResults.NoContent();
    }

    /// <summary>An unreachable machine is a good answer: 200 with reachable false and the reason.</summary>
    private static async Task<JsonHttpResult<MachineTest>> TestAsync(string name, Machines machines, CancellationToken ct) =>
        TypedResults.Json(await machines.TestAsync(name, ct), RestJson.Default.MachineTest);

    private static async Task<JsonHttpResult<IReadOnlyList<FrozenMachine>>> AlarmsAsync(FrozenMachines frozen, CancellationToken ct) =>
        TypedResults.Json(await frozen.ListAsync(ct), RestJson.Default.IReadOnlyListFrozenMachine);

    /// <summary>What was added comes first in the tag, the whole answer after it: a test in between is no reason to refuse a change.</summary>
    private static string Tag(MachineSummary machine) =>
        Etags.OfParts(JsonSerializer.Serialize(new MachineEntry { Name = machine.Name, Connect = machine.Connect, Identity = machine.Identity, Platform = machine.Platform }, RestJson.Default.MachineEntry),
            JsonSerializer.Serialize(machine, RestJson.Default.MachineSummary));

    private static async Task CheckAsync(HttpContext context, string name, Machines machines, AuditTrail audit)
    {
        if (Etags.IsConditional(context))
            await Etags.RequireMatchAsync(context, await FindAsync(name, machines, context.RequestAborted) is { } machine ? Tag(machine) : null, $"machines/{name}", audit);
    }

    private static async Task<MachineSummary?> FindAsync(string name, Machines machines, CancellationToken ct) => (await machines.ListAsync(ct)).FirstOrDefault(machine => machine.Name == name);
}
