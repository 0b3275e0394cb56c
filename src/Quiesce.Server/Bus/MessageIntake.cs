using MassTransit;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Jobs;
using Quiesce.Jobs.Triggers;
using Quiesce.Storage;

namespace Quiesce.Server.Bus;

/// <summary>Brings messages of the bus to workflows: they start those with such a trigger and resume those who wait. Durable before the message is acknowledged, once per message id.</summary>
internal sealed class MessageIntake(TriggerLookup triggers, Store store, SessionRunner runner, TimeProvider time)
{
    /// <summary>Carries the correlation id of the workflow that published, which need not be a GUID.</summary>
    public const string CorrelationHeader = "Quiesce-Correlation-Id";

    private const string Resume = "Resume";

    /// <exception cref="StorageException">It was not taken; the message has to come again.</exception>
    public async Task TakeAsync<T>(ConsumeContext<T> context) where T : class
    {
        var correlationId = (context.Message as StartJob)?.CorrelationId ?? context.Headers.Get<string>(CorrelationHeader) ?? context.CorrelationId?.ToString();
        var received = BusMessages.Received(context.Message, correlationId);
        var hash = received.BookmarkHash;
        var starting = triggers(hash);
        // Most messages concern nobody, and come by the thousand while a session ends.
        if (starting.Count == 0 && (await store.BookmarksByHashAsync(hash, null, context.CancellationToken)).Count == 0)
            return;
        var (now, id) = (time.GetUtcNow(), $"message:{context.MessageId ?? NewId.NextGuid():n}");
        var arrived = await store.ArriveAsync(new Arrival
        {
            Key = id,
            Starts = [.. starting.Select(trigger => trigger.Start(received.ToInput(), correlationId, now))],
            Broadcasts = [new Broadcast(id, Resume, hash, correlationId, received.ToInput().ToJsonString(), now)],
        });
        foreach (var instance in arrived.Started.Concat(arrived.Told))
            runner.Wake(instance);
    }
}

/// <summary>A message type that workflows may wait for.</summary>
internal sealed class MessageConsumer<T>(MessageIntake messages) : IConsumer<T> where T : class
{
    public Task Consume(ConsumeContext<T> context) => messages.TakeAsync(context);
}

/// <summary>Starts and stops jobs by message.</summary>
internal sealed class JobMessages(Sessions sessions, ILogger<JobMessages> log) : IConsumer<StartJob>, IConsumer<StopJob>
{
    private const string By = "message";

    public async Task Consume(ConsumeContext<StartJob> context)
    {
        try
        {
            await sessions.StartAsync(context.Message.Job, By, context.Message.IdempotencyKey ?? context.MessageId?.ToString(), context.CancellationToken);
        }
        catch (RefusedException e)
        {
            // It would be refused again: it is not to come back.
            log.LogWarning("A message to start job {Job} is refused: {Reason}", context.Message.Job, e.Message);
        }
    }

    public async Task Consume(ConsumeContext<StopJob> context)
    {
        try
        {
            await sessions.StopAsync(context.Message.Job, context.Message.Now, context.CancellationToken);
        }
        catch (RefusedException e)
        {
            log.LogWarning("A message to stop job {Job} is refused: {Reason}", context.Message.Job, e.Message);
        }
    }
}
