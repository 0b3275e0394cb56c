using Microsoft.AspNetCore.Http;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Server.Api;

namespace Quiesce.Server.Http;

/// <summary>What a workflow answered, as a response.</summary>
internal static class ResponseWriting
{
    private static readonly string[] Ours = ["Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Trailer", "Content-Type", "Set-Cookie", "Content-Security-Policy"];

    /// <summary>Writes it. A workflow that writes no response is 200 when it has ended, 202 when it goes on, 500 when it faulted.</summary>
    public static async Task WriteAsync(HttpContext context, HttpOutcome outcome, string instanceHeader)
    {
        if (outcome.State is { } state)
            context.Response.Headers[instanceHeader] = state.Id;
        if (outcome.Response is { } response)
            await WriteAsync(context, response);
        else if (outcome.Standing is { } standing)
            await Problems.WriteAsync(context, ProblemCodes.Conflict, $"Instance '{standing}' of this workflow is running, and its activation strategy allows no other beside it. Ask again when that one has ended.");
        else if (outcome.State is null)
            await Problems.WriteAsync(context, ProblemCodes.NotFound, "The instance that waited for this request went on in this moment. Look at its instance before asking again.");
        else if (outcome.State.SubStatus == WorkflowSubStatus.Faulted)
            await Problems.WriteAsync(context, "internal", $"The workflow failed before it answered; instance '{outcome.State.Id}' says where and why.", StatusCodes.Status500InternalServerError);
        else
            context.Response.StatusCode = outcome.State.Status == WorkflowStatus.Finished ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
    }

    private static async Task WriteAsync(HttpContext context, RespondHttp response)
    {
        try
        {
            context.Response.StatusCode = response.StatusCode is >= 200 and <= 599 ? response.StatusCode : StatusCodes.Status500InternalServerError;
            foreach (var field in response.Headers)
                if (!Ours.Contains(field.Name, StringComparer.OrdinalIgnoreCase))
                    context.Response.Headers.Append(field.Name, field.Value);
            context.Response.ContentType = response.Body?.ContentType;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            context.Response.Clear();
            await Problems.WriteAsync(context, "internal", $"The workflow answered with a header that cannot be sent: {e.Message} Correct its response headers.", StatusCodes.Status500InternalServerError);
            return;
        }

        // A page that a workflow made is a stranger on the console's own address: it gets neither its log-in nor its storage.
        context.Response.Headers.ContentSecurityPolicy = "sandbox allow-forms allow-scripts allow-popups";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (response.Body is not { } body || context.Response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;
        var bytes = body.ToBytes();
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
