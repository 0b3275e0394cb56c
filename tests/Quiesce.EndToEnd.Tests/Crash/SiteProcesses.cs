using System.Diagnostics;

namespace Quiesce.EndToEnd.Tests.Crash;

/// <summary>The runtimes of one site, found by the folder on their command line: nobody else has that folder.</summary>
internal static class SiteProcesses
{
    /// <summary>Process id and command line of each, but for the servers of the site.</summary>
    public static IReadOnlyList<string> Of(string runtimes) => [.. Find(runtimes).Select(found => $"{found.Id} {found.Line}")];

    /// <summary>Processes with something on their command line.</summary>
    public static IReadOnlyList<string> With(string part) => [.. Find(part).Select(found => $"{found.Id} {found.Line}")];

    /// <summary>The serving agent's process; 0 where there is none.</summary>
    public static int Agent(string runtimes) => Find(runtimes).FirstOrDefault(found => found.Line.Contains(" serve --dir ", StringComparison.Ordinal)).Id;

    /// <summary>The guardian's process; 0 where there is none.</summary>
    public static int Guardian(string runtimes) => Find(runtimes).FirstOrDefault(found => found.Line.Contains(" orphan --dir ", StringComparison.Ordinal)).Id;

    public static void Kill(params IEnumerable<int> processes)
    {
        foreach (var id in processes.Where(id => id > 1))
        {
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -9 {id}"]);
            kill.WaitForExit();
        }
    }

    /// <summary>For the end of a test that failed: nothing of it may live on.</summary>
    public static void Kill(string runtimes) => Kill(Find(runtimes).Select(found => found.Id));

    private static List<(int Id, string Line)> Find(string runtimes)
    {
        List<(int, string)> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id) || id == Environment.ProcessId)
                continue;
            try
            {
                var line = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
                if (line.Contains(runtimes, StringComparison.Ordinal) && !line.Contains("--runtime-folder", StringComparison.Ordinal))
                    found.Add((id, line));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }
        return found;
    }
}
