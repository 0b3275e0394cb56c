using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Jobs;
using Quiesce.Storage;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Server;

/// <summary>Workflows behind HTTP, and workflows that ask over HTTP, with a real server on a port.</summary>
public sealed class WorkflowEndpointTests : IAsyncLifetime
{
    private const string Answer = """{"id":"answer","type":"Elsa.WriteHttpResponse","statusCode":{"typeName":"HttpStatusCode","expression":{"type":"Literal","value":"Created"}},"content":{"typeName":"Object","expression":{"type":"JavaScript","value":"`hello ${getOutputFrom('ask', 'RouteData').who}`"}},"contentType":"text/html"}""";
    private RunningServer _server = null!;
    private HttpClient _stranger = null!;

    private Instances Instances => _server.Host.Services.GetRequiredService<Instances>();

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        _stranger = new HttpClient { BaseAddress = _server.Host.Url };
    }

    public async Task DisposeAsync()
    {
        _stranger.Dispose();
        await _server.DisposeAsync();
    }

    private static string Endpoint(string path, string more = "", string id = "ask", bool starts = true)
    {
        var endpoint = new JsonObject
        {
            ["id"] = id, ["type"] = "Elsa.HttpEndpoint", ["path"] = path,
            ["supportedMethods"] = new JsonObject { ["typeName"] = "String[]", ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = """["GET","POST"]""" } },
            ["customProperties"] = new JsonObject { ["canStartWorkflow"] = starts },
        };
        foreach (var (name, value) in JsonNode.Parse($"{{{more}}}")!.AsObject())
            endpoint[name] = value?.DeepClone();
        return endpoint.ToJsonString();
    }

    private async Task DefineAsync(string id, string root)
    {
        var (status, body) = await _server.PostAsync("api/workflows/import", Text(root, "", id));
        Assert.True(status == 200, body?.ToJsonString());
    }

    private Task<HttpResponseMessage> AskAsync(string path, HttpMethod? method = null, string? body = null, string type = "application/json")
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri("workflows/" + path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        return _stranger.SendAsync(request);
    }

    private async Task<IReadOnlyList<InstanceSummary>> OfAsync(string definitionId) => (await Instances.ListAsync(new InstanceQuery { DefinitionIds = [definitionId] }, CancellationToken.None)).Items;

    [Fact]
    public async Task A_request_starts_the_workflow_that_answers_it_and_nobody_needs_a_key_unless_the_workflow_says_so()
    {
        await DefineAsync("greets", Sequence(Endpoint("greet/{who}"), Answer));

        using var response = await AskAsync("greet/Ada");

        Assert.Equal((HttpStatusCode.Created, "hello Ada"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        // A page made by a workflow is a stranger on the console's own address.
        Assert.StartsWith("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var instance = response.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        Assert.Equal("Finished", (await Instances.GetAsync(instance, CancellationToken.None))!.SubStatus);
        using var nobody = await AskAsync("greet");
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        using var wrong = await AskAsync("greet/Ada", HttpMethod.Delete);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
    }

    [Fact]
    public async Task With_authorize_a_key_of_the_right_role_is_needed()
    {
        await DefineAsync("closed", Sequence(Endpoint("closed/{who}", """ "authorize":true """), Answer));
        await DefineAsync("odd", Sequence(Endpoint("odd/{who}", """ "authorize":true,"policy":"chief" """), Answer));

        using var stranger = await AskAsync("closed/Ada");
        using var known = await _server.Client.GetAsync(new Uri("workflows/closed/Ada", UriKind.Relative));
        using var odd = await _server.Client.GetAsync(new Uri("workflows/odd/Ada", UriKind.Relative));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Created, HttpStatusCode.Forbidden), (stranger.StatusCode, known.StatusCode, odd.StatusCode));
        Assert.Single(await OfAsync("closed"));
    }

    [Fact]
    public async Task A_workflow_that_writes_no_answer_is_200_when_it_ended_202_when_it_waits_and_500_when_it_failed()
    {
        await DefineAsync("ends", Sequence(Endpoint("ends"), Line("x")));
        await DefineAsync("waits", Sequence(Endpoint("waits"), Event("go")));
        await DefineAsync("fails", Sequence(Endpoint("fails"), """{"type":"Elsa.Fault","message":"on purpose"}"""));

        using var ended = await AskAsync("ends");
        using var waiting = await AskAsync("waits");
        using var failed = await AskAsync("fails");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.InternalServerError), (ended.StatusCode, waiting.StatusCode, failed.StatusCode));
        Assert.NotEmpty(waiting.Headers.GetValues("x-elsa-workflow-instance-id").Single());
        Assert.Contains("instance", await failed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_request_resumes_the_instance_that_waits_for_it_and_two_that_wait_cannot_be_told_apart()
    {
        await DefineAsync("later", Sequence(Event("never mind"), Line("x")));
        await DefineAsync("two", Sequence(Endpoint("first"), Endpoint("second/{who}", "", "ask2", false), Answer.Replace("'ask'", "'ask2'", StringComparison.Ordinal)));
        using var first = await AskAsync("first");
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);

        using var second = await AskAsync("second/Grace");
        Assert.Equal((HttpStatusCode.Created, "hello Grace"), (second.StatusCode, await second.Content.ReadAsStringAsync()));
        using var third = await AskAsync("second/Grace");
        Assert.Equal(HttpStatusCode.NotFound, third.StatusCode);

        using var a = await AskAsync("first");
        using var b = await AskAsync("first");
        using var ambiguous = await AskAsync("second/Grace");
        Assert.Equal(HttpStatusCode.InternalServerError, ambiguous.StatusCode);
        using var named = await AskAsync("second/Grace?workflowInstanceId=" + a.Headers.GetValues("x-elsa-workflow-instance-id").Single());
        Assert.Equal(HttpStatusCode.Created, named.StatusCode);
    }

    [Fact]
    public async Task What_is_too_large_or_not_JSON_is_refused_as_the_endpoint_says()
    {
        await DefineAsync("small", Sequence(Endpoint("small", """ "requestSizeLimit":100 """), Answer));

        using var large = await AskAsync("small", HttpMethod.Post, new string('x', 500), "text/plain");
        using var broken = await AskAsync("small", HttpMethod.Post, "{ not json");
        // Who asks before sending is spared the sending.
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("workflows/small", UriKind.Relative)) { Content = new StringContent(new string('x', 17 << 20)) };
        request.Headers.ExpectContinue = true;
        using var huge = await _stranger.SendAsync(request);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge), (large.StatusCode, broken.StatusCode, huge.StatusCode));
    }

    [Fact]
    public async Task A_workflow_asks_another_over_http_and_goes_on_with_the_answer()
    {
        await DefineAsync("greets", Sequence(Endpoint("greet/{who}"), Answer));
        await DefineAsync("asks", Sequence(
            Endpoint("asks"),
            """{"id":"send","type":"Elsa.FlowSendHttpRequest","url":"URL","expectedStatusCodes":{"typeName":"Int32[]","expression":{"type":"Object","value":"[201]"}}}""".Replace("URL", $"{_server.Host.Url}workflows/greet/Alan", StringComparison.Ordinal),
            """{"id":"answer","type":"Elsa.WriteHttpResponse","content":{"typeName":"Object","expression":{"type":"JavaScript","value":"`they said ${getOutputFrom('send', 'ParsedContent')}`"}}}"""));

        using var response = await AskAsync("asks");

        // The request that waits is answered several bursts later, once the other server has spoken.
        Assert.Equal((HttpStatusCode.OK, "they said hello Alan"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_hostile_workflow_stops_with_an_incident_while_others_go_on()
    {
        await DefineAsync("hostile", """{"id":"js","type":"Elsa.RunJavaScript","script":{"typeName":"String","expression":{"type":"Literal","value":"while (true) { }"}}}""");
        await DefineAsync("hungry", """{"id":"js","type":"Elsa.RunJavaScript","script":{"typeName":"String","expression":{"type":"Literal","value":"const all = []; while (true) { all.push('x'.repeat(100000)); }"}}}""");
        await DefineAsync("endless", """{"id":"loop","type":"Elsa.While","condition":{"typeName":"Boolean","expression":{"type":"Literal","value":"true"}},"body":{"type":"Elsa.SetName","value":"x"}}""");
        await DefineAsync("greets", Sequence(Endpoint("greet/{who}"), Answer));
        foreach (var id in new[] { "hostile", "hostile", "hostile", "hungry", "endless" })
            await Instances.ExecuteAsync(new StartInstance { DefinitionId = id, Dispatch = true }, CancellationToken.None);

        var session = await _server.StartJobAsync();
        for (var n = 0; n < 20; n++)
        {
            using var response = await AskAsync($"greet/{n}");
            Assert.Equal($"hello {n}", await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(Contracts.Rest.Result.Success, (await _server.EndOfAsync(session)).Result);
        foreach (var id in new[] { "hostile", "hungry", "endless" })
            await RunningServer.Until(async () => (await OfAsync(id)).All(instance => instance is { SubStatus: "Faulted", IncidentCount: > 0 }), $"{id} faults");
    }
}
