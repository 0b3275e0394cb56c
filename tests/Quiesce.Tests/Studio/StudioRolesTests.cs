using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Access;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

public sealed class StudioRolesTests
{
    [Fact]
    public async Task One_who_may_only_look_sees_everything_read_only_and_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.CreateAsync("Mine", StudioClient.Line("say"));
        var key = await server.Host.Services.GetRequiredService<ApiKeys>().CreateAsync(new NewKey("looker", Roles.Viewer), "test", CancellationToken.None);
        using var viewer = new HttpClient { BaseAddress = server.Host.Url };
        viewer.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"ApiKey {key.Key}");

        var list = await server.StudioSendAsync(HttpMethod.Get, "workflow-definitions?versionOptions=Latest", null, client: viewer);
        Assert.DoesNotContain(list.Body!["links"]!.AsArray(), link => (string)link!["rel"]! == "bulk-publish");
        Assert.All(list.Body["items"]!.AsArray(), item => Assert.DoesNotContain(item!["links"]!.AsArray(), link => (string)link!["rel"]! == "publish"));
        var opened = await server.StudioSendAsync(HttpMethod.Get, "workflow-definitions/by-definition-id/mine?versionOptions=Latest", null, client: viewer);
        Assert.DoesNotContain(opened.Body!["links"]!.AsArray(), link => (string)link!["rel"]! == "publish");

        foreach (var path in (string[])["workflow-instances", "workflow-instances/x/journal", "activity-executions/report", "scripting/javascript/type-definitions/mine", "descriptors/activities/Quiesce.RunScript/options/Phase"])
            Assert.Equal(200, (await server.StudioSendAsync(HttpMethod.Post, path, "{}", client: viewer)).Status);
        foreach (var path in (string[])["workflow-definitions", "workflow-definitions/mine/publish", "workflow-definitions/mine/execute", "bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-actions/cancel/workflow-instances"])
            Assert.Equal(403, (await server.StudioSendAsync(HttpMethod.Post, path, StudioClient.SaveBody(made).ToJsonString(), client: viewer)).Status);
        Assert.Equal(403, (await server.StudioSendAsync(HttpMethod.Delete, "workflow-definitions/mine", null, client: viewer)).Status);
        Assert.Equal("Mine", (string)(await server.OpenAsync("mine"))["name"]!);
    }

    [Fact]
    public async Task A_stranger_is_told_to_log_in()
    {
        await using var server = await RunningServer.StartAsync();
        using var stranger = new HttpClient { BaseAddress = server.Host.Url };

        foreach (var path in (string[])["descriptors/activities", "workflow-definitions", "no/such/thing"])
            Assert.Equal(401, (await server.StudioSendAsync(HttpMethod.Get, path, null, client: stranger)).Status);
    }
}
