namespace Quiesce.Agent;

/// <summary>How this program is started again: the copied file, the build output, or the build output through the dotnet host.</summary>
internal static class Self
{
    public static (string Path, string[] Prefix) Command
    {
        get
        {
            var process = System.Environment.ProcessPath!;
            return Path.GetFileNameWithoutExtension(process) == "dotnet" ? (process, [Path.Combine(AppContext.BaseDirectory, "quiesce-agent.dll")]) : (process, []);
        }
    }

    /// <summary>The files that must not lie on a file system that is frozen.</summary>
    public static string Binary => System.Environment.ProcessPath!;

    /// <summary>Our own environment, with the runtime's diagnostics off: they would make a socket in the temporary folder, which may be frozen.</summary>
    public static Dictionary<string, string> Environment()
    {
        var all = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry pair in System.Environment.GetEnvironmentVariables())
            all[(string)pair.Key] = (string)pair.Value!;
        all["DOTNET_EnableDiagnostics"] = "0";
        all["DOTNET_TieredPGO"] = "0";
        return all;
    }

    /// <summary>What a script starts with: our environment without the settings of our own runtime.</summary>
    public static Dictionary<string, string> ScriptEnvironment(IReadOnlyDictionary<string, string> added)
    {
        var all = Environment();
        foreach (var name in all.Keys.Where(name => name.StartsWith("DOTNET_", StringComparison.Ordinal) || name.StartsWith("COMPlus_", StringComparison.Ordinal)).ToList())
            all.Remove(name);
        foreach (var (name, value) in added)
            if (name.Length > 0 && !name.Contains('=') && !name.Contains('\0') && !value.Contains('\0'))
                all[name] = value;
        return all;
    }
}
