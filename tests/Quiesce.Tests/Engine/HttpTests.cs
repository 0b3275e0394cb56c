using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Engine.Activities;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Engine;

public class HttpTests
{
    private const string Answer = """{"id":"w","type":"Elsa.WriteHttpResponse","content":{"typeName":"Object","expression":{"type":"JavaScript","value":"getVariable('body').n + 1"}}}""";
    private const string Variable = """ "variables":[{"id":"body","name":"body","typeName":"Object"}] """;

    private static readonly HttpRequestData Request = new()
    {
        RequestId = "r1",
        Method = "POST",
        Path = "/orders/7",
        RouteData = new Dictionary<string, string> { ["id"] = "7" },
        Query = [new("a", "1"), new("a", "2")],
        Headers = [new("X-A", "b")],
        Body = HttpBody.Of("{\"n\":1}", "application/json"),
        ContentLength = 7,
        Form = [new("f", "g")],
        Files = [new("file", "a.txt", "text/plain", 3, [1, 2, 3])],
        User = "me",
    };

    [Fact]
    public void Request_survives_being_stored() =>
        Assert.True(JsonNode.DeepEquals(Request.ToJson(), HttpRequestData.FromJson(JsonNode.Parse(Request.ToJson().ToJsonString())!.AsObject()).ToJson()));

    [Fact]
    public void Reply_survives_being_stored()
    {
        var reply = new HttpReply
        {
            StatusCode = 200,
            Headers = [new("ETag", "v1")],
            Body = HttpBody.Of([1, 2], "image/png"),
            Failure = HttpFailure.None,
            Attempts = [new(1, TimeSpan.FromSeconds(2), 503, "busy")],
        };

        var read = HttpReply.FromInput(JsonNode.Parse(reply.ToInput().ToJsonString())!.AsObject());

        Assert.True(JsonNode.DeepEquals(reply.ToInput(), read.ToInput()));
        Assert.Equal(reply.Attempts, read.Attempts);
    }

    [Fact]
    public void Endpoint_in_the_middle_waits_at_a_bookmark_for_each_method_and_answers_the_request_that_resumes_it()
    {
        var instance = new StoredInstance(Workflow(Sequence(Endpoint("\"path\":\"/Orders/{id}\",\"authorize\":true,\"requestSizeLimit\":100"), Answer), Variable));
        instance.Start();

        Assert.Equal([HttpEndpoint.HashOf("/orders/{id}", "get"), HttpEndpoint.HashOf("/orders/{id}", "post")], instance.Bookmarks.Select(b => b.Hash));
        Assert.True((bool?)instance.Bookmarks[0].Payload!["authorize"]);
        Assert.Equal(100, (int?)instance.Bookmarks[0].Payload!["requestSizeLimit"]);
        var result = instance.Give(Stimulus.Resume("h", HttpEndpoint.HashOf("/orders/{id}", "POST")) with { Http = Request with { Form = null } });

        var response = Assert.IsType<RespondHttp>(Assert.Single(result.Effects));
        Assert.Equal(("r1", 200, "2", "application/json"), (response.RequestId, response.StatusCode, response.Body!.Text, response.Body.ContentType));
        Assert.Equal(WorkflowSubStatus.Finished, result.State.SubStatus);
    }

    [Fact]
    public void Endpoint_that_refuses_a_request_takes_the_next()
    {
        var instance = new StoredInstance(Workflow(Sequence(Endpoint("\"path\":\"/orders\""), Answer), Variable));
        instance.Start();
        var hash = HttpEndpoint.HashOf("/orders", "post");

        var refused = instance.Give(Stimulus.Resume("one", hash) with { Http = Request with { Form = null, Body = HttpBody.Of("{", "application/json") } });
        var taken = instance.Give(Stimulus.Resume("two", hash) with { Http = Request with { RequestId = "r2", Form = null } });

        Assert.Equal(400, Assert.IsType<RespondHttp>(Assert.Single(refused.Effects)).StatusCode);
        Assert.Equal(2, refused.Bookmarks.Count);
        Assert.Equal("r2", Assert.IsType<RespondHttp>(Assert.Single(taken.Effects)).RequestId);
    }

    [Fact]
    public void Two_requests_in_one_transaction_are_each_answered_by_their_own_burst()
    {
        var instance = new StoredInstance(Workflow(Sequence(Endpoint("\"path\":\"/a\""), Endpoint("\"path\":\"/b\""), Answer), Variable));
        instance.Start();

        var result = instance.Give(
            Stimulus.Resume("two", HttpEndpoint.HashOf("/b", "post")) with { Http = Request with { RequestId = "rb", Form = null } },
            Stimulus.Resume("one", HttpEndpoint.HashOf("/a", "post")) with { Http = Request with { RequestId = "ra", Form = null } });

        Assert.Equal(["one", "two"], result.Consumed);
        Assert.Equal("rb", Assert.IsType<RespondHttp>(Assert.Single(result.Effects)).RequestId);
    }

    [Fact]
    public void Retries_are_recorded_with_the_execution()
    {
        var instance = new StoredInstance(Workflow(Sequence("""{"id":"h","type":"Elsa.SendHttpRequest","url":"http://h/"}""")))
        {
            Http = _ => new() { StatusCode = 200, Attempts = [new(1, TimeSpan.FromSeconds(1), 503, "busy")] },
        };

        instance.RunToEnd(Stimulus.Start("s"));

        var record = instance.Executions.Last(e => e.ActivityId == "h");
        Assert.Equal(503, (int?)record.Properties!["RetryAttempts"]![0]!["statusCode"]);
        Assert.DoesNotContain("Authorization", record.ActivityState!.Select(p => p.Key));
    }

    [Theory]
    [InlineData(HttpBackoff.Constant, 3, 2)]
    [InlineData(HttpBackoff.Linear, 3, 6)]
    [InlineData(HttpBackoff.Exponential, 3, 8)]
    [InlineData(HttpBackoff.Exponential, 1_000, 86_400)]
    public void Wait_grows_as_the_strategy_says_and_not_beyond_a_day(HttpBackoff backoff, int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new HttpRetry("x", "x") { Delay = TimeSpan.FromSeconds(2), Backoff = backoff }.DelayAfter(attempt));

    private static string Endpoint(string members) =>
        $$$"""{"type":"Elsa.HttpEndpoint",{{{members}}},"supportedMethods":["GET","POST"],"parsedContent":{"typeName":"Object","memoryReference":{"id":"body"} } }""";
}
