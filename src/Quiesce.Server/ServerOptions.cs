using System.Net;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server;

/// <summary>Everything about a server that somebody may want to set. Only the data folder has no default.</summary>
public sealed record ServerOptions
{
    /// <summary>Address when nobody names one: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Folder of the database, the keys and the workflows; made with mode 0700 where it is missing. One process at a time works on it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where the REST API listens; several are separated by ';', port 0 takes a free one. Null for no HTTP at all.</summary>
    public string? Urls { get; init; } = DefaultUrl;

    /// <summary>Listen in plain text on an address that other machines reach. Only behind something that encrypts.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Folder of the workflow definitions; null for <c>workflows</c> in the data folder.</summary>
    public string? WorkflowsFolder { get; init; }

    /// <summary>Folder of the definitions that come with the program. They fill the workflows folder at first start; a file that is there is never overwritten.</summary>
    public string ShippedWorkflows { get; init; } = Path.Combine(AppContext.BaseDirectory, "workflows");

    /// <summary>Folder of stock Elsa Studio (the npm package, or where npm installed it); null to look beside the program, in the data folder and where the build fetched it.</summary>
    public string? StudioFolder { get; init; }

    /// <summary>How long other servers wait without a sign of life before they take this one's sessions over.</summary>
    public TimeSpan OwnerLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest one sending on the bus may take. Neither a request timeout nor a token bounds it while a broker is away.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait before something is sent again whose sending failed or may have failed.</summary>
    public TimeSpan SendAgain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An operation that was sent and not answered for this long is sent again: workers do it once per id, so that this only brings a lost reply back.</summary>
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the workflows folder is looked at where the file system does not tell of changes.</summary>
    public TimeSpan WorkflowPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for bursts in hand.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Write a log file into the data folder, from level information on. Warnings go to standard error in any case.</summary>
    public bool LogFile { get; init; }

    /// <summary>How often the janitor looks for what is owed to guests.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Settings of the runner.</summary>
    public RunnerOptions Runner { get; init; } = new();

    /// <summary>The clock of everything here.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How often a client's key is noted as used.</summary>
    internal TimeSpan TouchEvery { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Where the workflows are.</summary>
    internal string Workflows => WorkflowsFolder ?? Path.Combine(DataFolder, "workflows");

    internal IReadOnlyList<Uri> Addresses => Urls is null ? [] : [.. Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Address)];

    /// <summary>Checks everything that can be checked before anything is touched.</summary>
    /// <exception cref="RefusedException">A setting makes no sense or is not safe; the message says which and what to do.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(DataFolder) || !Path.IsPathFullyQualified(DataFolder))
            throw Invalid($"The data folder '{DataFolder}' is not an absolute path. Name a folder of its own, such as /var/lib/quiesce.");
        foreach (var (name, value) in new[] { (nameof(OwnerLease), OwnerLease), (nameof(SendTimeout), SendTimeout), (nameof(SendAgain), SendAgain), (nameof(AskAgain), AskAgain), (nameof(WorkflowPoll), WorkflowPoll), (nameof(StopTimeout), StopTimeout), (nameof(Sweep), Sweep) })
            if (value < TimeSpan.FromMilliseconds(1) || value > TimeSpan.FromDays(1))
                throw Invalid($"{name} is {value}; it has to be between a millisecond and a day.");
        if (OwnerLease < TimeSpan.FromSeconds(3))
            throw Invalid($"OwnerLease is {OwnerLease}; below three seconds a busy server would lose its sessions to another. Make it longer.");
        if (Urls is not null && Addresses.Count == 0)
            throw Invalid("No address to listen on is given. Name one, such as http://127.0.0.1:5080.");
        foreach (var address in Addresses)
            if (!AllowPlainHttp && !IsLoopback(address))
                throw Invalid($"{address} can be reached from other machines, and over plain http its keys could be read on the way. Listen on 127.0.0.1 behind something that encrypts, or allow plain http expressly.");
    }

    private static Uri Address(string text)
    {
        // What listens on every address is not a host name that a URI could hold.
        var readable = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(readable, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw Invalid($"'{text}' is no address to listen on. Write something like http://127.0.0.1:5080.");
        if (address.Scheme == "https")
            throw Invalid($"{text}: this server does not hold certificates. Listen on http://127.0.0.1 and put something before it that encrypts.");
        if (address.AbsolutePath != "/" || address.Query.Length > 0)
            throw Invalid($"'{text}' has a path; an address to listen on is host and port only.");
        return address;
    }

    private static bool IsLoopback(Uri address) => address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static RefusedException Invalid(string message) => new(ProblemCodes.Invalid, message);
}
