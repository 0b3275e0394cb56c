using MassTransit;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Jobs;

namespace Quiesce.Server.Bus;

/// <summary>Signs of life from operations under way: for whoever watches now. Warnings and errors, such as every attempt to reconnect (R2.16), go into the task's journal too. They may be lost, so nothing is built on them.</summary>
internal sealed class ProgressConsumer(ProgressBoard board, SessionRunner runner, ILogger<ProgressConsumer> log) : IConsumer<OperationProgress>
{
    public async Task Consume(ConsumeContext<OperationProgress> context)
    {
        var progress = context.Message;
        board.Add(progress);
        if (progress.Level is not ("warning" or "error"))
            return;
        log.LogWarning("Session {Session}, operation {Operation}: {Message}", progress.SessionId, progress.OperationId, progress.Message);
        if (progress.InstanceId.Length > 0)
            await runner.NoteAsync(progress.InstanceId, $"note:{progress.OperationId}:{progress.At.UtcTicks:x}", progress.Level, progress.Message);
    }
}
