using Quiesce.Agent.Native;

namespace Quiesce.Agent.Orphans;

/// <summary>
/// A shell that waits on a pipe whose other end only the serving process holds. The pipe ends when that process dies, even by <c>kill -9</c>; without a goodbye before, the shell becomes
/// <c>quiesce-agent orphan</c>. It costs about a megabyte and no time.
/// </summary>
internal sealed class Guardian(string folder)
{
    private const string Script = """read -r word; [ "$word" = goodbye ] && exit 0; exec "$0" "$@" """;
    private int pid;
    private int pipe = -1;

    /// <exception cref="PosixException">There is no shell to start; without a guardian nothing may be promised.</exception>
    public void Start()
    {
        var (read, write) = Posix.Pipe();
        var (path, prefix) = Self.Command;
        pid = Spawn.Start("/bin/sh", ["-c", Script, path, .. prefix, "orphan", "--dir", folder], Self.Environment(), read, -1, -1, out var error);
        Posix.Close(read);
        if (pid == 0)
        {
            Posix.Close(write);
            throw new PosixException(error, "start the guardian with /bin/sh");
        }
        pipe = write;
    }

    /// <summary>Everything was undone in good order; the guardian ends without doing anything.</summary>
    public unsafe void Goodbye()
    {
        if (pipe < 0)
            return;
        Posix.TryWrite(pipe, "goodbye\n"u8);
        Posix.Close(pipe);
        pipe = -1;
        Posix.WaitPid(pid, null, 0);
    }
}
