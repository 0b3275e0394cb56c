using Quiesce.Contracts;
using Quiesce.Proxy.Snapshots;

namespace Quiesce.Proxy;

/// <summary>Restores a point into a new or empty folder.</summary>
internal static class RestoreSnapshot
{
    public static Task<Answer> HandleAsync(SnapshotProviders providers, Operation operation, CancellationToken stopping)
    {
        var request = operation.Body(ContractsJson.Default.RestoreSnapshotRequest);
        return providers.For(request.Provider, operation.Request.Guest).RestoreAsync(operation, request, stopping);
    }
}
