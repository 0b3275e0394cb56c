using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Definitions;
using Quiesce.Server.Hosting;
using Quiesce.Storage;
using Quiesce.Tests.Documents;

namespace Quiesce.Tests.Server;

public sealed class RestConventionsTests
{
    [Fact]
    public async Task A_list_comes_by_page_with_links_to_its_neighbours()
    {
        await using var server = await RunningServer.StartAsync();
        for (var number = 0; number < 5; number++)
            await server.PostAsync("api/machines", $$"""{ "name": "m{{number}}", "connect": "local" }""");

        using var response = await server.Client.GetAsync(new Uri("api/machines?page=1&pageSize=2", UriKind.Relative));
        var page = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal((5, 1, 2), ((int)page["total"]!, (int)page["page"]!, (int)page["pageSize"]!));
        Assert.Equal(["m2", "m3"], page["items"]!.AsArray().Select(item => (string?)item!["name"]));
        var link = Assert.Single(response.Headers.GetValues("Link"));
        foreach (var (number, relation) in new[] { (0, "first"), (0, "prev"), (2, "next"), (2, "last") })
            Assert.Contains($"</api/machines?page={number}&pageSize=2>; rel=\"{relation}\"", link, StringComparison.Ordinal);
        Assert.Empty((await server.GetAsync("api/machines?page=9", RestJson.Default.PageOfMachineSummary)).Items);
    }

    [Theory]
    [InlineData("api/jobs?page=-1")]
    [InlineData("api/machines?pageSize=0")]
    [InlineData("api/restore-points?pageSize=501")]
    [InlineData("api/workflows?page=x")]
    [InlineData("api/keys?pageSize=100000")]
    [InlineData("api/audit?page=-1")]
    [InlineData("api/leftovers?pageSize=-5")]
    [InlineData("api/instances?page=99999999999")]
    [InlineData("api/instances?status=Maybe")]
    public async Task A_page_that_no_list_has_is_refused(string path)
    {
        await using var server = await RunningServer.StartAsync();

        var (status, problem) = await server.SendAsync(HttpMethod.Get, path);

        Assert.Equal((400, "invalid"), (status, (string?)problem!["code"]));
    }

    [Theory]
    [InlineData("GET", "api/nothing", null, 404, "not-found")]
    [InlineData("GET", "nothing", null, 404, "not-found")]
    [InlineData("PUT", "api/jobs", null, 405, "method-not-allowed")]
    [InlineData("PATCH", "api/settings", null, 405, "method-not-allowed")]
    [InlineData("POST", "api/keys", "text/plain", 415, "unsupported-media-type")]
    [InlineData("POST", "api/keys", "application/json", 400, "invalid")]
    public async Task Whatever_is_wrong_is_a_problem_document_with_a_code(string method, string path, string? type, int expected, string code)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (type is not null)
            request.Content = new StringContent("no json", Encoding.UTF8, type);

        using var response = await server.Client.SendAsync(request);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(("application/problem+json", expected, code, expected), (response.Content.Headers.ContentType!.MediaType, (int)response.StatusCode, (string?)problem["code"], (int)problem["status"]!));
        foreach (var member in new[] { "type", "title", "detail", "instance" })
            Assert.False(string.IsNullOrWhiteSpace((string?)problem[member]), member);
    }

    [Fact]
    public async Task Options_names_the_methods_and_head_answers_without_a_body()
    {
        await using var server = await RunningServer.StartAsync();

        using var options = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, new Uri("api/jobs", UriKind.Relative)));
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Superset(new HashSet<string>(["GET", "POST", "OPTIONS"]), options.Content.Headers.Allow.ToHashSet());
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("api/jobs", UriKind.Relative)));
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task Answers_are_kept_by_nobody_and_large_ones_are_compressed()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/workflows/machine-snapshot/export", UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("br, gzip");

        using var response = await server.Client.SendAsync(request);

        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Settings_change_only_from_what_was_read()
    {
        await using var server = await RunningServer.StartAsync();
        using var first = await server.Client.GetAsync(new Uri("api/settings", UriKind.Relative));
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, (await ConditionalAsync(server, HttpMethod.Get, "api/settings", ifNoneMatch: tag.Tag)).StatusCode);

        using var changed = await ConditionalAsync(server, HttpMethod.Put, "api/settings", tag.Tag, body: """{ "sessionWeeks": 8 }""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag.Tag, changed.Headers.ETag!.Tag);
        using var stale = await ConditionalAsync(server, HttpMethod.Put, "api/settings", tag.Tag, body: """{ "sessionWeeks": 1 }""");
        var problem = JsonNode.Parse(await stale.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.PreconditionFailed, "precondition-failed"), (stale.StatusCode, (string?)problem["code"]));
        Assert.Contains("by 'local'", (string?)problem["detail"], StringComparison.Ordinal);
        var kept = await server.GetAsync("api/settings", RestJson.Default.ServerSettings);
        Assert.Equal((8, 365), (kept.SessionWeeks, kept.AuditDays));
        Assert.Equal(400, (await server.SendAsync(HttpMethod.Put, "api/settings", """{ "auditDays": -1 }""")).Status);
    }

    [Theory]
    [InlineData("jobs/small")]
    [InlineData("machines/m1")]
    public async Task What_was_changed_since_it_was_read_is_not_changed_blindly(string resource)
    {
        await using var server = await RunningServer.StartAsync();
        await server.ApplyAsync(JobText.Smallest);
        await server.PostAsync("api/machines", """{ "name": "m1", "connect": "local" }""");
        var path = resource.StartsWith("workflows", StringComparison.Ordinal) ? $"api/{resource}/export" : $"api/{resource}";
        using var read = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True(read.Headers.ETag is not null, $"{path} has no ETag: {await read.Content.ReadAsStringAsync()}");
        Assert.Equal(HttpStatusCode.NotModified, (await ConditionalAsync(server, HttpMethod.Get, path, ifNoneMatch: read.Headers.ETag.Tag)).StatusCode);

        using var stale = await ConditionalAsync(server, HttpMethod.Delete, $"api/{resource}", "\"something-older\"");

        Assert.Equal((HttpStatusCode.PreconditionFailed, "precondition-failed"), (stale.StatusCode, (string?)JsonNode.Parse(await stale.Content.ReadAsStringAsync())!["code"]));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_job_read_by_two_is_not_overwritten_by_the_second()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ApplyAsync(JobText.Smallest);
        using var read = await server.Client.GetAsync(new Uri("api/jobs/small", UriKind.Relative));
        var tag = read.Headers.ETag!.Tag;
        var body = System.Text.Json.JsonSerializer.Serialize(JobText.Apply(JobText.Smallest), RestJson.Default.ApplyJob);

        Assert.Equal(HttpStatusCode.OK, (await ConditionalAsync(server, HttpMethod.Post, "api/jobs", tag, body: body)).StatusCode);
        using var second = await ConditionalAsync(server, HttpMethod.Post, "api/jobs", tag, body: body);

        Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
        Assert.Contains("jobs/small was changed by 'local'", (string?)JsonNode.Parse(await second.Content.ReadAsStringAsync())!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_idempotency_key_is_the_same_answer_for_a_day_and_for_nothing_else()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartAsync(change: options => options with { Time = time });
        server.Guest.Hold(Verbs.PrepareGuest);
        await server.ApplyAsync(JobText.Smallest);
        await server.ApplyAsync(JobText.Smallest.Replace("small", "other", StringComparison.Ordinal));

        var first = await server.PostAsync("api/jobs/small/start", idempotencyKey: "tonight");
        Assert.Equal(202, first.Status);
        time.Advance(TimeSpan.FromHours(23));
        var again = await server.PostAsync("api/jobs/small/start", idempotencyKey: "tonight");
        var abused = await server.PostAsync("api/jobs/other/start", idempotencyKey: "tonight");

        Assert.Equal((202, first.Body!.ToJsonString()), (again.Status, again.Body!.ToJsonString()));
        Assert.Equal((422, "idempotency-key-reused"), (abused.Status, (string?)abused.Body!["code"]));
        Assert.Equal(400, (await server.PostAsync("api/jobs/small/start", idempotencyKey: new string('x', 201))).Status);
    }

    [Fact]
    public async Task Sessions_are_forgotten_when_their_weeks_are_over_and_the_audit_remembers_them()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartAsync(change: options => options with { Time = time });
        var session = await server.StartJobAsync();
        await server.EndOfAsync(session);
        await server.SendAsync(HttpMethod.Put, "api/settings", """{ "sessionWeeks": 2, "auditDays": 0 }""");
        var retention = server.Host.Services.GetRequiredService<Retention>();

        time.Jump(TimeSpan.FromDays(13));
        Assert.Equal(0, await retention.KeepToAsync(CancellationToken.None));
        time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(1, await retention.KeepToAsync(CancellationToken.None));

        Assert.Equal(404, (await server.SendAsync(HttpMethod.Get, $"api/sessions/{session}")).Status);
        var record = Assert.Single(await server.ListAsync($"api/audit?subject=sessions/{session}", RestJson.Default.PageOfAuditEntry));
        Assert.Equal(("system", "ForgetSession", "done"), (record.By, record.Action, record.Outcome));
        Assert.Contains("job small, Success", record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_is_deleted_when_it_has_ended_and_not_before()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        var running = await server.StartJobAsync();
        Assert.Equal(409, (await server.SendAsync(HttpMethod.Delete, $"api/sessions/{running}")).Status);
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, "api/sessions/none")).Status);
    }

    [Fact]
    public async Task An_answer_is_remembered_over_a_restart()
    {
        var first = await RunningServer.StartAsync();
        first.Guest.Hold(Verbs.PrepareGuest);
        await first.ApplyAsync(JobText.Smallest);
        var answer = await first.PostAsync("api/jobs/small/start", idempotencyKey: "tonight");
        await first.StopAsync();

        var guest = new SimulatedGuest();
        guest.Hold(Verbs.PrepareGuest);
        await using var second = await RunningServer.StartAsync(first.Folder, guest: guest);
        var again = await second.PostAsync("api/jobs/small/start", idempotencyKey: "tonight");

        Assert.Equal((202, answer.Body!.ToJsonString()), (again.Status, again.Body!.ToJsonString()));
    }

    [Fact]
    public async Task Many_who_ask_at_once_with_one_key_start_one_session()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        await server.ApplyAsync(JobText.Smallest);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.PostAsync("api/jobs/small/start", idempotencyKey: "tonight")));

        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        Assert.Single(answers.Select(answer => (string?)answer.Body!["sessionId"]).Distinct());
    }

    [Fact]
    public async Task What_is_left_at_a_guest_is_listed_and_an_attempt_now_is_made()
    {
        await using var server = await RunningServer.StartAsync();
        var store = server.Host.Services.GetRequiredService<Store>();
        var session = await server.StartJobAsync();
        await server.EndOfAsync(session);
        var (_, point) = (0, Assert.Single(await store.RestorePointsAsync(null, null, session, CancellationToken.None)));
        var payload = new JsonObject { ["id"] = "runtime", ["text"] = "remove the runtime", ["guest"] = JsonNode.Parse(point.Guest), ["body"] = new JsonObject() };
        using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={store.Path}"))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = "INSERT INTO obligations (id, instance_id, session_id, machine, kind, payload, sequence, created_at, attempts, next_attempt_at, last_error, state) VALUES ('left-1', 'i', $session, 'm1', 'ReleaseGuest', $payload, 1, 0, 5, NULL, 'GP-UNREACHABLE: no answer', 'Leftover')";
            command.Parameters.AddWithValue("$session", session);
            command.Parameters.AddWithValue("$payload", payload.ToJsonString());
            command.ExecuteNonQuery();
        }

        var left = Assert.Single(await server.ListAsync("api/leftovers?machine=m1", RestJson.Default.PageOfLeftoverSummary));
        Assert.Equal(("left-1", session, "remove the runtime", 5, (DateTimeOffset?)null), (left.Id, left.Session, left.Text, left.Attempts, left.NextAttemptAt));
        Assert.Empty(await server.ListAsync("api/leftovers?machine=other", RestJson.Default.PageOfLeftoverSummary));
        Assert.Equal(404, (await server.PostAsync("api/leftovers/none/retry")).Status);

        var (status, retried) = await server.PostAsync("api/leftovers/left-1/retry");
        Assert.Equal(200, status);
        Assert.Equal((bool)retried!["done"]! ? 0 : 1, (await server.ListAsync("api/leftovers", RestJson.Default.PageOfLeftoverSummary)).Count);
        Assert.Equal("RetryLeftover", Assert.Single(await server.ListAsync("api/audit?subject=leftovers/left-1", RestJson.Default.PageOfAuditEntry)).Action);
    }

    [Fact]
    public async Task Instances_are_listed_looked_into_and_found_or_not()
    {
        await using var server = await RunningServer.StartAsync();
        var session = await server.StartJobAsync();
        await server.EndOfAsync(session);

        var instances = await server.ListAsync($"api/instances?session={session}", RestJson.Default.PageOfWorkflowInstance);
        Assert.Equal(["job-session", "machine-snapshot"], instances.Select(instance => instance.DefinitionId).Order());
        var (_, shown) = await server.SendAsync(HttpMethod.Get, $"api/instances/{session}");
        Assert.Equal(("Finished", true), ((string?)shown!["status"], shown["state"] is JsonObject));
        Assert.True((await server.GetAsync($"api/instances/{session}/journal", RestJson.Default.PageOfJsonObject)).Total > 0);
        Assert.Equal(409, (await server.PostAsync($"api/instances/{session}/cancel")).Status);
        foreach (var (method, path) in new[] { (HttpMethod.Get, "api/instances/none"), (HttpMethod.Get, "api/instances/none/journal"), (HttpMethod.Post, "api/instances/none/cancel"), (HttpMethod.Post, "api/instances/none/retry"), (HttpMethod.Delete, "api/instances/none") })
            Assert.Equal(404, (await server.SendAsync(method, path)).Status);
        Assert.Equal(400, (await server.PostAsync("api/instances", "{}")).Status);
    }

    [Fact]
    public async Task Proxies_are_those_that_the_composer_made_known()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Empty(await server.ListAsync("api/proxies", RestJson.Default.PageOfProxySummary));
    }

    [Fact]
    public async Task The_server_tells_what_runs_and_how_much_there_is()
    {
        await using var server = await RunningServer.StartAsync();
        await server.EndOfAsync(await server.StartJobAsync());

        var facts = await server.GetAsync("api/server", RestJson.Default.ServerFacts);

        Assert.Equal((server.Folder, "in-memory", 1, 1, 0, 1, 2), (facts.DataFolder, facts.Bus, facts.Counts.Jobs, facts.Counts.Sessions, facts.Counts.RunningSessions, facts.Counts.RestorePoints, facts.Counts.Keys));
        Assert.Equal(server.Host.Services.GetRequiredService<DefinitionCatalog>().List().Count, facts.Counts.Workflows);
        Assert.True(facts is { DataBytes: > 0, FreeBytes: > 0, UptimeSeconds: >= 0 });
    }

    private static async Task<HttpResponseMessage> ConditionalAsync(RunningServer server, HttpMethod method, string path, string? ifMatch = null, string? ifNoneMatch = null, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await server.Client.SendAsync(request);
    }
}
