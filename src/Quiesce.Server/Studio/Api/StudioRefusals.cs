using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Server.Studio;

/// <summary>The status of a route's refusals where Studio survives another one better than 400.</summary>
internal sealed record RefusedAs(int Status);

/// <summary>
/// Turns what went wrong below <c>/elsa/api</c> into the one answer that Studio shows: 400 with <c>errors</c>. Anything else it takes for a crash, and a 5xx it sends again
/// three times over 14 seconds first. The REST API keeps its own shape and statuses (<see cref="Quiesce.Server.Api.Problems"/>).
/// </summary>
internal sealed class StudioRefusals(RequestDelegate next, ILogger<StudioRefusals> log)
{
    /// <summary>Header that tells the host page of a refusal, whatever Studio makes of the answer.</summary>
    public const string Header = "x-quiesce-refused";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser went on: there is nobody to tell.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (code, messages) = Explain(e, context);
            await WriteAsync(context, code, messages, context.GetEndpoint()?.Metadata.GetMetadata<RefusedAs>()?.Status ?? StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>Writes a refusal.</summary>
    public static async Task WriteAsync(HttpContext context, string code, IReadOnlyList<string> messages, int status = StatusCodes.Status400BadRequest)
    {
        context.Response.StatusCode = status;
        context.Response.Headers[Header] = code;
        context.Response.ContentType = "application/problem+json";
        await context.Response.Body.WriteAsync(StudioJson.ToUtf8(Document(code, messages, status)), context.RequestAborted);
    }

    /// <summary>The refusal as Studio reads it. It shows every text of <c>errors</c>, and <c>detail</c>, <c>title</c> and <c>message</c> only without them, each by itself.</summary>
    public static JsonObject Document(string code, IReadOnlyList<string> messages, int status = StatusCodes.Status400BadRequest) => new()
    {
        ["type"] = "about:blank", ["title"] = "Refused", ["status"] = status, ["code"] = code, ["errors"] = new JsonObject { [code] = StudioJson.Array(messages) },
    };

    /// <summary>Why something was refused, where it was and is not a mistake of the server's.</summary>
    public static string? Reason(Exception e) => e is RefusedException or DefinitionException or StorageException ? e.Message : null;

    private (string Code, string[] Messages) Explain(Exception e, HttpContext context)
    {
        switch (e)
        {
            case RefusedException refused:
                return (refused.Code, [refused.Message]);
            case DefinitionException definition:
                return (ProblemCodes.Invalid, definition.Message.Split('\n'));
            case FormatException format:
                return (ProblemCodes.Invalid, [format.Message]);
            case BadHttpRequestException bad:
                return (ProblemCodes.Invalid, [bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The body is larger than this route takes. Send less." : $"The request cannot be read: {bad.Message}"]);
            case JsonException json:
                return (ProblemCodes.Invalid, [$"The body is not the JSON that this route takes (line {json.LineNumber + 1}, {json.Path}). Correct it and send it again."]);
            case StorageException storage:
                log.LogError(storage, "{Method} {Path} met the database's trouble", context.Request.Method, context.Request.Path);
                return (ProblemCodes.Storage, [storage.Message]);
            default:
                log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                return ("internal", ["The server made a mistake; its log says which. Nothing can be said of what was asked for: look before you ask again."]);
        }
    }
}
