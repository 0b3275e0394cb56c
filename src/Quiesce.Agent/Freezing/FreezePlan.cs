using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Freezing;

/// <summary>Which file systems hold the paths and can be frozen, and in which order (R4.28): deepest first, the root last.</summary>
/// <param name="MountPoints">In the order of freezing; empty where nothing can be frozen.</param>
/// <param name="Impossible">Why nothing or not all can be frozen, in words; null where all is well.</param>
internal sealed record FreezePlan(IReadOnlyList<string> MountPoints, string? Impossible)
{
    /// <param name="paths">Absolute, without links.</param>
    /// <param name="needed">What must stay writable while frozen: our binary, our folder, the snapshot's target.</param>
    public static FreezePlan Make(MountTable table, IEnumerable<string> paths, IReadOnlyList<string> needed)
    {
        var chosen = new List<Mount>();
        foreach (var path in paths)
        {
            if (table.Holding(path) is not { } holding)
                return new FreezePlan([], $"{path} lies on no file system that this runtime can see");
            if (!holding.IsBlock)
                return new FreezePlan([], $"{path} lies on {holding.Type} at {holding.MountPoint}, which is not frozen: only writable file systems on block devices are, and never btrfs");
            if (!holding.Writable)
                return new FreezePlan([], $"{holding.MountPoint} is mounted read-only; there is nothing to freeze");
            chosen.Add(holding);
            chosen.AddRange(table.Below(path).Where(mount => mount.IsBlock && mount.Writable));
        }
        foreach (var file in needed)
            if (table.Holding(file) is { } holding && chosen.FirstOrDefault(mount => mount.Device == holding.Device) is { } same)
                return new FreezePlan([], $"{same.MountPoint} also holds {file}, which must stay writable until the thaw; put one of them on another file system");
        // One file system mounted at two places is frozen once: the second time would be refused as busy.
        var order = chosen.DistinctBy(mount => mount.Device).OrderByDescending(mount => mount.MountPoint == "/" ? 0 : mount.MountPoint.Count(c => c == '/')).Select(mount => mount.MountPoint).ToList();
        return order.Count == 0 ? new FreezePlan([], "no path was named") : new FreezePlan(order, null);
    }

    /// <exception cref="Serving.OperationException">GP-FREEZE with the reason and what to do.</exception>
    public FreezePlan Required() => Impossible is null ? this
        : throw new Serving.OperationException(FailureCodes.Freeze, $"Nothing was frozen on {Environment.MachineName}: {Impossible}.");
}
