using System.Text;

namespace Quiesce.Proxy.Snapshots.Command;

/// <summary>
/// Create programs that outlived their proxy: they run in a session of their own, so its death does not end them. They are found by the variables that they and all they started
/// were given, and ended: a point must not come into being behind the back of its deletion.
/// </summary>
internal static class LeftPrograms
{
    /// <summary>The variable that names the restore point.</summary>
    public const string RestorePoint = "QUIESCE_RESTORE_POINT_ID";

    /// <summary>The variable that says what a program was started for.</summary>
    public const string Action = "QUIESCE_ACTION";

    private const int Term = 15, Kill = 9;
    private static readonly TimeSpan TermGrace = TimeSpan.FromSeconds(10);

    /// <summary>Ends every create program of this point: TERM, 10 s later KILL. When this returns, none runs any more.</summary>
    public static async Task EndAsync(string restorePoint, TimeProvider time, CancellationToken stopping)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var begun = time.GetTimestamp();
        while (Find(restorePoint) is { Count: > 0 } left)
        {
            foreach (var process in left)
                _ = UserProgram.kill(process, time.GetElapsedTime(begun) < TermGrace ? Term : Kill);
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, stopping);
        }
    }

    private static List<int> Find(string restorePoint)
    {
        byte[] id = Encoding.UTF8.GetBytes($"{RestorePoint}={restorePoint}\0"), action = Encoding.UTF8.GetBytes($"{Action}=create\0");
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var process) || process == Environment.ProcessId)
                continue;
            try
            {
                var environment = File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan();
                if (environment.IndexOf(id) >= 0 && environment.IndexOf(action) >= 0)
                    found.Add(process);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another account's, or it ended while we looked.
            }
        }
        return found;
    }
}
