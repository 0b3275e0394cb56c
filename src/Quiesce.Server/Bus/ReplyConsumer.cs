using MassTransit;
using Quiesce.Contracts.Bus;

namespace Quiesce.Server.Bus;

/// <summary>Replies from the edge.</summary>
internal sealed class ReplyConsumer(ReplyIntake replies) : IConsumer<OperationReply>
{
    public Task Consume(ConsumeContext<OperationReply> context) => replies.TakeAsync(context.Message, context.CancellationToken);
}
