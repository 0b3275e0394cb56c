using Quiesce.Agent.Native;

namespace Quiesce.Agent.Freezing;

/// <summary>
/// <c>quiesce-agent thaw-timer SECONDS MOUNTPOINT…</c>: the dead man's switch (R4.30), a process of its own that is running before anything is frozen. It thaws when its time is over or when
/// stdin ends, which it does when the serving process dies; a byte on stdin disarms it. From <c>armed</c> on it opens, writes and allocates nothing.
/// </summary>
internal static unsafe class ThawTimerCommand
{
    private const int LockNow = 1, LockLater = 2, WhenTouched = 4;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length < 2 || !int.TryParse(arguments[0], out var seconds))
            throw new UsageException("thaw-timer takes seconds and mount points.");
        var opened = new int[arguments.Length - 1];
        for (var i = 0; i < opened.Length; i++)
            opened[i] = Files.OpenFolder(arguments[i + 1]);
        var stdin = stackalloc Posix.PollFd[1];
        stdin[0] = new Posix.PollFd { Fd = 0, Events = Posix.POLLIN };
        // Once in vain, so that nothing is compiled or looked up when it counts.
        _ = Ioctls.Thaw(-1);
        _ = Posix.Poll(stdin, 1, 0);
        Posix.MlockAll(LockNow | LockLater | WhenTouched);
        var until = Environment.TickCount64 + seconds * 1000L;
        if (!Posix.TryWrite(1, "armed\n"u8))
            return EntryPoint.Failed;

        var fired = false;
        while (true)
        {
            // After firing it goes on until told otherwise: a freeze that was still flushing when the time was over takes hold only now.
            var wait = fired ? 50 : Math.Max(until - Environment.TickCount64, 0);
            var ready = Posix.Poll(stdin, 1, (int)Math.Min(wait, int.MaxValue));
            if (ready > 0)
            {
                byte word;
                if (Posix.Read(0, &word, 1) > 0)
                    return EntryPoint.Success;
                Thaw(opened);
                return EntryPoint.Success;
            }
            if (ready == 0 && Environment.TickCount64 >= until)
            {
                Thaw(opened);
                if (!fired)
                    Posix.TryWrite(1, "T"u8);
                fired = true;
            }
        }
    }

    private static void Thaw(int[] opened)
    {
        for (var i = opened.Length - 1; i >= 0; i--)
            _ = Ioctls.Thaw(opened[i]);
    }
}
