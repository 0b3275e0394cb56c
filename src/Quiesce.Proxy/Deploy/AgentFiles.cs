namespace Quiesce.Proxy.Deploy;

/// <summary>Finds the agent's files on this machine; nothing is ever downloaded.</summary>
public static class AgentFiles
{
    internal const string Name = "quiesce-agent";
    private const int LargestLauncher = 1024 * 1024;

    /// <summary>The agent that runs on this machine: beside the program, in its <c>agent</c> folder, or in the build output of a source tree above it. Never throws; a missing agent is a failure of the first deployment.</summary>
    public static string DiscoverLocal(string baseDirectory)
    {
        foreach (var folder in new[] { Path.Combine(baseDirectory, "agent"), baseDirectory })
            if (Executable(folder) is { } file)
                return file;

        var configurations = baseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? new[] { "Release", "Debug" }
            : ["Debug", "Release"];
        foreach (var output in BuildOutputs(baseDirectory))
            foreach (var configuration in configurations)
                if (Executable(Path.Combine(output, configuration, "net10.0")) is { } file)
                    return file;
        return Path.Combine(baseDirectory, "agent", Name);
    }

    /// <summary>The executable or assembly that <paramref name="path"/> names or holds; null where there is none.</summary>
    internal static string? Executable(string path)
    {
        if (File.Exists(path))
            return path;
        var program = Path.Combine(path, Name);
        if (File.Exists(program) && Runs(program))
            return program;
        return File.Exists(program + ".dll") ? program + ".dll" : null;
    }

    // A build copies the launcher, without its assembly, into the output of every project that refers to the agent's: that one runs nothing.
    // The published agent is one file that holds everything, and a hundred times larger.
    private static bool Runs(string program) => File.Exists(program + ".dll") || new FileInfo(program).Length > LargestLauncher;

    /// <summary>The published, self-contained agent for a platform such as <c>linux-x64</c>; null where nobody published one.</summary>
    internal static string? Published(string? downloads, string platform, string baseDirectory)
    {
        IEnumerable<string> folders = downloads is not null
            ? [Path.Combine(downloads, platform)]
            : [
                Path.Combine(baseDirectory, "agents", platform),
                .. BuildOutputs(baseDirectory).Select(o => Path.Combine(o, "Release", "net10.0", platform, "publish")),
              ];
        return folders.Select(f => Path.Combine(f, Name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Build output folders of the agent in the source trees above a folder, nearest first.</summary>
    private static IEnumerable<string> BuildOutputs(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "src", "Quiesce.Agent", "bin") is var output && Directory.Exists(output))
                yield return output;
    }
}
