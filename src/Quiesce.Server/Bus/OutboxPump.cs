using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Jobs;
using Quiesce.Jobs.Triggers;
using Quiesce.Server.Http;
using Quiesce.Storage;

namespace Quiesce.Server.Bus;

/// <summary>
/// Publishes what commits left in the outbox. A row is durable before it is sent and stays until its reply is consumed, so that a crash anywhere here
/// sends something again and never forgets it; whoever receives does an operation once per id.
/// </summary>
internal sealed class OutboxPump(SessionRunner runner, Operations operations, Store store, Owner owner, ReplyIntake replies, HttpLane http, IBus bus, ServerOptions options, ILogger<OutboxPump> log) : BackgroundService
{
    private const int Lanes = 8;
    private const int Page = 500;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _handed = new(StringComparer.Ordinal);
    private OutboxLane[] _lanes = [];
    private IReadOnlyList<OutboxRow> _unanswered = [];
    private CancellationToken _stopping;

    /// <summary>Reads what earlier processes left unanswered. The runner starts after this, so that nothing of its own is among it.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _unanswered = await UnansweredAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new OutboxLane(SendAsync))];
        var lanes = Task.WhenAll(_lanes.Select(lane => lane.RunAsync()));
        await AgainAsync(_unanswered);
        _unanswered = [];
        await Task.WhenAll(TakeAsync(runner.Outgoing, stoppingToken), TakeAsync(operations.Outgoing, stoppingToken), AskAgainAsync(stoppingToken));

        foreach (var lane in _lanes)
            lane.Complete();
        // What is not out by then is sent by the next start.
        await Task.WhenAny(lanes, Task.Delay(options.SendTimeout, CancellationToken.None));
    }

    private async Task TakeAsync(ChannelReader<OutboxRow> rows, CancellationToken stopping)
    {
        try
        {
            await foreach (var row in rows.ReadAllAsync(stopping))
                Hand(row);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The runner has stopped before: what it committed last is still in here.
            while (rows.TryRead(out var row))
                Hand(row);
        }
    }

    private void Hand(OutboxRow row)
    {
        if (row.AwaitsReply && row.InstanceId.Length > 0)
            _handed[row.Id] = options.Time.GetUtcNow();
        if (row.Kind == HttpRequests.Kind)
        {
            // Somebody else's server may take its time; what an instance sends to guests does not wait behind it.
            http.Hand(row, _stopping);
            return;
        }

        _lanes[(uint)StringComparer.Ordinal.GetHashCode(row.InstanceId.Length == 0 ? row.Id : row.InstanceId) % Lanes].Add(row);
    }

    private async Task SendAsync(OutboxRow row)
    {
        try
        {
            options.Runner.Checkpoint?.Invoke($"before send {row.Id}");
            // The bus may keep a send for half a minute whatever it is told, so nobody waits for it longer than this; it then may or may not have happened.
            await PublishAsync(row).WaitAsync(options.SendTimeout, options.Time);
            if (!row.AwaitsReply)
                await store.DeleteOutboxAsync([row.Id]);
            options.Runner.Checkpoint?.Invoke($"after send {row.Id}");
        }
        catch (RefusedException e)
        {
            // It cannot be sent now or ever; the instance hears of it like of any failure in the guest.
            log.LogError("{Kind} {Row} cannot be sent: {Reason}", row.Kind, row.Id, e.Message);
            if (row.Kind == BusMessages.Kind)
                await DropAsync(row, e.Message);
            else
                await RefuseAsync(row, e.Message);
        }
        catch (Exception e)
        {
            // Whatever the bus or the database threw: the row is still there.
            log.LogWarning("{Kind} {Row} could not be sent, or nobody knows whether it was, and is sent again in {Again}: {Reason}", row.Kind, row.Id, options.SendAgain, e.Message);
            _ = LaterAsync(row);
        }
    }

    private async Task RefuseAsync(OutboxRow row, string reason)
    {
        try
        {
            await replies.TakeAsync(new OperationReply(1, row.Id, row.InstanceId, "", new Failure(FailureCodes.Script, reason), null), CancellationToken.None);
        }
        catch (StorageException e)
        {
            log.LogError(e, "Operation {Operation} cannot be sent, and that could not be stored; it is tried again in {AskAgain}", row.Id, options.AskAgain);
        }
    }

    private async Task DropAsync(OutboxRow row, string reason)
    {
        try
        {
            await runner.NoteAsync(row.InstanceId, $"refused:{row.Id}", "error", reason);
            await store.DeleteOutboxAsync([row.Id]);
        }
        catch (StorageException e)
        {
            log.LogError(e, "Message {Row} cannot be published, and that could not be stored; it is tried again in {AskAgain}", row.Id, options.AskAgain);
        }
    }

    private async Task PublishAsync(OutboxRow row)
    {
        if (row.Kind == BusMessages.Kind)
        {
            var (message, type, correlationId) = BusMessages.Read(row);
            await bus.Publish(message, type, context =>
            {
                // Published again after a crash it has the same id: whoever takes it in takes it once.
                context.MessageId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(row.Id)).AsSpan(0, 16));
                if (correlationId is not null)
                    context.Headers.Set(MessageIntake.CorrelationHeader, correlationId);
            });
            return;
        }

        if (row.Kind == Requests.OperationKind)
        {
            await bus.Publish(await Requests.MessageAsync(row, store, row.Attempts + 1, CancellationToken.None));
            return;
        }

        var payload = JsonNode.Parse(row.Payload)!;
        var body = System.Text.Json.JsonSerializer.SerializeToElement(payload["body"]);
        await bus.Publish(new Notice(row.Id, row.InstanceId, (string?)payload["kind"] ?? row.Kind, body));
    }

    private async Task LaterAsync(OutboxRow row)
    {
        try
        {
            await Task.Delay(options.SendAgain, options.Time, _stopping);
            if (row.InstanceId.Length == 0)
                Hand(row with { Attempts = row.Attempts + 1 });
            // A send that was given up may have arrived and been answered: asking for a guest again that was released since would leave a runtime behind.
            else if ((await store.OutboxAsync(row.InstanceId, _stopping)).Any(open => open.Id == row.Id))
                await AgainAsync([row]);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping: the next start sends it.
        }
        catch (StorageException e)
        {
            log.LogError(e, "{Kind} {Row} could not be looked up; it is sent again in {AskAgain}", row.Kind, row.Id, options.AskAgain);
        }
    }

    /// <summary>Sends rows again, after noting durably that they may have been sent before.</summary>
    private async Task AgainAsync(IReadOnlyList<OutboxRow> rows)
    {
        try
        {
            await store.CountOutboxAttemptsAsync([.. rows.Select(row => row.Id)]);
            foreach (var row in rows)
                Hand(row with { Attempts = row.Attempts + 1 });
        }
        catch (StorageException e)
        {
            log.LogError(e, "{Count} operations could not be sent again; they are tried once more in {AskAgain}", rows.Count, options.AskAgain);
        }
    }

    private async Task AskAgainAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.AskAgain / 2, options.Time, stopping);
                try
                {
                    var open = await UnansweredAsync(stopping);
                    var now = options.Time.GetUtcNow();
                    foreach (var id in _handed.Keys.Except(open.Select(row => row.Id)).ToList())
                        _handed.TryRemove(id, out _);
                    await AgainAsync([.. open.Where(row => !_handed.TryGetValue(row.Id, out var at) || now - at >= options.AskAgain)]);
                }
                catch (StorageException e)
                {
                    log.LogError(e, "Looking for operations without an answer failed");
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: the next start sends them again.
        }
    }

    private async Task<IReadOnlyList<OutboxRow>> UnansweredAsync(CancellationToken ct)
    {
        var all = new List<OutboxRow>();
        IReadOnlyList<OutboxRow> page;
        do
            all.AddRange(page = await store.UnansweredOutboxAsync(owner, all.Count == 0 ? null : all[^1].Id, Page, ct));
        while (page.Count == Page);
        return all;
    }
}
