using System.Diagnostics;
using System.Runtime.InteropServices;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Scripts;

/// <summary>How a started script ended.</summary>
internal sealed record ScriptOutcome(int ExitCode, bool TimedOut, bool WasSilent, bool Cancelled, TimeSpan Duration, CappedOutput StdOut, CappedOutput StdErr);

/// <summary>A program that could not be started at all.</summary>
internal sealed class NotStartedException(int error) : Exception
{
    public int Error { get; } = error;
}

/// <summary>
/// One script in a session and process group of its own, with nothing to read, its output drained, and an end in any case: TERM to the group, 10 s, KILL (R4.14).
/// What it leaves running in its group is killed when it has ended.
/// </summary>
internal static unsafe class ScriptProcess
{
    private const int TextBusy = 26, NoExecFormat = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="noOutput">Zero for no limit on silence (R4.18).</param>
    /// <param name="started">Told the process id, which is the group's too, as soon as there is one.</param>
    /// <exception cref="NotStartedException">Nothing was started.</exception>
    public static ScriptOutcome Run(string path, IReadOnlyDictionary<string, string> environment, TimeSpan timeout, TimeSpan noOutput, Action<int> started, CancellationToken cancelled)
    {
        var (outRead, outWrite) = Posix.Pipe();
        var (errRead, errWrite) = Posix.Pipe();
        var (wakeRead, wakeWrite) = Posix.Pipe();
        try
        {
            var watch = Stopwatch.StartNew();
            int pid;
            try
            {
                pid = Start(path, environment, outWrite, errWrite);
            }
            finally
            {
                Posix.Close(outWrite);
                Posix.Close(errWrite);
            }
            started(pid);
            var waiter = new Thread(() => AwaitEnd(pid, wakeWrite)) { IsBackground = true, Name = "script" };
            waiter.Start();
            ScriptOutcome outcome;
            using (cancelled.Register(() => Posix.TryWrite(wakeWrite, "c"u8)))
                outcome = Watch(pid, outRead, errRead, wakeRead, watch, timeout, noOutput);
            waiter.Join();
            return outcome;
        }
        finally
        {
            Posix.Close(outRead);
            Posix.Close(errRead);
            Posix.Close(wakeRead);
            Posix.Close(wakeWrite);
        }
    }

    private static int Start(string path, IReadOnlyDictionary<string, string> environment, int output, int errors)
    {
        for (var attempt = 0; ; attempt++)
        {
            var pid = Spawn.Start(path, [], environment, -1, output, errors, out var error);
            // No first line that names an interpreter: what every shell does then.
            if (error == NoExecFormat)
                pid = Spawn.Start("/bin/sh", [path], environment, -1, output, errors, out error);
            if (pid > 0)
                return pid;
            // A program started elsewhere at the very moment of writing may still hold the file open for writing; it lets go when it has started.
            if (error != TextBusy || attempt == 50)
                throw new NotStartedException(error);
            Thread.Sleep(10);
        }
    }

    /// <summary>Waits without collecting the process: until it is collected its id, and with it its group's, cannot be given to a stranger.</summary>
    private static void AwaitEnd(int pid, int wake)
    {
        const int byPid = 1, exited = 4, leave = 0x01000000;
        var information = stackalloc byte[256];
        while (Posix.WaitId(byPid, pid, information, exited | leave) != 0 && Marshal.GetLastPInvokeError() == Posix.EINTR)
        {
        }
        Posix.TryWrite(wake, "e"u8);
    }

    private static ScriptOutcome Watch(int pid, int outFd, int errFd, int wakeFd, Stopwatch watch, TimeSpan timeout, TimeSpan noOutput)
    {
        CappedOutput output = new(), errors = new();
        var buffer = new byte[64 * 1024];
        bool ended = false, timedOut = false, silent = false, cancelled = false, killed = false;
        TimeSpan? killAt = null, drainUntil = null;
        var heardAt = TimeSpan.Zero;
        var waiting = stackalloc Posix.PollFd[3];
        waiting[0] = new Posix.PollFd { Fd = outFd, Events = Posix.POLLIN };
        waiting[1] = new Posix.PollFd { Fd = errFd, Events = Posix.POLLIN };
        waiting[2] = new Posix.PollFd { Fd = wakeFd, Events = Posix.POLLIN };

        // After the end, a daemon that left the group may hold the pipes open: what is there is read, more is not waited for.
        while (!ended || ((waiting[0].Fd >= 0 || waiting[1].Fd >= 0) && watch.Elapsed < drainUntil))
        {
            var next = drainUntil ?? killAt ?? timeout;
            if (!ended && killAt is null && noOutput > TimeSpan.Zero && heardAt + noOutput < next)
                next = heardAt + noOutput;
            var wait = Math.Clamp((next - watch.Elapsed).TotalMilliseconds + 1, 0, int.MaxValue);
            if (Posix.Poll(waiting, 3, (int)wait) < 0 && Marshal.GetLastPInvokeError() != Posix.EINTR)
                throw new PosixException(Marshal.GetLastPInvokeError(), "wait for a script");
            if (Drain(ref waiting[0], output, buffer) | Drain(ref waiting[1], errors, buffer))
                heardAt = watch.Elapsed;
            if (waiting[2].Returned != 0 && Posix.Read(wakeFd, buffer.AsSpan(0, 1)) == 1)
            {
                ended |= buffer[0] == 'e';
                cancelled |= buffer[0] == 'c' && !ended;
            }
            if (ended)
            {
                if (drainUntil is null)
                {
                    Posix.Kill(-pid, Posix.SIGKILL);
                    drainUntil = watch.Elapsed + TimeSpan.FromMilliseconds(500);
                }
                continue;
            }
            if (killAt is null)
            {
                timedOut = !cancelled && watch.Elapsed >= timeout;
                silent = !cancelled && !timedOut && noOutput > TimeSpan.Zero && watch.Elapsed >= heardAt + noOutput;
                if (timedOut || silent || cancelled)
                {
                    Posix.Kill(-pid, Posix.SIGTERM);
                    killAt = watch.Elapsed + Patience;
                }
            }
            else if (!killed && watch.Elapsed >= killAt)
            {
                Posix.Kill(-pid, Posix.SIGKILL);
                killed = true;
                killAt = TimeSpan.MaxValue / 2;
            }
        }
        var duration = watch.Elapsed;
        int status;
        while (Posix.WaitPid(pid, &status, 0) < 0 && Marshal.GetLastPInvokeError() == Posix.EINTR)
        {
        }
        // As shells count: 128 and the signal for one that was killed.
        var code = (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
        return new ScriptOutcome(code, timedOut || silent, silent, cancelled, duration, output, errors);
    }

    private static bool Drain(ref Posix.PollFd from, CappedOutput into, byte[] buffer)
    {
        if (from.Fd < 0 || from.Returned == 0)
            return false;
        var count = Posix.Read(from.Fd, buffer);
        if (count > 0)
            into.Add(buffer.AsSpan(0, count));
        else
            from.Fd = -1;
        return count > 0;
    }
}
