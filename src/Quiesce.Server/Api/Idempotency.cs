using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Access;
using Quiesce.Storage;

namespace Quiesce.Server.Api;

/// <summary>
/// What is asked for twice with the same <c>Idempotency-Key</c> is done once: for a day the second one gets the first one's answer, also after a restart. Refusals are
/// not kept, because what refused may have passed. A job's start is protected in its own transaction besides, so that not even a crash between deed and answer starts it twice.
/// </summary>
internal sealed class Idempotency(Store store, TimeProvider time) : IDisposable
{
    /// <summary>What carries the key.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The longest key.</summary>
    public const int Longest = 200;

    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);
    // Requests with the same key take turns; others rarely meet.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Does it, or answers as it was answered before.</summary>
    /// <exception cref="RefusedException">The key is too long, or was used for something else.</exception>
    public async ValueTask<object?> OnceAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var sent = context.Request.Headers[Header].ToString();
        if (sent.Length == 0)
            return await next(invocation);
        if (sent.Length > Longest)
            throw new RefusedException(ProblemCodes.Invalid, $"The {Header} has more than {Longest} characters. Use a shorter one.");
        // Two callers who think of the same word do not get each other's answers.
        var key = $"{context.User.KeyId()}:{sent}";
        var turn = _turns[(uint)string.GetHashCode(key, StringComparison.Ordinal) % _turns.Length];
        await turn.WaitAsync(context.RequestAborted);
        try
        {
            var hash = await HashAsync(context);
            if (await store.AnswerAsync(key, context.RequestAborted) is not { } known)
            {
                await SendAsync(context, await next(invocation), key, hash);
                return TypedResults.Empty;
            }

            if (known.RequestHash != hash)
                throw new RefusedException(ProblemCodes.KeyReused, $"The {Header} '{sent}' was used within a day for another request, whose answer it keeps. Nothing was done. Use a new key for a new request.");
            context.Response.Headers["Idempotency-Replayed"] = "true";
            return TypedResults.Text(known.Body, known.ContentType, statusCode: known.Status);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());

    private static async Task<string> HashAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n"));
        var buffer = new byte[8192];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
            hash.AppendData(buffer, 0, count);
        context.Request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Keeps the answer before the client can have it: whoever got it gets it again.</summary>
    private async Task SendAsync(HttpContext context, object? answer, string key, string hash)
    {
        if (answer is not IResult result)
            return;
        var wire = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await result.ExecuteAsync(context);
        }
        finally
        {
            context.Response.Body = wire;
        }

        if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
            await store.KeepAnswerAsync(new AnswerRow(key, hash, context.Response.StatusCode, context.Response.ContentType, Encoding.UTF8.GetString(buffer.ToArray()), time.GetUtcNow() + Keep));
        buffer.Position = 0;
        await buffer.CopyToAsync(wire, context.RequestAborted);
    }
}

/// <summary>How a route says that its <c>Idempotency-Key</c> counts.</summary>
internal static class IdempotencyRoutes
{
    /// <summary>The same key, the same answer, for a day.</summary>
    public static RouteHandlerBuilder OncePerKey(this RouteHandlerBuilder route)
    {
        route.WithMetadata(new TakesIdempotencyKey());
        return route.AddEndpointFilter((invocation, next) => invocation.HttpContext.RequestServices.GetRequiredService<Idempotency>().OnceAsync(invocation, next));
    }
}

/// <summary>The route takes an <c>Idempotency-Key</c>.</summary>
internal sealed record TakesIdempotencyKey;
