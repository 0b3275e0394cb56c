using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Quiesce.Server.Api;

/// <summary>What the OpenAPI document says of a route, in the words of the route table.</summary>
internal static class Describe
{
    /// <summary>A verb and what it answers with.</summary>
    /// <param name="operation">The operation id: a verb and its object, <c>StartJob</c>. The audit calls it so too.</param>
    /// <param name="summary">One sentence.</param>
    public static RouteHandlerBuilder As<T>(this RouteHandlerBuilder route, string operation, string summary, int status = StatusCodes.Status200OK, string type = "application/json") =>
        route.WithName(operation).WithSummary(summary).Produces<T>(status, type);

    /// <summary>A verb that answers with nothing but that it is done, or that it will be.</summary>
    public static RouteHandlerBuilder As(this RouteHandlerBuilder route, string operation, string summary, int status = StatusCodes.Status204NoContent) =>
        route.WithName(operation).WithSummary(summary).Produces(status);

    /// <summary>What a route reads.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route) where T : notnull => route.Accepts<T>("application/json");

    /// <summary>The refusals that are the route's own, by their code; those that every route knows go without saying.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params string[] codes) => route.WithMetadata(new Refusals(codes));
}

/// <summary>The codes with which a route may refuse.</summary>
internal sealed record Refusals(IReadOnlyList<string> Codes);
