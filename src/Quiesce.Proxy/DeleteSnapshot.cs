using Quiesce.Contracts;
using Quiesce.Proxy.Snapshots;

namespace Quiesce.Proxy;

/// <summary>Deletes a restore point or what a broken creation left of it.</summary>
internal static class DeleteSnapshot
{
    public static Task<Answer> HandleAsync(SnapshotProviders providers, Operation operation, CancellationToken stopping)
    {
        var request = operation.Body(ContractsJson.Default.DeleteSnapshotRequest);
        return providers.For(request.Provider, operation.Request.Guest).DeleteAsync(operation, request, stopping);
    }
}
