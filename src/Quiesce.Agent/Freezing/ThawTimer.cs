using Quiesce.Agent.Native;

namespace Quiesce.Agent.Freezing;

/// <summary>Our end of the dead man's switch: armed before the freeze, disarmed after the thaw.</summary>
internal sealed unsafe class ThawTimer
{
    private readonly int pid;
    private readonly int toTimer;
    private readonly int fromTimer;
    private volatile bool disarmed;

    private ThawTimer(int pid, int toTimer, int fromTimer) => (this.pid, this.toTimer, this.fromTimer) = (pid, toTimer, fromTimer);

    /// <summary>It had to thaw.</summary>
    public bool Fired { get; private set; }

    /// <summary>Starts the timer and waits until it says that it is armed.</summary>
    /// <param name="lost">Called when the timer has thawed, or is gone while it was needed: the freeze does not hold, or has lost its guard.</param>
    /// <exception cref="PosixException">It could not be armed; then nothing may be frozen.</exception>
    public static ThawTimer Arm(TimeSpan after, IReadOnlyList<string> mountPoints, Action lost)
    {
        var (childIn, toTimer) = Posix.Pipe();
        var (fromTimer, childOut) = Posix.Pipe();
        var (path, prefix) = Self.Command;
        var pid = Spawn.Start(path, [.. prefix, "thaw-timer", ((int)Math.Ceiling(after.TotalSeconds)).ToString(), .. mountPoints], Self.Environment(), childIn, childOut, -1, out var error);
        Posix.Close(childIn);
        Posix.Close(childOut);
        var waiting = new Posix.PollFd { Fd = fromTimer, Events = Posix.POLLIN };
        var word = new byte[6];
        if (pid == 0 || Posix.Poll(&waiting, 1, 15_000) <= 0 || Posix.Read(fromTimer, word) < 1 || word[0] != 'a')
        {
            Posix.Close(toTimer);
            Posix.Close(fromTimer);
            if (pid > 0)
            {
                Posix.Kill(pid, Posix.SIGKILL);
                Posix.WaitPid(pid, null, 0);
            }
            throw new PosixException(error == 0 ? Posix.ENOENT : error, "arm the thaw timer");
        }
        var timer = new ThawTimer(pid, toTimer, fromTimer);
        new Thread(() => timer.Listen(lost), 256 * 1024) { IsBackground = true, Name = "timer" }.Start();
        return timer;
    }

    /// <summary>Ends it without a thaw.</summary>
    public void Disarm()
    {
        disarmed = true;
        Posix.TryWrite(toTimer, "d"u8);
        Posix.WaitPid(pid, null, 0);
        Posix.Close(toTimer);
    }

    private void Listen(Action lost)
    {
        byte word;
        while (Posix.Read(fromTimer, new Span<byte>(&word, 1)) > 0)
        {
            if (word != 'T')
                continue;
            Fired = true;
            lost();
        }
        Posix.Close(fromTimer);
        if (!disarmed)
            lost();
    }
}
