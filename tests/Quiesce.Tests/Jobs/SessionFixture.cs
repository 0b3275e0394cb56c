using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Activities;
using Quiesce.Storage;

namespace Quiesce.Tests.Jobs;

/// <summary>The shipped workflows, the real store and the real runner, with simulated guests.</summary>
public abstract class SessionFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quiesce-session-");
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, WorkflowGraph> _graphs = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;

    protected Store Store { get; private set; } = null!;
    protected SessionRunner Runner { get; private set; } = null!;
    protected Sessions Sessions { get; private set; } = null!;
    protected SimulatedGuests Guests { get; } = new();
    protected SimulatedLink Link { get; private set; } = null!;
    protected Owner Owner { get; private set; } = null!;
    protected string Folder => _folder.FullName;
    protected static CancellationToken Ct => CancellationToken.None;
    /// <summary>The clock of everything.</summary>
    protected virtual TimeProvider Time => TimeProvider.System;
    /// <summary>How often the runner looks for what nobody woke it for.</summary>
    protected virtual TimeSpan Poll => TimeSpan.FromMilliseconds(100);

    public virtual async Task InitializeAsync()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "workflows"), "*.json"))
        {
            var graph = WorkflowGraph.Compile(WorkflowDefinition.Read(await File.ReadAllTextAsync(file), file), QuiesceActivities.Registry);
            _graphs[graph.Definition.Id] = _graphs[graph.Definition.DefinitionId] = graph;
        }

        Store = await Store.OpenAsync(Path.Combine(Folder, "quiesce.db"), Time, Ct);
        Owner = await Store.RegisterOwnerAsync("test", TimeSpan.FromMinutes(5));
        Runner = new SessionRunner(Store, Owner, Lookup, Time, new RunnerOptions { Poll = Poll, Again = TimeSpan.FromMilliseconds(50), Checkpoint = Pass }, NullLogger<SessionRunner>.Instance);
        Sessions = new Sessions(Store, Runner, Lookup, Time);
        Link = new SimulatedLink(Store, Runner, Guests);
        _running = Task.WhenAll(Runner.RunAsync(_stop.Token), Link.RunAsync(_stop.Token));
    }

    public virtual async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Store.DisposeAsync();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Told where the runner stands.</summary>
    protected virtual void Pass(string checkpoint)
    {
    }

    protected WorkflowGraph? Lookup(DefinitionReference reference) => _graphs.GetValueOrDefault(reference.VersionId ?? reference.DefinitionId ?? "");

    /// <summary>A workflow of the test's own beside the shipped ones.</summary>
    protected void Define(string json)
    {
        var graph = WorkflowGraph.Compile(WorkflowDefinition.Read(json, "test"), QuiesceActivities.Registry);
        _graphs[graph.Definition.Id] = _graphs[graph.Definition.DefinitionId] = graph;
    }

    /// <summary>Applies a job with machines m0, m1, … and, unless told otherwise, a pre and a post script.</summary>
    protected async Task<JobDocument> ApplyAsync(string name = "nightly", int machines = 1, AppMode mode = AppMode.RequireSuccess, ScriptMode? scriptMode = ScriptMode.RequireSuccess, Func<JobDocument, JobDocument>? change = null)
    {
        var pre = new ScriptRow(Hash("pre"), "pre.sh", Encoding.UTF8.GetBytes("pre"));
        var post = new ScriptRow(Hash("post"), "post.sh", Encoding.UTF8.GetBytes("post"));
        var job = new JobDocument
        {
            Name = name,
            Machines = [.. Enumerable.Range(0, machines).Select(index => new MachineEntry { Name = $"m{index}", Connect = $"ssh://u@h{index}" })],
            Source = new SourceSettings { Path = "/data" },
            GuestProcessing = new GuestProcessingSettings
            {
                Mode = mode,
                Scripts = scriptMode is null ? null : new ScriptSettings
                {
                    Mode = scriptMode.Value, PostRetries = 0,
                    Linux = new ScriptPair { Pre = "pre.sh", PreSha256 = pre.Sha256, Post = "post.sh", PostSha256 = post.Sha256 },
                },
            },
        };
        job = change?.Invoke(job) ?? job;
        await Store.PutJobAsync(name, JsonSerializer.Serialize(job, RestJson.Default.JobDocument), [pre, post], null);
        return job;
    }

    /// <summary>Starts the job and waits for its end.</summary>
    protected async Task<SessionReport> RunAsync(string job = "nightly") => await EndAsync((await Sessions.StartAsync(job, "test", null, Ct)).SessionId);

    /// <summary>Waits for the end of a session.</summary>
    protected async Task<SessionReport> EndAsync(string sessionId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        SessionReport? last = null;
        try
        {
            await foreach (var report in Sessions.WatchAsync(sessionId, patience.Token)) last = report;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"session {sessionId} does not end: {await StandAsync(sessionId)}");
        }

        return last!;
    }

    private async Task<string> StandAsync(string sessionId)
    {
        List<string> lines = [];
        foreach (var instance in await Store.InstancesAsync(new InstanceFilter(SessionId: sessionId), 0, 10, Ct))
            lines.Add($"{instance.Id} {instance.Phase} {instance.SubStatus} stimuli [{string.Join(", ", (await Store.StimuliAsync(instance.Id, Ct)).Select(row => row.Id))}] outbox [{string.Join(", ", (await Store.OutboxAsync(instance.Id, Ct)).Select(row => row.Id))}]");
        return string.Join("; ", lines);
    }

    /// <summary>Waits until a condition holds.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
            if (!await tick.WaitForNextTickAsync(patience.Token)) Assert.Fail(what);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
