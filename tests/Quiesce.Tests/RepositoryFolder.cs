namespace Quiesce.Tests;

/// <summary>Where the checkout is, found from the test's own folder upwards.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Workflows.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no Workflows.sln above {from}: run the tests inside a checkout");
    }
}
