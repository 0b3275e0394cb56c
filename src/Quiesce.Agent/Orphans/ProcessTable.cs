using System.Text;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Orphans;

/// <summary>What <c>/proc</c> tells of processes that are not our children any more.</summary>
internal static class ProcessTable
{
    /// <summary>The process's start in clock ticks since boot; 0 where there is no such process.</summary>
    public static long StartTicks(int pid)
    {
        try
        {
            // The second field is the program's name in brackets and may hold anything; the start is the 22nd, so the 20th after the bracket.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return long.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[19]);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    /// <summary>The process groups that belong to a script of ours, found by its id or by the random name of its copy.</summary>
    public static List<int> GroupsOf(RunningScript script)
    {
        var groups = new List<int>();
        if (script.ProcessId > 1)
        {
            var ticks = StartTicks(script.ProcessId);
            // Gone with its group still there, or the very same process: ours. Another start time: the id was given to a stranger.
            if ((ticks == 0 || ticks == script.StartTicks) && Posix.Kill(-script.ProcessId, 0) == 0)
                groups.Add(script.ProcessId);
        }
        else
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
                if (int.TryParse(Path.GetFileName(folder), out var pid) && CommandLine(pid).Contains(script.Path, StringComparison.Ordinal) && Posix.GetPgid(pid) == pid)
                    groups.Add(pid);
        return groups;
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
