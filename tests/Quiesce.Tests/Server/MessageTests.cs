using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Bus;
using Quiesce.Jobs;
using Quiesce.Storage;
using Quiesce.Tests.Documents;
using static Quiesce.Tests.Engine.Documents;

namespace Quiesce.Tests.Server;

/// <summary>Messages of the bus that start jobs, start and resume workflows, and are published by them.</summary>
public sealed class MessageTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    private Instances Instances => _server.Host.Services.GetRequiredService<Instances>();

    private IBus Bus => _server.Host.Services.GetRequiredService<IBus>();

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private async Task DefineAsync(string id, string root)
    {
        var (status, body) = await _server.PostAsync("api/workflows/import", Text(root, "", id));
        Assert.True(status == 200, body?.ToJsonString());
    }

    private async Task<IReadOnlyList<InstanceSummary>> OfAsync(string definitionId) => (await Instances.ListAsync(new InstanceQuery { DefinitionIds = [definitionId] }, CancellationToken.None)).Items;

    [Fact]
    public async Task A_message_starts_a_job_once_and_its_end_starts_the_workflow_that_listens_for_it()
    {
        Assert.Equal(200, (await _server.ApplyAsync(JobText.Plain)).Status);
        await DefineAsync("listens", Sequence("""{"id":"t","type":"Quiesce.Contracts.Bus.SessionEnded","customProperties":{"canStartWorkflow":true},"result":{"typeName":"Object","memoryReference":{"id":"r"}}}""",
            """{"type":"Elsa.SetName","value":{"typeName":"String","expression":{"type":"JavaScript","value":"`${getOutputFrom('t').job} ${getOutputFrom('t').result} by ${getOutputFrom('t').initiatedBy}`"}}}"""));
        await DefineAsync("per-machine", Sequence("""{"id":"t","type":"Quiesce.Contracts.Bus.TaskEnded","customProperties":{"canStartWorkflow":true}}"""));

        var message = NewId.NextGuid();
        await Bus.Publish(new StartJob("small"), context => context.MessageId = message);
        await Bus.Publish(new StartJob("small"), context => context.MessageId = message);
        await Bus.Publish(new StartJob("nobody"));

        await RunningServer.Until(async () => await OfAsync("listens") is [{ FinishedAt: not null }] && await OfAsync("per-machine") is [_, ..], "the listener to run");
        Assert.Equal("small Success by message", (await OfAsync("listens"))[0].Name);
        Assert.Single(await _server.Host.Services.GetRequiredService<Sessions>().ListAsync("small", 0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_workflow_publishes_a_message_that_another_waits_for()
    {
        await DefineAsync("waits", Sequence("""{"id":"m","type":"Quiesce.Contracts.Bus.StopJob"}"""));
        await DefineAsync("tells", Sequence("""{"type":"Quiesce.Contracts.Bus.PublishStopJob","message":{"typeName":"Object","expression":{"type":"JavaScript","value":"({ job: 'small', now: true })"}}}"""));
        var waiting = (await Instances.ExecuteAsync(new StartInstance { DefinitionId = "waits" }, CancellationToken.None)).InstanceId!;

        await Instances.ExecuteAsync(new StartInstance { DefinitionId = "tells" }, CancellationToken.None);

        await RunningServer.Until(async () => (await Instances.GetAsync(waiting, CancellationToken.None))!.FinishedAt is not null, "the one that waits to go on");
    }
}
