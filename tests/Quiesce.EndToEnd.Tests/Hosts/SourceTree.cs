namespace Quiesce.EndToEnd.Tests.Hosts;

/// <summary>The source tree that these tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Workflows.sln")))
                return at.FullName;
        throw new InvalidOperationException($"No source tree above {folder}: run these tests from a clone.");
    }
}
