using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Tests.Definitions;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

/// <summary>What came back, whatever its status.</summary>
internal sealed record StudioAnswer(int Status, JsonNode? Body, HttpResponseMessage Response)
{
    public string? Header(string name) => Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(",", values) : null;

    /// <summary>The texts that Studio would show of a refusal.</summary>
    public string Refusal
    {
        get
        {
            Assert.Equal("application/problem+json", Response.Content.Headers.ContentType?.MediaType);
            return string.Join(" ", Body!["errors"]!.AsObject().SelectMany(member => member.Value!.AsArray()).Select(text => (string)text!));
        }
    }
}

/// <summary>Asks as Studio does: same paths, same bodies, no browser.</summary>
internal static class StudioClient
{
    public static async Task<StudioAnswer> StudioSendAsync(this RunningServer server, HttpMethod method, string path, string? body, Action<HttpRequestMessage>? more = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path.StartsWith('/') ? path : "elsa/api/" + path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        more?.Invoke(request);
        var response = await (client ?? server.Client).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && response.Content.Headers.ContentEncoding.Count == 0;
        return new StudioAnswer((int)response.StatusCode, isJson && text.Length > 0 ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 1024 }) : null, response);
    }

    public static Task<StudioAnswer> StudioGetAsync(this RunningServer server, string path) => server.StudioSendAsync(HttpMethod.Get, path, null);

    public static Task<StudioAnswer> StudioPostAsync(this RunningServer server, string path, JsonNode? body = null) => server.StudioSendAsync(HttpMethod.Post, path, body?.ToJsonString() ?? "{}");

    public static Task<StudioAnswer> StudioDeleteAsync(this RunningServer server, string path) => server.StudioSendAsync(HttpMethod.Delete, path, null);

    /// <summary>The body of a 200.</summary>
    public static async Task<JsonNode> ReadAsync(this RunningServer server, string path)
    {
        var answer = await server.StudioGetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Body}");
        return answer.Body!;
    }

    /// <summary>Opens the latest version as the designer does.</summary>
    public static Task<JsonNode> OpenAsync(this RunningServer server, string definitionId) => server.ReadAsync($"workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest");

    /// <summary>The save that the designer sends for a definition that it has open: only the members that it knows.</summary>
    public static JsonObject SaveBody(JsonNode opened, Action<JsonObject>? edit = null, bool publish = false)
    {
        var model = new JsonObject();
        foreach (var name in (string[])["id", "definitionId", "name", "description", "toolVersion", "version", "isLatest", "isPublished", "isReadonly", "createdAt", "variables", "inputs", "outputs", "outcomes", "customProperties", "options", "root"])
            model[name] = opened[name]?.DeepClone();
        model["links"] = null;
        edit?.Invoke(model);
        return new JsonObject { ["model"] = model, ["publish"] = publish };
    }

    /// <summary>The save that Studio's Create dialog sends.</summary>
    public static JsonObject CreateBody(string name, JsonObject? root = null) => new()
    {
        ["model"] = new JsonObject
        {
            ["id"] = null, ["definitionId"] = null, ["name"] = name, ["description"] = "", ["version"] = 1, ["toolVersion"] = "3.8.2.0", ["isLatest"] = true, ["isPublished"] = false, ["createdAt"] = "0001-01-01T00:00:00+00:00",
            ["variables"] = null, ["inputs"] = null, ["outputs"] = null, ["outcomes"] = null, ["customProperties"] = null, ["options"] = null, ["links"] = null,
            ["root"] = root ?? new JsonObject
            {
                ["id"] = "flow1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1", ["activities"] = new JsonArray(), ["connections"] = new JsonArray(),
            },
        },
        ["publish"] = null,
    };

    /// <summary>Creates a definition and returns it as Studio got it.</summary>
    public static async Task<JsonNode> CreateAsync(this RunningServer server, string name, params JsonObject[] activities)
    {
        var answer = await server.StudioPostAsync("workflow-definitions", CreateBody(name, Flow.Flowchart("flow1", activities)));
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
        return answer.Body!["workflowDefinition"]!;
    }

    /// <summary>A line of text, as the designer writes it.</summary>
    public static JsonObject Line(string id, string text = "hello") => Flow.Activity(id, "Elsa.WriteLine", new JsonObject
    {
        ["version"] = 1, ["name"] = id, ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 60, ["y"] = 120 } } },
        ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text } },
    });

    /// <summary>A wait for an event, so that an instance stays.</summary>
    public static JsonObject Wait(string id, string eventName = "go") => Flow.Activity(id, "Elsa.Event", new JsonObject
    {
        ["version"] = 1, ["name"] = id, ["eventName"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = eventName } },
    });

    /// <summary>Puts the latest version in force.</summary>
    public static async Task PublishAsync(this RunningServer server, string definitionId)
    {
        var answer = await server.StudioPostAsync($"workflow-definitions/{definitionId}/publish");
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
    }

    /// <summary>Runs the latest version as the designer does; the instance's id.</summary>
    public static async Task<string> RunAsync(this RunningServer server, string definitionId)
    {
        var answer = await server.StudioPostAsync($"workflow-definitions/{definitionId}/execute", new JsonObject { ["versionOptions"] = "Latest", ["correlationId"] = null, ["triggerActivityId"] = null, ["input"] = null });
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
        return answer.Header("x-elsa-workflow-instance-id") ?? throw new InvalidOperationException($"no instance id: {answer.Body}");
    }

    public static HttpStatusCode Code(this StudioAnswer answer) => (HttpStatusCode)answer.Status;
}
