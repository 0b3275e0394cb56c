namespace Quiesce.Agent.Serving;

/// <summary>One throw-away runtime: its private folder and how long it lives without us.</summary>
/// <param name="Folder">Absolute, mode 0700; everything the runtime writes is in it, and goes with it.</param>
/// <param name="Scripts">Where uploaded scripts are written and run, inside <paramref name="Folder"/> unless told otherwise.</param>
/// <param name="Grace">How long it outlives a broken link before the orphan rule.</param>
/// <param name="Expiry">How long it lives at most, whatever happens (R2.11).</param>
internal sealed record Deployment(string Folder, string Id, string Scripts, TimeSpan Grace, TimeSpan Expiry)
{
    public string Socket => Path.Combine(Folder, "s");
    public string Lock => Path.Combine(Folder, "lock");
    public string Log => Path.Combine(Folder, "log");
    public string ManifestFile => Path.Combine(Folder, "manifest.json");
}

/// <summary>What the folder says of itself to whoever finds it (R2.3).</summary>
internal sealed record Manifest(string DeploymentId, string RuntimeVersion, int ProcessId, string Socket, string Scripts, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, double GraceSeconds);
