using System.Diagnostics;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>The critical section at the edge: prepare everything, freeze where that helps, snapshot, thaw, then everything that can wait.</summary>
internal static class TakeSnapshot
{
    public static TakeSnapshotReply Run(Runtime runtime, Operation operation, TakeSnapshotRequest request)
    {
        var began = Stopwatch.GetTimestamp();
        var provider = SnapshotProviders.Find(request.Provider);
        var place = PointPlace.Of(request.RestorePointId, request.SourcePath, request.Provider, null);
        runtime.Freeze.MustBeWritable(place.Folder);
        if (provider.Describe(place) is { Exists: true, Complete: true } there)
            return new TakeSnapshotReply(place.Id, place.Location, there.Method ?? request.Provider.Name, there.Bytes, new SnapshotLegs(0, 0, 0, 0, 0), [], false);
        var toFreeze = WhatToFreeze(runtime, provider, place, request);
        // Durable before the first byte: a crash from here on removes the half.
        runtime.State.Change(state => state with { HalfMade = [.. state.HalfMade, place.Incomplete] });
        try
        {
            using var prepared = provider.Prepare(place, operation);
            operation.Cancelled.ThrowIfCancellationRequested();
            if (toFreeze.Count > 0)
                runtime.Freeze.Prepare(toFreeze, TimeSpan.FromSeconds(request.ThawAfterSeconds));
            var prepareMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var (legs, byTimer) = toFreeze.Count > 0 ? TakeFrozen(runtime, prepared, prepareMs) : TakeAsItIs(prepared, prepareMs);
            var (method, bytes) = prepared.Finish();
            return new TakeSnapshotReply(place.Id, place.Location, method, bytes, legs, toFreeze, byTimer);
        }
        catch (IOException failed)
        {
            throw new OperationException(SnapshotFailure.Of(failed, $"Restore point {place.Id} of {place.Source} on {Environment.MachineName} was not made, its half is removed", place.Folder));
        }
        finally
        {
            place.RemoveEmptyFolder();
            runtime.State.Note(state => state with { HalfMade = [.. state.HalfMade.Where(half => half != place.Incomplete)] });
        }
    }

    private static (SnapshotLegs Legs, bool ByTimer) TakeAsItIs(IPreparedSnapshot prepared, double prepareMs)
    {
        var outer = Stopwatch.GetTimestamp();
        prepared.Take();
        var ms = Stopwatch.GetElapsedTime(outer).TotalMilliseconds;
        return (new SnapshotLegs(prepareMs, 0, ms, 0, ms), false);
    }

    private static (SnapshotLegs Legs, bool ByTimer) TakeFrozen(Runtime runtime, IPreparedSnapshot prepared, double prepareMs)
    {
        double freezeMs, snapshotMs;
        ThawOutcome thawed;
        runtime.Freeze.InCriticalSection = true;
        try
        {
            freezeMs = runtime.Freeze.Freeze();
            var taking = Stopwatch.GetTimestamp();
            prepared.Take();
            snapshotMs = Stopwatch.GetElapsedTime(taking).TotalMilliseconds;
        }
        finally
        {
            thawed = runtime.Freeze.Thaw();
            runtime.Freeze.InCriticalSection = false;
        }
        return (new SnapshotLegs(prepareMs, freezeMs, snapshotMs, thawed.ThawMs, thawed.FrozenMs), thawed.ByTimer);
    }

    private static IReadOnlyList<string> WhatToFreeze(Runtime runtime, ISnapshotProvider provider, PointPlace place, TakeSnapshotRequest request)
    {
        if (request.Freeze == "never")
            return [];
        if (request.Freeze is not ("auto" or "always"))
            throw new OperationException(FailureCodes.Protocol, $"'{request.Freeze}' is no way to freeze; it is auto, always or never.");
        if (request.ThawAfterSeconds is < 1 or > FreezeGuest.LongestSeconds)
            throw new OperationException(FailureCodes.Protocol, $"A freeze needs a thaw timer of 1 to {FreezeGuest.LongestSeconds} s; {request.ThawAfterSeconds} s was asked for.");
        var plan = provider.IsAtomic ? new FreezePlan([], $"{request.Provider.Name} snapshots are atomic by themselves and never taken of a frozen file system")
            : !Capabilities.CanFreeze ? new FreezePlan([], $"the account {Environment.UserName} may not freeze: that takes CAP_SYS_ADMIN; connect as root")
            : FreezePlan.Make(MountTable.Read(), [place.Source], [.. FreezeGuest.Needed(runtime), Existing(place.Folder)]);
        // What somebody froze with FreezeGuest is frozen already.
        if (request.Freeze == "auto")
            return plan.Impossible is null && runtime.Freeze.MountPoints.Count == 0 ? plan.MountPoints : [];
        return plan.Required().MountPoints;
    }

    private static string Existing(string folder)
    {
        string? real;
        while ((real = Files.RealPath(folder)) is null)
            folder = Path.GetDirectoryName(folder)!;
        return real;
    }
}
