using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy;

/// <summary>Everything about a guest interaction proxy that somebody may want to set. Every value has a default that works on one machine.</summary>
public sealed record ProxyOptions
{
    /// <summary>The agent for this machine as guest: its executable, its <c>.dll</c>, or the folder that holds either.</summary>
    public string AgentPath { get; init; } = AgentFiles.DiscoverLocal(AppContext.BaseDirectory);

    /// <summary>Folder with one published agent per platform, such as <c>linux-x64/quiesce-agent</c>; null to look beside this program.</summary>
    public string? AgentDownloads { get; init; }

    /// <summary>Folder on the guest under which each deployment gets a private folder. It must not be mounted noexec.</summary>
    public string RuntimeFolder { get; init; } = "/tmp";

    /// <summary>Reconnect attempts after a guest link broke (N1, R2.13).</summary>
    public int GuestReconnects { get; init; } = 1;

    /// <summary>Wait before each reconnect attempt (N3). Attempts times this must stay below the grace time of the runtimes.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for a connection and its authentication.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for a started runtime to say that it is ready, and for an attached one to say hello.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for copying the agent into a guest.</summary>
    public TimeSpan CopyTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a link is pinged, which renews the lease of the runtime behind it (R2.12).</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A link on which nothing at all was heard for this long counts as lost.</summary>
    public TimeSpan LinkSilence { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>A snapshot verb that neither answers nor reports progress for this long counts as lost.</summary>
    public TimeSpan OperationSilence { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What an operation may take beyond its own limits, such as a script's timeout, before its reply counts as never coming.</summary>
    public TimeSpan ReplyAllowance { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for the result record of a runtime that is just ending by the orphan rule.</summary>
    public TimeSpan OrphanWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Records of other deployments are collected by <c>PrepareGuest</c> when they are older than this; younger ones may still be asked for.</summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Operations that work at the same time (N19). What belongs to a machine whose application is held (freeze, snapshot, thaw, post script, release), and a cancel, never waits for a place.</summary>
    public int MaxConcurrentTasks { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>OpenSSH's client program.</summary>
    public string SshProgram { get; init; } = "ssh";

    /// <summary>Told where the proxy stands, before and after each operation that it carries out; crash tests end the process here.</summary>
    public Action<string>? Checkpoint { get; init; }

    /// <summary>File that remembers host keys: trusted on first contact, refused when they change. Null for the account's own.</summary>
    public string? KnownHostsFile { get; init; }
}
