using Quiesce.EndToEnd.Tests.Hosts;

namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Where screenshots, and traces of tests that failed, are left for people: <c>$QUIESCE_ARTIFACTS</c>, else <c>artifacts/browser</c> in the source tree, which git ignores.</summary>
internal static class Artifacts
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("QUIESCE_ARTIFACTS") is { Length: > 0 } told ? told : Path.Combine(SourceTree.Root, "artifacts", "browser");

    public static string At(string name)
    {
        Directory.CreateDirectory(Folder);
        return Path.Combine(Folder, name);
    }
}
