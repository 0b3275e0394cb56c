using MassTransit;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>
/// Takes operations from the bus. The message is acknowledged as soon as the operation is under way, because a broker closes a channel whose delivery
/// stays unacknowledged for half an hour; progress and reply are messages of their own.
/// </summary>
/// <remarks>
/// Nothing here is durable: an operation that was acknowledged and whose process then died is sent again by the server, which keeps it in its outbox
/// until the reply has come, with <see cref="OperationRequest.Attempt"/> above 1, and the guest's own journal answers it.
/// </remarks>
public sealed class OperationConsumer(GuestOperations operations, IBus bus, ILogger<OperationConsumer> log) : IConsumer<OperationRequest>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<OperationRequest> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = WorkAsync(context.Message);
        return Task.CompletedTask;
    }

    private async Task WorkAsync(OperationRequest request)
    {
        // Leave the delivery's own thread at once: the first awaited step may be long in coming.
        await Task.Yield();
        try
        {
            var reply = await operations.HandleAsync(request, progress => _ = ReportAsync(progress), CancellationToken.None);
            await bus.Publish(reply);
        }
        catch (OperationCanceledException)
        {
            log.LogInformation("{Verb} {OperationId} for {Machine} is left to its runtime because this process stops", request.Verb, request.OperationId, request.Guest.Machine);
        }
        catch (Exception e)
        {
            // The end of the line for this delivery: whatever the bus threw, the server sends the operation again and gets the stored reply.
            log.LogError(e, "The reply of {Verb} {OperationId} for {Machine} could not be sent", request.Verb, request.OperationId, request.Guest.Machine);
        }
    }

    private async Task ReportAsync(OperationProgress progress)
    {
        try
        {
            await bus.Publish(progress);
        }
        catch (Exception e)
        {
            // Progress may be lost by contract.
            log.LogDebug(e, "Progress of {OperationId} was lost", progress.OperationId);
        }
    }
}
