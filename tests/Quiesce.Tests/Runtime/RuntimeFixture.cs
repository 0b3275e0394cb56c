using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Definitions;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;

namespace Quiesce.Tests.Runtime;

/// <summary>The real store, catalogue, triggers and runner, without guests and without HTTP. Starting again gives a second server on the same database.</summary>
public abstract class RuntimeFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiesce-runtime-");
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    protected Store Store { get; private set; } = null!;
    protected DefinitionCatalog Definitions { get; private set; } = null!;
    protected SessionRunner Runner { get; private set; } = null!;
    protected PublishedTriggers Triggers { get; private set; } = null!;
    protected TriggerTimers Timers { get; private set; } = null!;
    protected Instances Instances { get; private set; } = null!;
    protected ManualTime Time { get; } = new();
    protected static CancellationToken Ct => CancellationToken.None;

    public async Task InitializeAsync()
    {
        Store = await Store.OpenAsync(Path.Combine(_folder.FullName, "quiesce.db"), Time, Ct);
        var owner = await Store.RegisterOwnerAsync("test", TimeSpan.FromMinutes(5));
        await Store.RemoveOtherOwnersAsync(owner);
        Definitions = new DefinitionCatalog(Store, QuiesceActivities.Registry, null, Time);
        await Definitions.LoadAsync(Ct);
        Triggers = new PublishedTriggers(Definitions, NullLogger<PublishedTriggers>.Instance);
        Runner = new SessionRunner(Store, owner, Definitions.Find, Time, new RunnerOptions { Checkpoint = Pass }, NullLogger<SessionRunner>.Instance, Triggers.Find);
        Timers = new TriggerTimers(Triggers, Store, Runner, Time, NullLogger<TriggerTimers>.Instance);
        Instances = new Instances(Store, Runner, Definitions, Triggers.Find, Time);
        _stop = new CancellationTokenSource();
        _running = Runner.RunAsync(_stop.Token);
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Ends this server and starts the next one on what it left.</summary>
    protected async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    /// <summary>Told where the runner stands.</summary>
    protected virtual void Pass(string checkpoint)
    {
    }

    /// <summary>Publishes a workflow.</summary>
    /// <param name="root">Its root, as JSON.</param>
    /// <param name="more">Further members, as JSON.</param>
    protected Task DefineAsync(string id, string root, string more = "") => Definitions.ImportAsync(Engine.Documents.Text(root, more, id), id + ".json", Ct);

    protected async Task<StartedInstance> ExecuteAsync(string id, Func<StartInstance, StartInstance>? change = null)
    {
        StartInstance start = new() { DefinitionId = id, By = "test" };
        return await Instances.ExecuteAsync(change?.Invoke(start) ?? start, Ct);
    }

    protected Task<IReadOnlyList<InstanceSummary>> OfAsync(string definitionId) => Items(new InstanceQuery { DefinitionIds = [definitionId], PageSize = 1000, Descending = false });

    protected async Task<IReadOnlyList<InstanceSummary>> Items(InstanceQuery query) => (await Instances.ListAsync(query, Ct)).Items;

    protected Task EndedAsync(string instanceId) => UntilAsync(async () => (await Store.InstanceAsync(instanceId, Ct))!.FinishedAt is not null, $"instance {instanceId} ends");

    /// <summary>Waits until a condition holds.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
            try
            {
                await tick.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"waited a minute in vain: {what}");
            }
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Triggers.Dispose();
        Definitions.Dispose();
        await Store.DisposeAsync();
        _stop.Dispose();
    }
}
