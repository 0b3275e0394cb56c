using System.IO.Compression;

namespace Quiesce.Tests.StudioSite;

/// <summary>A folder that looks like the designer's package: a few files in the forms that the real one has.</summary>
internal sealed class StudioPackage : IDisposable
{
    public const string Name = "@elsa-workflows/elsa-studio-wasm";
    public const string Version = "3.8.2";
    public const string Fingerprinted = "_framework/App.abcdef0123.wasm";
    public const string Script = "_framework/dotnet.js";

    private StudioPackage(string folder) => Folder = folder;

    public string Folder { get; }

    public static StudioPackage At(string? folder = null, string version = Version)
    {
        var package = new StudioPackage(folder ?? Directory.CreateTempSubdirectory("quiesce-studio-test-").FullName);
        package.Write("package.json", $$"""{ "name": "{{Name}}", "version": "{{version}}" }""");
        package.Write("index.html", "a leftover");
        package.Write("appsettings.json", "{}");
        package.Write("_content/X/font.woff2", "letters");
        package.Write("_content/X/x.js.map", "{}");
        foreach (var file in new[] { Fingerprinted, Script })
            package.Compressed(file, string.Concat(Enumerable.Repeat("the same again ", 100)));
        return package;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void Compressed(string file, string text)
    {
        Write(file, text);
        using (var brotli = new BrotliStream(File.Create(Path.Combine(Folder, file + ".br")), CompressionLevel.Optimal))
            brotli.Write(System.Text.Encoding.UTF8.GetBytes(text));
        using var gzip = new GZipStream(File.Create(Path.Combine(Folder, file + ".gz")), CompressionLevel.Optimal);
        gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
