using System.Text.Json.Serialization;

namespace Quiesce.Contracts.Rest;

/// <summary>A job as its file states it (the published schema is <c>job.schema.json</c>). Script entries are file names in the file and, once applied, carry their hash.</summary>
/// <remarks>Members with a default have a setter: source-generated JSON gives every init-only member that a file leaves out the default of its type instead, a retry count of 0 for 3.</remarks>
public sealed record JobDocument
{
    /// <summary>The machine workflow of a job that names none.</summary>
    public const string StandardWorkflow = "machine-snapshot";

    public required string Name { get; init; }
    /// <summary>Definition id of the machine workflow.</summary>
    public string Workflow { get; set; } = StandardWorkflow;
    public int MaxConcurrentMachines { get; set; } = 4;
    /// <summary>In the order of the job settings, which is the order of processing (R5.22).</summary>
    public required IReadOnlyList<MachineEntry> Machines { get; init; }
    public required SourceSettings Source { get; init; }
    public SnapshotSettings Snapshot { get; set; } = new();
    public GuestProcessingSettings GuestProcessing { get; set; } = new();
    public RetrySettings Retry { get; set; } = new();
    /// <summary>When the job starts by itself; null for by hand only.</summary>
    public ScheduleSettings? Schedule { get; init; }
    /// <summary>A job that is not enabled is started by hand only: its schedule rests, and it follows no other job (R5.18).</summary>
    public bool IsEnabled { get; set; } = true;
}

/// <summary>One machine of a job. What it states itself wins over the job (R4.4).</summary>
public sealed record MachineEntry
{
    public required string Name { get; init; }
    /// <summary><c>local</c> or <c>ssh://user@host[:port]</c>.</summary>
    public required string Connect { get; init; }
    /// <summary>Private key file; relative to the job file until applied, absolute after.</summary>
    public string? Identity { get; init; }
    public string Platform { get; set; } = "linux";
    public SourceSettings? Source { get; init; }
    public SnapshotSettings? Snapshot { get; init; }
    public GuestProcessingSettings? GuestProcessing { get; init; }
}

public sealed record SourceSettings
{
    /// <summary>Absolute path on the guest.</summary>
    public required string Path { get; init; }
}

public sealed record SnapshotSettings
{
    /// <summary><c>directory</c>, <c>btrfs</c> or <c>command</c>.</summary>
    public string Provider { get; set; } = "directory";
    /// <summary>How many complete restore points of a machine are kept; 0 keeps all.</summary>
    public int Keep { get; set; } = 7;
    /// <summary>Folder that takes the restore points; null for the provider's default beside the data.</summary>
    public string? Target { get; init; }
    /// <summary><c>auto</c>, <c>always</c> or <c>never</c>.</summary>
    public string Freeze { get; set; } = "auto";
    /// <summary>The dead-man timer of a file-system freeze in seconds (R4.30).</summary>
    public int ThawAfterSeconds { get; set; } = 60;
    public IReadOnlyList<string>? Create { get; init; }
    public IReadOnlyList<string>? Delete { get; init; }
    public IReadOnlyList<string>? Restore { get; init; }
    /// <summary>The longest one command of the <c>command</c> provider may take.</summary>
    public int TimeoutSeconds { get; set; } = 3600;
}

/// <summary>The app mode of section 2.7.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AppMode>))]
public enum AppMode { RequireSuccess, IgnoreFailures, Disabled }

/// <summary>The script mode of R4.9.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScriptMode>))]
public enum ScriptMode { RequireSuccess, IgnoreExecFailures, DisableExec }

public sealed record GuestProcessingSettings
{
    public AppMode Mode { get; set; } = AppMode.RequireSuccess;
    public ScriptSettings? Scripts { get; init; }
    /// <summary>Seconds that the runtime outlives a broken link before the orphan rule.</summary>
    public int GraceSeconds { get; set; } = 60;
}

public sealed record ScriptSettings
{
    public ScriptMode Mode { get; set; } = ScriptMode.RequireSuccess;
    /// <summary>Of each script, from process start (N4).</summary>
    public int TimeoutSeconds { get; set; } = 600;
    /// <summary>0 for none (R4.18).</summary>
    public int NoOutputTimeoutSeconds { get; init; }
    public bool StderrIsFailure { get; init; }
    public int PreRetries { get; init; }
    /// <summary>R4.20.</summary>
    public int PostRetries { get; set; } = 2;
    public ScriptPair? Linux { get; init; }
    public ScriptPair? Windows { get; init; }
}

/// <summary>Script files by name; the hashes are filled when the job is applied.</summary>
public sealed record ScriptPair
{
    public string? Pre { get; init; }
    public string? Post { get; init; }
    public string? PreSha256 { get; init; }
    public string? PostSha256 { get; init; }
}

/// <summary>N11: automatic retries of sessions that were not started by hand, and the wait between them (R5.4–R5.9). A continuous schedule waits 0.</summary>
public sealed record RetrySettings
{
    public int Count { get; set; } = 3;
    public int WaitSeconds { get; set; } = 600;
}
