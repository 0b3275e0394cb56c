using System.Threading.Channels;
using Quiesce.Storage;

namespace Quiesce.Server.Bus;

/// <summary>Sends rows one after the other, so that what an instance wants arrives in the order in which it was committed: a cancel never overtakes what it cancels.</summary>
internal sealed class OutboxLane(Func<OutboxRow, Task> send)
{
    private readonly Channel<OutboxRow> _rows = Channel.CreateUnbounded<OutboxRow>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(OutboxRow row) => _rows.Writer.TryWrite(row);

    /// <summary>Takes nothing more; <see cref="RunAsync"/> ends behind the last row.</summary>
    public void Complete() => _rows.Writer.TryComplete();

    public async Task RunAsync()
    {
        await foreach (var row in _rows.Reader.ReadAllAsync())
            await send(row);
    }
}
