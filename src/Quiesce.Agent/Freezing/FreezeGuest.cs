using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Freezing;

/// <summary>Freezes the file systems that hold the paths and keeps them frozen until ThawGuest, the timer, or the orphan rule (R4.28, R4.30).</summary>
internal static class FreezeGuest
{
    public const int LongestSeconds = 3600;

    public static FreezeGuestReply Run(Runtime runtime, Operation operation, FreezeGuestRequest request)
    {
        if (request.ThawAfterSeconds is < 1 or > LongestSeconds)
            throw new OperationException(FailureCodes.Protocol, $"A freeze needs a thaw timer of 1 to {LongestSeconds} s; {request.ThawAfterSeconds} s was asked for.");
        if (request.Paths is not { Count: > 0 })
            throw new OperationException(FailureCodes.Protocol, "A freeze needs at least one path.");
        var paths = request.Paths.Select(path => Files.RealPath(path) ?? throw new OperationException(FailureCodes.Freeze, $"There is no {path} on {Environment.MachineName}; nothing was frozen. Correct the path.")).ToList();
        var plan = FreezePlan.Make(MountTable.Read(), paths, Needed(runtime)).Required();
        operation.Cancelled.ThrowIfCancellationRequested();
        runtime.Freeze.Prepare(plan.MountPoints, TimeSpan.FromSeconds(request.ThawAfterSeconds));
        return new FreezeGuestReply(plan.MountPoints, runtime.Freeze.Freeze());
    }

    /// <summary>What must never lie on a frozen file system: our program, our folder and the folder of scripts.</summary>
    public static List<string> Needed(Runtime runtime) =>
        [.. new[] { Self.Binary, AppContext.BaseDirectory, runtime.Deployment.Folder, runtime.Deployment.Scripts }.Select(path => Files.RealPath(path) ?? path)];
}
