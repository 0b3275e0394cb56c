using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Quiesce.Proxy.Channels;

namespace Quiesce.Proxy.Snapshots.Command;

/// <summary>One run of a program that the user named: its arguments as they are, no shell, a session of its own so that a timeout ends all that it started.</summary>
internal static class UserProgram
{
    private const int Term = 15;
    private const int Kill = 9;
    private const int KeptCharacters = 64 * 1024;
    private static readonly TimeSpan TermGrace = TimeSpan.FromSeconds(10);

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was ended because <paramref name="stopping"/> was cancelled.</exception>
    public static async Task<UserProgramEnd> RunAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, TimeSpan timeout, TimeProvider time, CancellationToken stopping)
    {
        await using var process = OperatingSystem.IsLinux()
            ? ChildProcess.Start("setsid", ["--", .. command], environment)
            : ChildProcess.Start(command[0], command.Skip(1), environment);
        process.Input.Close();
        var output = TailAsync(process.Output);
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
        var timedOut = false;
        try
        {
            await process.ExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            stopping.ThrowIfCancellationRequested();
            timedOut = true;
        }
        return new UserProgramEnd(process.ExitCode, timedOut, await AtMostASecond(output), await process.ErrorsAsync());
    }

    private static async Task EndAsync(ChildProcess process)
    {
        Signal(process, Term);
        try
        {
            await process.ExitAsync(CancellationToken.None).WaitAsync(TermGrace);
        }
        catch (TimeoutException)
        {
            // Said below: what ignores TERM is killed.
        }
        Signal(process, Kill);
        await process.ExitAsync(CancellationToken.None);
    }

    private static void Signal(ChildProcess process, int signal)
    {
        // The negative id is the whole group, which is the program's own because setsid made it the leader; it may outlive the program.
        if (OperatingSystem.IsLinux())
            _ = kill(-process.Id, signal);
        else if (!process.HasExited)
            System.Diagnostics.Process.GetProcessById(process.Id).Kill(entireProcessTree: true);
    }

    // What the program left behind may hold stdout open for ever.
    private static async Task<string> AtMostASecond(Task<string> output)
    {
        try
        {
            return await output.WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            return "";
        }
    }

    private static async Task<string> TailAsync(Stream stream)
    {
        var kept = new StringBuilder();
        var buffer = new char[4096];
        using var reader = new StreamReader(stream);
        try
        {
            while (await reader.ReadAsync(buffer) is var read and > 0)
            {
                kept.Append(buffer, 0, read);
                if (kept.Length > 2 * KeptCharacters)
                    kept.Remove(0, kept.Length - KeptCharacters);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Its streams were closed with it.
        }
        return kept.ToString();
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int kill(int process, int signal);
}

/// <summary>How a user's program ended.</summary>
internal sealed record UserProgramEnd(int ExitCode, bool TimedOut, string Output, string Errors);
