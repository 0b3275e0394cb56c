using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>
/// Waits for a request, or is started by it: one trigger or bookmark for each method. A request over a limit, of a wrong kind of file or with broken JSON
/// leaves by an outcome where that is exposed, and is otherwise answered 413, 415 or 400 while the activity goes on waiting.
/// </summary>
public sealed class HttpEndpoint : IActivity
{
    /// <summary>Name of its triggers and bookmarks.</summary>
    public const string TypeName = "Elsa.HttpEndpoint";

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; } = HttpDescriptors.Endpoint;

    /// <summary>Hash of the triggers and bookmarks that wait for a request. Both parts are compared in lower case.</summary>
    /// <param name="path">The template, such as <c>/orders/{id}</c>, not a path that matches it.</param>
    /// <param name="method">Such as <c>GET</c>.</param>
    public static string HashOf(string path, string method) => Bookmark.HashOf(TypeName, Identity(HttpRoute.Normalize(path), method));

    /// <inheritdoc/>
    public IEnumerable<TriggerPayload> Triggers(ActivityContext context) =>
        [.. Payloads(context).Select(p => new TriggerPayload(TypeName, p, HashOf(p.Text("path")!, p.Text("method")!)))];

    /// <inheritdoc/>
    public void Execute(ActivityContext context)
    {
        if (context.IsTriggerOfWorkflow)
            Take(context);
        else
            Wait(context);
    }

    /// <inheritdoc/>
    public void Resume(ActivityContext context, Resumption resumption) => Take(context);

    private static void Take(ActivityContext context)
    {
        // Started or resumed by hand: there is nothing to read.
        if (context.HttpRequest is not { } request)
        {
            context.Complete("Done");
            return;
        }

        if (HttpLimits.Find(context, request) is { } refusal)
        {
            Refuse(context, request, refusal);
            return;
        }

        if (!HttpContent.TryParse(request.Body, request.Form, out var content))
        {
            Refuse(context, request, new(400, "The content is not valid JSON.", null));
            return;
        }

        var files = request.Files.Select(HttpContent.File).ToList();
        context.SetOutput("Result", HttpContent.Request(request));
        context.SetOutput("ParsedContent", content);
        context.SetOutput("Files", files);
        context.SetOutput("File", files.FirstOrDefault());
        context.SetOutput("RouteData", RouteData(context, request));
        context.SetOutput("QueryStringData", HttpField.ToMap(request.Query));
        context.SetOutput("Headers", HttpField.ToMap(request.Headers));
        context.Complete("Done");
    }

    private static void Refuse(ActivityContext context, HttpRequestData request, HttpRefusal refusal)
    {
        if (refusal.Outcome is { } outcome)
        {
            context.SetOutput("Result", HttpContent.Request(request));
            context.Complete(outcome);
            return;
        }

        context.Emit(new RespondHttp { RequestId = request.RequestId, StatusCode = refusal.StatusCode, Body = HttpBody.Of(refusal.Message, "text/plain") });
        context.ClearBookmarks();
        Wait(context);
    }

    private static void Wait(ActivityContext context)
    {
        foreach (var payload in Payloads(context))
            context.Run.CreateBookmark(context, TypeName, payload, Identity(payload.Text("path")!, payload.Text("method")!), null, autoBurn: true, null, null, inProcess: false);
    }

    // Names in the template's own casing: the stored one is in lower case.
    private static Dictionary<string, object?> RouteData(ActivityContext context, HttpRequestData request)
    {
        var names = HttpRoute.Parse(context.GetInput<string>("Path")).Parameters;
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.RouteData)
            values[names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name] = value;
        return values;
    }

    private static IEnumerable<JsonObject> Payloads(ActivityContext context)
    {
        var path = context.GetInput<string>("Path");
        if (string.IsNullOrWhiteSpace(path))
            throw new ActivityFaultException("the HTTP endpoint has no path. Give it one, such as /orders/{id}.");
        HttpRoute.Parse(path);
        var methods = Values.Items(context.GetInput("SupportedMethods"))?.Select(m => Values.ToText(m)?.Trim().ToLowerInvariant()).OfType<string>().Where(m => m.Length > 0).Distinct().ToList();
        if (methods is not { Count: > 0 })
            throw new ActivityFaultException("the HTTP endpoint supports no method. Give it at least one, such as GET.");
        return methods.Select(method =>
        {
            var payload = Identity(HttpRoute.Normalize(path), method);
            payload["authorize"] = context.GetInput<bool>("Authorize");
            payload["policy"] = context.GetInput<string>("Policy");
            payload["requestTimeout"] = Values.ToText(context.GetInput("RequestTimeout"));
            payload["requestSizeLimit"] = Values.ToJson(context.GetInput("RequestSizeLimit"));
            payload["fileSizeLimit"] = Values.ToJson(context.GetInput("FileSizeLimit"));
            return payload;
        });
    }

    private static JsonObject Identity(string path, string method) => new() { ["path"] = path, ["method"] = method.ToLowerInvariant() };
}

/// <summary>Why a request is not taken.</summary>
/// <param name="StatusCode">What it is answered with.</param>
/// <param name="Message">In words, for whoever asked.</param>
/// <param name="Outcome">Where the activity leaves by instead of answering; null answers and waits on.</param>
internal sealed record HttpRefusal(int StatusCode, string Message, string? Outcome);
