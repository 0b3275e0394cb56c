using System.Net;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Tests.Documents;

namespace Quiesce.Tests.Server;

public sealed class KeysApiTests
{
    [Fact]
    public async Task A_key_is_made_shown_once_used_and_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        var (status, made) = await server.PostAsync("api/keys", """{ "name": "nightly", "role": "operator" }""");
        Assert.Equal((201, "operator"), (status, (string?)made!["role"]));
        using var client = new HttpClient { BaseAddress = server.Host.Url };
        client.DefaultRequestHeaders.Add("Authorization", $"ApiKey {(string?)made["key"]}");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "api/jobs"));
        var listed = (await server.ListAsync("api/keys", RestJson.Default.PageOfKeySummary)).Single(key => key.Name == "nightly");
        Assert.Equal(("operator", "local", true), (listed.Role, listed.CreatedBy, listed.LastUsed is not null));
        Assert.DoesNotContain("\"key\"", (await server.SendAsync(HttpMethod.Get, "api/keys")).Body!.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"api/keys/{listed.Id}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, HttpMethod.Get, "api/jobs"));
    }

    [Theory]
    [InlineData("viewer", "GET", "api/jobs", HttpStatusCode.OK)]
    [InlineData("viewer", "POST", "api/workflows/validate", HttpStatusCode.BadRequest)]
    [InlineData("viewer", "POST", "api/jobs/none/start", HttpStatusCode.Forbidden)]
    [InlineData("viewer", "DELETE", "api/jobs/none", HttpStatusCode.Forbidden)]
    [InlineData("viewer", "GET", "api/keys", HttpStatusCode.Forbidden)]
    [InlineData("operator", "POST", "api/jobs/none/start", HttpStatusCode.NotFound)]
    [InlineData("operator", "GET", "api/keys", HttpStatusCode.Forbidden)]
    [InlineData("operator", "POST", "api/keys", HttpStatusCode.Forbidden)]
    [InlineData("operator", "PUT", "api/settings", HttpStatusCode.Forbidden)]
    [InlineData("operator", "GET", "api/audit", HttpStatusCode.Forbidden)]
    [InlineData("administrator", "GET", "api/audit", HttpStatusCode.OK)]
    public async Task A_role_covers_what_it_says(string role, string method, string path, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync();
        using var client = await server.ClientOfAsync(role);

        Assert.Equal(expected, await StatusAsync(client, new HttpMethod(method), path));
    }

    [Theory]
    [InlineData("""{ "name": "x", "role": "root" }""", 400, "invalid")]
    [InlineData("""{ "name": "", "role": "viewer" }""", 400, "invalid")]
    [InlineData("""{ "name": "a\nb", "role": "viewer" }""", 400, "invalid")]
    [InlineData("""{ "name": "x" }""", 400, "invalid")]
    [InlineData("""{ "name": "local", "role": "viewer" }""", 409, "conflict")]
    [InlineData("""{ "name": "System", "role": "viewer" }""", 409, "conflict")]
    [InlineData("""{ "name": "Administrator", "role": "viewer" }""", 409, "conflict")]
    public async Task A_key_that_could_not_be_told_from_others_is_refused(string body, int expected, string code)
    {
        await using var server = await RunningServer.StartAsync();

        var (status, problem) = await server.PostAsync("api/keys", body);

        Assert.Equal((expected, code), (status, (string?)problem!["code"]));
    }

    [Fact]
    public async Task The_last_administrator_key_and_the_machines_own_cannot_be_deleted()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(409, (await server.SendAsync(HttpMethod.Delete, "api/keys/administrator")).Status);
        Assert.Equal(409, (await server.SendAsync(HttpMethod.Delete, "api/keys/local")).Status);
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, "api/keys/none")).Status);
        await server.PostAsync("api/keys", """{ "name": "second", "role": "administrator" }""");
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, "api/keys/administrator")).Status);
        Assert.Equal(409, (await server.SendAsync(HttpMethod.Delete, "api/keys/second")).Status);
    }

    [Fact]
    public async Task What_a_deleted_key_opened_ends_with_it()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        var session = await server.StartJobAsync();
        using var watcher = await server.ClientOfAsync(Roles.Viewer, "watcher");
        using var answer = await watcher.GetAsync(new Uri($"api/sessions/{session}/watch", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        Assert.True(await stream.ReadAsync(new byte[16]) > 0);
        using var browser = new Browser(server.Host.Url!);
        var made = await server.PostAsync("api/keys", """{ "name": "visitor", "role": "viewer" }""");
        await browser.LogInAsync((string)made.Body!["key"]!);

        await server.SendAsync(HttpMethod.Delete, "api/keys/watcher");
        await server.SendAsync(HttpMethod.Delete, "api/keys/visitor");

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer) > 0)
            {
            }

            throw new IOException("it ended");
        });
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("api/jobs")).StatusCode);
    }

    [Fact]
    public async Task Sessions_and_the_audit_say_whose_key_it_was()
    {
        await using var server = await RunningServer.StartAsync();
        server.Guest.Hold(Verbs.PrepareGuest);
        await server.ApplyAsync(JobText.Smallest);
        using var nightly = await server.ClientOfAsync(Roles.Operator, "nightly");
        using var viewer = await server.ClientOfAsync(Roles.Viewer, "onlooker");

        await nightly.PostAsync(new Uri("api/jobs/small/start", UriKind.Relative), null);
        await viewer.PostAsync(new Uri("api/jobs/small/stop", UriKind.Relative), null);
        await nightly.PostAsync(new Uri("api/jobs/small/start", UriKind.Relative), null);
        await viewer.GetAsync(new Uri("api/jobs", UriKind.Relative));

        Assert.Equal("nightly", Assert.Single(await server.ListAsync("api/sessions", RestJson.Default.PageOfSessionSummary)).InitiatedBy);
        var audit = await server.ListAsync("api/audit?subject=jobs/small", RestJson.Default.PageOfAuditEntry);
        Assert.Equal([("nightly", "StartJob", "conflict"), ("onlooker", "StopJob", "forbidden"), ("nightly", "StartJob", "done"), ("local", "ApplyJob", "done")], audit.Select(entry => (entry.By, entry.Action, entry.Outcome)));
        Assert.Equal(2, (await server.GetAsync("api/audit?by=nightly", RestJson.Default.PageOfAuditEntry)).Total);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var response = await client.SendAsync(request);
        if (!response.IsSuccessStatusCode)
            Assert.NotNull((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]);
        return response.StatusCode;
    }
}
