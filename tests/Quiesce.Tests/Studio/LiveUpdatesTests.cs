using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Server.Studio.Live;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Studio;

public sealed class LiveUpdatesTests
{
    private const string Stats = """
        { "stats": [{ "activityId": "s", "activityNodeId": "s", "startedCount": "i", "completedCount": "i", "uncompletedCount": "i", "isBlocked": "b", "isFaulted": "b", "metadata": "o" }] }
        """;

    [Fact]
    public async Task Four_connections_of_a_viewer_are_told_of_each_step_and_of_the_end()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await WaitingAsync(server);
        var viewers = new List<HubClient>();
        for (var i = 0; i < 4; i++)
            viewers.Add(await HubClient.OpenAsync(server));
        foreach (var viewer in viewers)
            await viewer.ObserveAsync(id);

        Assert.Equal(200, (await server.StudioPostAsync("events/go/trigger", new JsonObject { ["correlationId"] = null })).Status);

        foreach (var viewer in viewers)
        {
            var stats = await viewer.NextCallAsync("ActivityExecutionLogUpdatedAsync", call => call[0]!["stats"]!.AsArray().Any(one => (string)one!["activityId"]! == "after" && (int)one["completedCount"]! == 1));
            Shape.Check(stats[0], Stats, "stats");
            Assert.IsType<JsonObject>((await viewer.NextCallAsync("WorkflowExecutionLogUpdatedAsync"))[0]);
            Assert.Equal(id, (string)(await viewer.NextCallAsync("WorkflowInstanceUpdatedAsync"))[0]!["workflowInstanceId"]!);
            await viewer.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_comes_late_is_told_once_at_once_and_others_instances_are_not_told()
    {
        await using var server = await RunningServer.StartAsync();
        var (mine, other) = (await WaitingAsync(server), await server.RunAsync("waiting"));
        await using var viewer = await HubClient.OpenAsync(server);
        await viewer.ObserveAsync(mine);
        Assert.Equal(mine, (string)(await viewer.NextCallAsync("WorkflowInstanceUpdatedAsync"))[0]!["workflowInstanceId"]!);

        await server.StudioPostAsync($"cancel/workflow-instances/{other}");
        await server.StudioPostAsync($"cancel/workflow-instances/{mine}");

        Assert.Equal(mine, (string)(await viewer.NextCallAsync("WorkflowInstanceUpdatedAsync"))[0]!["workflowInstanceId"]!);
    }

    [Fact]
    public async Task Nothing_is_kept_of_an_instance_when_its_last_viewer_is_gone()
    {
        await using var server = await RunningServer.StartAsync();
        var watchers = server.Host.Services.GetRequiredService<Watchers>();
        var (first, second) = (await HubClient.OpenAsync(server), await HubClient.OpenAsync(server));
        await first.ObserveAsync("one");
        await first.ObserveAsync("one");
        await second.ObserveAsync("one");
        await second.ObserveAsync("two");
        Assert.Equal(2, watchers.Instances);

        await second.DisposeAsync();
        await RunningServer.Until(() => watchers.Instances == 1, "the second viewer to be gone");
        await first.DisposeAsync();
        await RunningServer.Until(() => watchers.Instances == 0, "the first viewer to be gone");
    }

    [Fact]
    public async Task A_stranger_gets_no_connection()
    {
        await using var server = await RunningServer.StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => HubClient.OpenAsync(server, "qk_wrong"));
        using var stranger = new HttpClient { BaseAddress = server.Host.Url };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync(new Uri("elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", UriKind.Relative), null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostAsync(new Uri("elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", UriKind.Relative), null)).StatusCode);
    }

    private static async Task<string> WaitingAsync(RunningServer server)
    {
        var made = await server.StudioPostAsync("workflow-definitions", StudioClient.CreateBody("Waiting", Definitions.Flow.Flowchart("flow1", [StudioClient.Wait("wait"), StudioClient.Line("after")], "wait:Done>after")));
        Assert.True(made.Status == 200, $"{made.Body}");
        await server.PublishAsync("waiting");
        return await server.RunAsync("waiting");
    }
}
