using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>A way of making restore points next to the data.</summary>
internal interface ISnapshotProvider
{
    /// <summary>One instant by itself: freezing adds nothing, and for btrfs would never end.</summary>
    bool IsAtomic { get; }

    /// <summary>Checks everything that can be checked and opens everything that will be needed.</summary>
    /// <exception cref="OperationException">GP-SNAPSHOT with what to do.</exception>
    IPreparedSnapshot Prepare(PointPlace place, Operation operation);

    /// <summary>Removes the point or its half; false where there was nothing.</summary>
    bool Delete(PointPlace place);

    /// <summary>Puts the point's content into a new or empty folder.</summary>
    (string Method, long? Bytes) Restore(PointPlace place, string target, Operation operation);

    DescribeSnapshotReply Describe(PointPlace place);
}

/// <summary>A snapshot that only needs taking. Disposing one that was not finished removes its half.</summary>
internal interface IPreparedSnapshot : IDisposable
{
    /// <summary>The critical section: the source may be frozen now.</summary>
    void Take();

    /// <summary>After the thaw: makes it durable and gives it its name.</summary>
    (string Method, long? Bytes) Finish();
}

/// <summary>The providers a runtime has; <c>command</c> is carried out by the proxy.</summary>
internal static class SnapshotProviders
{
    public static ISnapshotProvider Find(ProviderSettings? settings) => settings?.Name switch
    {
        "directory" => new DirectoryProvider(),
        "btrfs" => new BtrfsProvider(),
        var other => throw new OperationException(FailureCodes.Snapshot, $"A runtime in the guest has no snapshot provider '{other}'; it has directory and btrfs."),
    };
}
