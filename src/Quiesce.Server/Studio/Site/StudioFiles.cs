using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Quiesce.Server.Studio.Site;

/// <summary>The list of Studio's files, made once. What is not in the list does not exist: no path of a request ever reaches the file system.</summary>
internal sealed partial class StudioFiles
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".wasm"] = "application/wasm", [".js"] = "text/javascript", [".css"] = "text/css", [".json"] = "application/json", [".dat"] = "application/octet-stream",
        [".woff2"] = "font/woff2", [".png"] = "image/png", [".ico"] = "image/x-icon", [".cur"] = "image/x-icon", [".webmanifest"] = "application/manifest+json",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The package's own page names an element that does not exist and fonts of another site; its manifest is npm's business.
    private static readonly FrozenSet<string> NotServed = new[] { "index.html", "package.json" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, StudioFile> _files;

    public StudioFiles(string folder)
    {
        Folder = folder;
        var all = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        _files = all.Where(IsServed).ToFrozenDictionary(path => path, path => Describe(path, all), StringComparer.Ordinal);
    }

    /// <summary>Where they lie.</summary>
    public string Folder { get; }

    /// <summary>All of them, for whoever counts.</summary>
    public IEnumerable<StudioFile> All => _files.Values;

    /// <summary>The file at this path under <c>/studio/</c>; null where there is none.</summary>
    public StudioFile? Find(string path) => _files.GetValueOrDefault(path);

    private static bool IsServed(string path) => Types.ContainsKey(Path.GetExtension(path)) && !NotServed.Contains(path);

    private StudioFile Describe(string path, HashSet<string> all)
    {
        string? Sibling(string ending) => all.Contains(path + ending) ? Path.Combine(Folder, path + ending) : null;
        return new StudioFile(Types[Path.GetExtension(path)], Fingerprint().IsMatch(path), Path.Combine(Folder, path), Sibling(".br"), Sibling(".gz"));
    }

    [GeneratedRegex(@"^_framework/.*\.[a-z0-9]{10}\.(wasm|js|dat)$|\.[a-z0-9]{10}\.bundle\.scp\.css$", RegexOptions.CultureInvariant)]
    private static partial Regex Fingerprint();
}
