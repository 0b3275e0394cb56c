using Quiesce.Contracts;
using Quiesce.Proxy.Snapshots;

namespace Quiesce.Proxy;

/// <summary>Looks whether a restore point is there and what it is.</summary>
internal static class DescribeSnapshot
{
    public static Task<Answer> HandleAsync(SnapshotProviders providers, Operation operation, CancellationToken stopping)
    {
        var request = operation.Body(ContractsJson.Default.DescribeSnapshotRequest);
        return providers.For(request.Provider, operation.Request.Guest).DescribeAsync(operation, request, stopping);
    }
}
