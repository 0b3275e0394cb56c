using System.Reflection;
using System.Text.Json;

namespace Quiesce.Server.Studio.Site;

/// <summary>
/// Finds the files of stock Elsa Studio: where the options say, else beside the program (<c>studio</c>), else in the data folder (<c>studio</c>), else where the build fetched them.
/// Looks again as long as it has not found any, so that adding them needs no restart.
/// </summary>
internal sealed class StudioFolder(ServerOptions options)
{
    /// <summary>The package on npm.</summary>
    public const string Package = "@elsa-workflows/elsa-studio-wasm";

    /// <summary>The version this server was made for: file names, the policy's hashes and the API's details change with each one.</summary>
    public const string Version = "3.8.2";

    private readonly Lock _looking = new();
    private StudioFiles? _files;

    /// <summary>Where somebody adds the files to a running server: the folder that was named, else one in the data folder.</summary>
    public string ToAddTo => options.StudioFolder ?? InDataFolder;

    private string InDataFolder => Path.Combine(options.DataFolder, "studio");

    /// <summary>The files; null with the reason where they are not there or of another version.</summary>
    public StudioFiles? Files(out string? missing)
    {
        missing = null;
        if (Volatile.Read(ref _files) is { } found)
            return found;
        lock (_looking)
        {
            if (_files is null && Find(out missing) is { } folder)
                Volatile.Write(ref _files, new StudioFiles(folder));
            return _files;
        }
    }

    private string? Find(out string? missing)
    {
        missing = null;
        foreach (var candidate in Candidates())
        {
            // Either the package itself or the folder in which npm installed it.
            foreach (var folder in new[] { candidate, Path.Combine(candidate, "node_modules", Package) })
            {
                if (VersionIn(folder) is not { } version)
                    continue;
                if (version == Version)
                    return folder;
                missing ??= $"{folder} holds version {version} of it, and this server works with {Version} only.";
            }
        }

        missing ??= options.StudioFolder is { } told ? $"There are no such files in {told}." : "Its files are not there.";
        return null;
    }

    private IEnumerable<string> Candidates()
    {
        if (options.StudioFolder is { } told)
            return [told];
        var built = typeof(StudioFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(one => one.Key == nameof(StudioFolder))?.Value;
        return new[] { Path.Combine(AppContext.BaseDirectory, "studio"), InDataFolder, built }.OfType<string>();
    }

    private static string? VersionIn(string folder)
    {
        var manifest = Path.Combine(folder, "package.json");
        if (!File.Exists(manifest) || !Directory.Exists(Path.Combine(folder, "_framework")))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
            return document.RootElement.GetProperty("name").GetString() == Package ? document.RootElement.GetProperty("version").GetString() : null;
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
