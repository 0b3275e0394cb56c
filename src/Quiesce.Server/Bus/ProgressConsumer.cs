using MassTransit;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;

namespace Quiesce.Server.Bus;

/// <summary>Signs of life from operations under way: for whoever watches now. They may be lost, so nothing is built on them.</summary>
internal sealed class ProgressConsumer(ProgressBoard board, ILogger<ProgressConsumer> log) : IConsumer<OperationProgress>
{
    public Task Consume(ConsumeContext<OperationProgress> context)
    {
        var progress = context.Message;
        board.Add(progress);
        if (progress.Level is "warning" or "error")
            log.LogWarning("Session {Session}, operation {Operation}: {Message}", progress.SessionId, progress.OperationId, progress.Message);
        return Task.CompletedTask;
    }
}
