using System.Reflection;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;
using Quiesce.Server.Access;
using Quiesce.Storage;

namespace Quiesce.Server.Hosting;

/// <summary>What somebody wants to know of a server before calling for help.</summary>
public sealed class ServerStatus(Store store, DefinitionCatalog definitions, Machines machines, ApiKeys keys, ServerOptions options)
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(ServerStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Where it listens; port 0 has become a real one once it has started.</summary>
    public IReadOnlyList<string> Addresses { get; internal set; } = [];

    private readonly DateTimeOffset _started = options.Time.GetUtcNow();

    /// <summary>Everything as it is now.</summary>
    public async Task<ServerFacts> FactsAsync(CancellationToken ct)
    {
        var counts = await store.CountsAsync(ct);
        var now = options.Time.GetUtcNow();
        return new ServerFacts(Version, _started, Math.Max(0, (now - _started).TotalSeconds), options.DataFolder, Size(options.DataFolder), Free(options.DataFolder), "in-memory",
            Addresses,
            new ServerCounts(counts.Jobs, (await machines.ListAsync(ct)).Count, counts.Sessions, counts.RunningSessions, counts.RestorePoints, definitions.List().Count, counts.Instances, counts.RunningInstances, keys.All.Count,
                counts.AwaitedReplies, counts.Leftovers));
    }

    private static long Size(string folder)
    {
        var files = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return new DirectoryInfo(folder).EnumerateFiles("*", files).Sum(Length);
    }

    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Gone since it was listed.
            return 0;
        }
    }

    private static long Free(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (IOException)
        {
            // A file system that does not tell.
            return 0;
        }
    }
}
