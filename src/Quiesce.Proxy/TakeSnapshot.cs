using Quiesce.Contracts;
using Quiesce.Proxy.Snapshots;

namespace Quiesce.Proxy;

/// <summary>Freeze, snapshot, thaw, with no round trip to the server inside.</summary>
internal static class TakeSnapshot
{
    public static Task<Answer> HandleAsync(SnapshotProviders providers, Operation operation, CancellationToken stopping)
    {
        var request = operation.Body(ContractsJson.Default.TakeSnapshotRequest);
        return providers.For(request.Provider, operation.Request.Guest).CreateAsync(operation, request, stopping);
    }
}
