using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Carries operations to guests and brings their replies back.</summary>
public sealed class GuestOperations(ProxyOptions options, TimeProvider time, ILogger<GuestOperations> log) : IAsyncDisposable
{
    /// <summary>Does the operation once per id. A repeat gets the stored reply or joins the one under way.</summary>
    public Task<OperationReply> HandleAsync(OperationRequest request, Action<OperationProgress> progress, CancellationToken stopping)
    {
        log.LogDebug("{Verb} with {Options} at {Now}", request.Verb, options, time.GetUtcNow());
        throw new NotImplementedException();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
