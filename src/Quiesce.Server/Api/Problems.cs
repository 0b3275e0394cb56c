using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Documents;
using Quiesce.Storage;

namespace Quiesce.Server.Api;

/// <summary>Turns what went wrong into an RFC 9457 problem with a stable code and what to do next.</summary>
internal sealed class Problems(RequestDelegate next, ILogger<Problems> log)
{
    private static readonly object CodeItem = new();

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            await AnswerUnansweredAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: there is nobody to tell.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, e);
        }
    }

    /// <summary>What the routing itself turned away gets a document too.</summary>
    private static Task AnswerUnansweredAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (response.HasStarted || response.ContentLength > 0 || response.ContentType is not null)
            return Task.CompletedTask;
        switch (response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                return WriteAsync(context, ProblemCodes.NotFound, $"There is nothing at {request.Path}. /openapi/v1.json describes every route.");
            case StatusCodes.Status405MethodNotAllowed when HttpMethods.IsOptions(request.Method):
                response.Headers.Allow = $"{response.Headers.Allow}, OPTIONS";
                response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case StatusCodes.Status405MethodNotAllowed:
                return WriteAsync(context, ProblemCodes.MethodNotAllowed, $"{request.Path} does not take {request.Method}, but {response.Headers.Allow}.");
            case StatusCodes.Status415UnsupportedMediaType:
                return WriteAsync(context, ProblemCodes.UnsupportedMediaType, $"{request.Path} does not take a body of the type '{request.ContentType}'. Send application/json.");
            default:
                return Task.CompletedTask;
        }
    }

    /// <summary>The code that a request was refused with; null where it was not.</summary>
    public static string? CodeOf(HttpContext context) => context.Items.TryGetValue(CodeItem, out var code) ? code as string : null;

    /// <summary>The code that an exception becomes.</summary>
    public static string CodeOf(Exception e) => e switch
    {
        RefusedException refused => refused.Code,
        InvalidJobException or DefinitionException or JsonException => ProblemCodes.Invalid,
        BadHttpRequestException bad => CodeOf(bad),
        StorageException => ProblemCodes.Storage,
        _ => ProblemCodes.Internal,
    };

    /// <summary>Writes a problem.</summary>
    /// <param name="status">Where the code's own status does not fit.</param>
    public static Task WriteAsync(HttpContext context, string code, string detail, int? status = null, IReadOnlyList<Complaint>? complaints = null)
    {
        var number = status ?? StatusOf(code);
        context.Items[CodeItem] = code;
        var problem = new JsonObject { ["type"] = "about:blank", ["title"] = Title(code), ["status"] = number, ["code"] = code, ["detail"] = detail, ["instance"] = context.Request.Path.Value };
        if (complaints is not null)
            problem["complaints"] = JsonSerializer.SerializeToNode(complaints, RestJson.Default.IReadOnlyListComplaint);
        context.Response.StatusCode = number;
        context.Response.ContentType = "application/problem+json";
        return context.Response.WriteAsync(problem.ToJsonString(), context.RequestAborted);
    }

    private Task AnswerAsync(HttpContext context, Exception e)
    {
        switch (e)
        {
            case RefusedException refused:
                return WriteAsync(context, refused.Code, refused.Message);
            case InvalidJobException invalid:
                return WriteAsync(context, ProblemCodes.Invalid, invalid.Message, complaints: invalid.Complaints);
            case DefinitionException definition:
                return WriteAsync(context, ProblemCodes.Invalid, definition.Message,
                    complaints: [.. definition.Complaints.Select(one => new Complaint(definition.Source, one.Line ?? 0, one.ActivityId is { } id ? $"activity '{id}'" : "", one.Reason))]);
            case BadHttpRequestException bad:
                return WriteAsync(context, CodeOf(bad), CodeOf(bad) == ProblemCodes.TooLarge ? "The body is larger than this route takes. Send less." : $"The request cannot be read: {bad.Message} Correct it and send it again.", bad.StatusCode);
            case JsonException json:
                return WriteAsync(context, ProblemCodes.Invalid, $"The body is not the JSON that this route takes (line {json.LineNumber + 1}, {json.Path}). Correct it and send it again.");
            case StorageException storage:
                log.LogError(storage, "{Method} {Path} met the database's trouble", context.Request.Method, context.Request.Path);
                return WriteAsync(context, ProblemCodes.Storage, storage.Message, storage.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError);
            default:
                log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                return WriteAsync(context, ProblemCodes.Internal, "The server made a mistake; its log says which. Nothing can be said of what was asked for: look before you ask again.", StatusCodes.Status500InternalServerError);
        }
    }

    private static string CodeOf(BadHttpRequestException e) => e.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => ProblemCodes.TooLarge,
        StatusCodes.Status415UnsupportedMediaType => ProblemCodes.UnsupportedMediaType,
        _ => ProblemCodes.Invalid,
    };

    /// <summary>The status that goes with a code.</summary>
    public static int StatusOf(string code) => code switch
    {
        ProblemCodes.NotFound => StatusCodes.Status404NotFound,
        ProblemCodes.Invalid => StatusCodes.Status400BadRequest,
        ProblemCodes.Conflict => StatusCodes.Status409Conflict,
        ProblemCodes.Unauthorized => StatusCodes.Status401Unauthorized,
        ProblemCodes.Forbidden => StatusCodes.Status403Forbidden,
        ProblemCodes.GuestFailed => StatusCodes.Status502BadGateway,
        ProblemCodes.Storage => StatusCodes.Status503ServiceUnavailable,
        ProblemCodes.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ProblemCodes.KeyReused => StatusCodes.Status422UnprocessableEntity,
        ProblemCodes.TooMany => StatusCodes.Status429TooManyRequests,
        ProblemCodes.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        ProblemCodes.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ProblemCodes.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string Title(string code) => code switch
    {
        ProblemCodes.NotFound => "There is no such thing",
        ProblemCodes.Invalid => "What was sent is not right",
        ProblemCodes.Conflict => "Not now",
        ProblemCodes.Unauthorized => "A key is needed",
        ProblemCodes.Forbidden => "This key may not do that",
        ProblemCodes.GuestFailed => "The machine could not do it",
        ProblemCodes.Storage => "The database is in trouble",
        ProblemCodes.PreconditionFailed => "It has changed since",
        ProblemCodes.KeyReused => "This Idempotency-Key was used for something else",
        ProblemCodes.TooMany => "Too many wrong keys",
        ProblemCodes.MethodNotAllowed => "Not this method",
        ProblemCodes.TooLarge => "Too much was sent",
        ProblemCodes.UnsupportedMediaType => "Not this kind of body",
        _ => "The server made a mistake",
    };
}
