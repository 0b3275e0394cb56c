using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Snapshots;

/// <summary>Where a restore point is or will be: a folder named by its id, in a folder of points. Nothing outside that folder is ever made or removed.</summary>
/// <param name="Source">Absolute, without links where it exists.</param>
/// <param name="Folder">The folder of points.</param>
internal sealed record PointPlace(string Id, string Source, string Folder)
{
    public const string DefaultName = ".quiesce-snapshots";

    public string Location => Path.Combine(Folder, Id);
    /// <summary>Its name until it is whole.</summary>
    public string Incomplete => Location + ".incomplete";
    /// <summary>What it is and how it was made, beside it.</summary>
    public string RecordFile => Location + ".json";

    /// <exception cref="OperationException">GP-SNAPSHOT: the id cannot name a folder, or a given location is not one of this id.</exception>
    public static PointPlace Of(string id, string source, ProviderSettings settings, string? location)
    {
        if (id is not { Length: > 0 and <= 200 } || id.StartsWith('.') || id.EndsWith(".incomplete", StringComparison.Ordinal) || id.Any(c => c is '/' or '\0' or '\\'))
            throw new OperationException(FailureCodes.Snapshot, $"'{id}' cannot name a restore point: 1 to 200 characters, no slash, no dot in front.");
        if (source is not { Length: > 0 } || source[0] != '/' || settings?.Name is null)
            throw new OperationException(FailureCodes.Snapshot, $"'{source}' is no absolute path, or no provider is named. Correct the job's source and snapshot settings.");
        source = Files.RealPath(source) ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        if (location is not null)
        {
            var given = Path.GetFullPath(location);
            // A wrong location must not make us remove or read a stranger's folder.
            if (Path.GetFileName(given) != id)
                throw new OperationException(FailureCodes.Snapshot, $"{location} is no place of restore point {id}; nothing was done.");
            return new PointPlace(id, source, Path.GetDirectoryName(given)!);
        }
        if (settings.Target is { Length: > 0 } target)
            return target[0] == '/' ? new PointPlace(id, source, Path.TrimEndingDirectorySeparator(Path.GetFullPath(target)))
                : throw new OperationException(FailureCodes.Snapshot, $"The snapshot target '{target}' is no absolute path. Correct the job.");
        return new PointPlace(id, source, Default(source, settings.Name));
    }

    private static string Default(string source, string provider)
    {
        // The root of a mounted btrfs has nothing of the same file system beside it; there the points go inside, where a snapshot leaves them out.
        var parent = provider == "btrfs" && Freezing.MountTable.Read().Holding(source)?.MountPoint == source ? source : Path.GetDirectoryName(source);
        return parent is null
            ? throw new OperationException(FailureCodes.Snapshot, "There is nothing beside / to put restore points in. Name a target in the job's snapshot settings.")
            : Path.Combine(parent, DefaultName);
    }

    /// <summary>Takes the folder of points away again where we made it and it is empty.</summary>
    public void RemoveEmptyFolder()
    {
        if (Path.GetFileName(Folder) == DefaultName)
            TreeRemoval.RemoveIfEmpty(Folder);
    }
}

/// <summary>What is written beside a restore point that is whole.</summary>
internal sealed record PointRecord(string RestorePointId, string Source, string Method, long Bytes, DateTimeOffset CreatedAt);
