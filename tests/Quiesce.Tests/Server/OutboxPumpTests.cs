using MassTransit;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Tests.Server;

public sealed class OutboxPumpTests
{
    [Fact]
    public async Task A_send_that_hangs_is_given_up_and_sent_again_as_possibly_sent()
    {
        await using var server = await RunningServer.StartAsync(change: options => options with { SendTimeout = TimeSpan.FromMilliseconds(300) });
        var trouble = new PublishTrouble { Hang = true };
        using var handle = Bus(server).ConnectPublishObserver(trouble);
        var session = await server.StartJobAsync();
        await RunningServer.Until(() => trouble.Seen > 0, "a send that hangs");
        trouble.Hang = false;

        Assert.Equal(Result.Success, (await server.EndOfAsync(session)).Result);
        Assert.All(server.Guest.Of(Verbs.PrepareGuest), request => Assert.True(request.Attempt > 1));
    }

    [Fact]
    public async Task A_send_that_fails_is_tried_until_it_succeeds()
    {
        await using var server = await RunningServer.StartAsync();
        var trouble = new PublishTrouble { Fail = true };
        using var handle = Bus(server).ConnectPublishObserver(trouble);
        var session = await server.StartJobAsync();
        await RunningServer.Until(() => trouble.Seen > 2, "three sends that fail");
        trouble.Fail = false;

        Assert.Equal(Result.Success, (await server.EndOfAsync(session)).Result);
    }

    [Fact]
    public async Task A_reply_that_comes_twice_early_or_after_the_end_does_no_harm()
    {
        await using var server = await RunningServer.StartAsync();
        var session = await server.StartJobAsync();
        var report = await server.EndOfAsync(session);

        foreach (var request in server.Guest.Requests.ToList())
            await Bus(server).Publish(new OperationReply(1, request.OperationId, request.InstanceId, request.Verb, new Failure("GP-CONNECT", "late"), null));
        await Bus(server).Publish(new OperationReply(1, "nobody:knows:1", "no-such-instance", Verbs.RunScript, null, null));
        await Bus(server).Publish(new OperationReply(1, "asked-by-nobody", "", Verbs.TestMachine, null, null));
        await server.EndOfAsync(await server.StartJobAsync("another"));

        var after = await server.GetAsync($"api/sessions/{session}", RestJson.Default.SessionReport);
        Assert.Equal((report.Result, report.EndedAt), (after.Result, after.EndedAt));
    }

    [Fact]
    public async Task A_script_that_is_not_in_the_store_any_more_fails_its_task_with_words()
    {
        await using var server = await RunningServer.StartAsync();
        var document = Documents.JobText.Nightly.Replace("nightly-db", "lost", StringComparison.Ordinal);
        await server.ApplyAsync(document);
        await ForgetScriptsAsync(server);

        var started = await server.PostAsync("api/jobs/lost/start");
        var report = await server.EndOfAsync((string)started.Body!["sessionId"]!);

        Assert.Equal(Result.Failed, report.Result);
        Assert.All(report.Tasks, task => Assert.Contains("apply the job again", task.Reason, StringComparison.Ordinal));
    }

    private static async Task ForgetScriptsAsync(RunningServer server)
    {
        var store = (Store)server.Host.Services.GetService(typeof(Store))!;
        // The job as it would be after a restore of half a database: it names a hash that nobody has.
        var row = (await store.JobAsync("lost", CancellationToken.None))!;
        var json = System.Text.RegularExpressions.Regex.Replace(row.Json, "Sha256\":\"[0-9a-f]{64}\"", $"Sha256\":\"{new string('0', 64)}\"");
        await store.PutJobAsync("lost", json, [], null);
    }

    private static IBus Bus(RunningServer server) => (IBus)server.Host.Services.GetService(typeof(IBus))!;

    private sealed class PublishTrouble : IPublishObserver
    {
        private int _seen;

        public bool Hang { get; set; }
        public bool Fail { get; set; }
        public int Seen => Volatile.Read(ref _seen);

        public Task PrePublish<T>(PublishContext<T> context) where T : class
        {
            if (context.Message is not OperationRequest || !(Hang || Fail))
                return Task.CompletedTask;
            Interlocked.Increment(ref _seen);
            return Fail ? throw new InvalidOperationException("the broker is away") : Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        public Task PostPublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }
}
