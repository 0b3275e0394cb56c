namespace Quiesce.Storage;

/// <summary>Why the database could not do its work.</summary>
public enum StorageProblem
{
    /// <summary>Anything not named here.</summary>
    Other,

    /// <summary>Another process holds the database or its data folder. Goes away by itself when the other lets go.</summary>
    Locked,

    /// <summary>No room left. Goes away when room is made; what was acknowledged is safe.</summary>
    Full,

    /// <summary>The file is damaged or is not a database.</summary>
    Corrupt,

    /// <summary>The file cannot be opened or written: path, rights, read-only file system.</summary>
    Unusable,

    /// <summary>A newer program wrote this database.</summary>
    NewerSchema,

    /// <summary>The store was closed.</summary>
    Closed,
}

/// <summary>The database could not do its work. Nothing of the call that threw was written. The message says what happened, to which file, and what to do next.</summary>
public sealed class StorageException : Exception
{
    public StorageException(StorageProblem problem, string message, Exception? inner = null) : base(message, inner) => Problem = problem;

    /// <summary>What kind of trouble it is.</summary>
    public StorageProblem Problem { get; }

    /// <summary>True when the same call may succeed later without anybody repairing the file: locked, full.</summary>
    public bool IsTransient => Problem is StorageProblem.Locked or StorageProblem.Full;
}
