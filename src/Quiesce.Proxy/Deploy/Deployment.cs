using System.Text.RegularExpressions;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Deploy;

/// <summary>Where one throw-away runtime lives on its guest. Everything follows from its id, so a process that knows nothing else finds it again.</summary>
internal sealed partial record Deployment
{
    // A unix socket's path may have 107 bytes; the id shares them with the runtime folder.
    private const int LongestSocketPath = 107;

    private Deployment(string id, string runtimeFolder) => (Id, RuntimeFolder) = (id, runtimeFolder);

    public string Id { get; }

    public string RuntimeFolder { get; }

    /// <summary>The private folder, mode 0700.</summary>
    public string Folder => $"{RuntimeFolder}/quiesce-{Id}";

    /// <summary>The socket on which the runtime listens.</summary>
    public string Socket => $"{Folder}/s";

    /// <summary>What the runtime leaves when it ends by the orphan rule.</summary>
    public string Record => $"{RuntimeFolder}/quiesce-orphan-{Id}.json";

    /// <summary>Checks the id, which becomes part of paths and remote commands, before anything is made of it.</summary>
    public static Deployment Of(string id, string runtimeFolder)
    {
        var deployment = new Deployment(id, runtimeFolder.TrimEnd('/'));
        if (!IsId(id))
            throw new GuestFailureException(FailureCodes.Protocol, $"The deployment id '{id}' cannot be used: it must be 1 to 80 letters, digits, dots, dashes or underscores and begin with a letter or digit.");
        if (!runtimeFolder.StartsWith('/') || runtimeFolder.Contains('\n', StringComparison.Ordinal))
            throw new GuestFailureException(FailureCodes.Deploy, $"The runtime folder '{runtimeFolder}' is not an absolute path. Set RuntimeFolder to one, such as /tmp.");
        if (deployment.Socket.Length > LongestSocketPath)
            throw new GuestFailureException(FailureCodes.Deploy, $"The path {deployment.Socket} is longer than a socket's may be ({LongestSocketPath} bytes). Choose a shorter RuntimeFolder.");
        return deployment;
    }

    /// <summary>Whether a string may be a deployment's id.</summary>
    public static bool IsId(string id) => IdPattern().IsMatch(id);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,79}\z")]
    private static partial Regex IdPattern();
}
