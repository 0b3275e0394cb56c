using System.Diagnostics;
using Quiesce.Agent.Native;
using Quiesce.Agent.Orphans;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Freezing;

/// <summary>What a thaw found and took, in milliseconds.</summary>
/// <param name="WasFrozen">False where this deployment held nothing.</param>
/// <param name="ByTimer">Something was not frozen any more: the freeze did not hold (R4.30).</param>
internal sealed record ThawOutcome(bool WasFrozen, double ThawMs, double FrozenMs, bool ByTimer);

/// <summary>
/// The one freeze that this deployment holds. Prepared first (timer armed, mount points opened, memory locked, state on disk), so that between the first freeze and the last thaw
/// nothing is opened, written, started or looked up (R4.29).
/// </summary>
internal sealed class HeldFreeze(Log log, StateFile state)
{
    private const int LockNow = 1, LockLater = 2, WhenTouched = 4;
    private readonly Lock changing = new();
    private string[] mountPoints = [];
    private int[] opened = [];
    private int frozen;
    private long frozenAt;
    private ThawTimer? timer;
    private ThawOutcome? lastLoss;

    /// <summary>Frozen or about to be, in the order of freezing.</summary>
    public IReadOnlyList<string> MountPoints => mountPoints;

    /// <summary>True between a snapshot's freeze and its thaw: nobody is told of progress meanwhile.</summary>
    public bool InCriticalSection { get; set; }

    /// <summary>Arms the timer and makes everything ready; nothing is frozen yet. Follow with <see cref="Freeze"/>, and in any case with <see cref="Thaw"/>.</summary>
    /// <exception cref="OperationException">GP-FREEZE: a freeze is held already, or the timer could not be armed.</exception>
    public void Prepare(IReadOnlyList<string> plan, TimeSpan thawAfter)
    {
        lock (changing)
        {
            if (mountPoints.Length > 0)
                throw new OperationException(FailureCodes.Freeze, $"This deployment already holds {string.Join(", ", mountPoints)} frozen; thaw first.");
            try
            {
                state.Change(now => now with { Frozen = [.. plan] });
                opened = [.. plan.Select(Files.OpenFolder)];
                timer = ThawTimer.Arm(thawAfter, plan, () => Thaw(lostGuard: true));
            }
            catch (IOException failed)
            {
                CloseAll();
                state.Note(now => now with { Frozen = [] });
                throw new OperationException(FailureCodes.Freeze, $"Nothing was frozen on {Environment.MachineName}: {failed.Message} Without its timer no freeze is begun.");
            }
            mountPoints = [.. plan];
            lastLoss = null;
            log.Write($"Freezing {string.Join(", ", plan)}, timer after {thawAfter.TotalSeconds} s");
            log.Hold();
            state.Hold();
            Posix.MlockAll(LockNow | LockLater | WhenTouched);
            // Once in vain, so that nothing is compiled or looked up when it counts.
            _ = Ioctls.Freeze(-1);
            _ = Ioctls.Thaw(-1);
        }
    }

    /// <summary>Freezes in the prepared order. Returns the milliseconds it took.</summary>
    /// <exception cref="OperationException">GP-FREEZE; what had been frozen before is thawed again.</exception>
    public double Freeze()
    {
        var error = 0;
        var at = 0;
        lock (changing)
        {
            frozenAt = Stopwatch.GetTimestamp();
            for (frozen = 0; frozen < opened.Length && error == 0 && timer is { Fired: false }; frozen += error == 0 ? 1 : 0)
                error = Ioctls.Freeze(opened[at = frozen]);
            if (error == 0 && frozen == opened.Length && frozen > 0)
                return Stopwatch.GetElapsedTime(frozenAt).TotalMilliseconds;
        }
        var mountPoint = mountPoints.ElementAtOrDefault(at) ?? "the file system";
        Thaw();
        throw new OperationException(FailureCodes.Freeze, error switch
        {
            0 => $"Freezing {mountPoint} on {Environment.MachineName} took longer than the thaw timer allows; everything is thawed. Freeze at a quieter time or allow more seconds.",
            Posix.EBUSY => $"{mountPoint} on {Environment.MachineName} is already frozen by somebody else; nothing was done. If nobody answers for it: fsfreeze -u {mountPoint}.",
            Posix.EPERM => $"The account {Environment.UserName} may not freeze {mountPoint} on {Environment.MachineName}: that takes CAP_SYS_ADMIN. Connect as root, or let the job snapshot without a freeze.",
            Posix.EOPNOTSUPP or Posix.ENOTTY => $"The file system at {mountPoint} on {Environment.MachineName} cannot be frozen. Let the job snapshot without a freeze.",
            _ => $"{mountPoint} on {Environment.MachineName} could not be frozen: {PosixException.Words(error)}. Everything is thawed.",
        });
    }

    /// <summary>Thaws in reverse order whatever is held, then lets log and state be written again. Harmless where nothing is held.</summary>
    public ThawOutcome Thaw(bool lostGuard = false)
    {
        lock (changing)
        {
            if (mountPoints.Length == 0)
                return lastLoss is { } loss && !lostGuard ? Told(loss) : new ThawOutcome(false, 0, 0, false);
            var began = Stopwatch.GetTimestamp();
            var held = frozen;
            var byTimer = lostGuard;
            for (; frozen > 0; frozen--)
                byTimer |= Ioctls.Thaw(opened[frozen - 1]) == Posix.EINVAL;
            var thawMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var frozenMs = held > 0 ? Stopwatch.GetElapsedTime(frozenAt).TotalMilliseconds : 0;
            InCriticalSection = false;
            timer?.Disarm();
            byTimer |= timer is { Fired: true };
            timer = null;
            Posix.MunlockAll();
            CloseAll();
            var points = mountPoints;
            mountPoints = [];
            state.Release();
            state.Note(now => now with { Frozen = [] });
            log.Release();
            log.Write($"Thawed {string.Join(", ", points)} after {frozenMs:0.0} ms{(byTimer ? "; the timer was first" : "")}");
            var outcome = new ThawOutcome(held > 0, thawMs, frozenMs, byTimer && held > 0);
            if (lostGuard)
                lastLoss = outcome;
            return outcome;
        }
    }

    /// <summary>A freeze that was lost behind the holder's back is reported to the next who thaws.</summary>
    private ThawOutcome Told(ThawOutcome loss)
    {
        lastLoss = null;
        return loss;
    }

    /// <summary>Refuses what would hang in its first write.</summary>
    /// <exception cref="OperationException">GP-FREEZE: the path lies on a file system that this deployment holds frozen.</exception>
    public void MustBeWritable(string path)
    {
        var held = mountPoints;
        if (held.Length == 0)
            return;
        var table = MountTable.Read();
        if (table.Holding(path) is { } holding && held.Any(point => table.Holding(point)?.Device == holding.Device))
            throw new OperationException(FailureCodes.Freeze, $"{path} lies on {holding.MountPoint}, which this deployment holds frozen; nothing can be written there. Thaw first or name another target.");
    }

    private void CloseAll()
    {
        foreach (var fd in opened)
            Posix.Close(fd);
        opened = [];
    }
}
