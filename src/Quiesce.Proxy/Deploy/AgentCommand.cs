using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Proxy.Deploy;

/// <summary>The agent's command line, as both sides agreed on it.</summary>
internal static class AgentCommand
{
    /// <summary>Starts a runtime, or finds the one that already serves this folder; prints a ready line and detaches.</summary>
    public static IReadOnlyList<string> Serve(Deployment deployment, PrepareGuestRequest settings) =>
        ["serve", "--dir", deployment.Folder, "--deployment", deployment.Id, "--grace", $"{settings.GraceSeconds}", "--expiry", $"{settings.ExpirySeconds}"];

    /// <summary>Joins stdin and stdout to the runtime of this folder.</summary>
    public static IReadOnlyList<string> Attach(Deployment deployment) => ["attach", "--dir", deployment.Folder];

    /// <summary>Undoes and removes what a runtime that died left behind.</summary>
    public static IReadOnlyList<string> Orphan(Deployment deployment) => ["orphan", "--dir", deployment.Folder];

    /// <summary>What a line of <c>serve</c> says; null for one that is not its ready line.</summary>
    public static ReadyLine? Ready(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            return JsonSerializer.Deserialize(line, ContractsJson.Default.ReadyLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Throws what a runtime that did not start says of itself.</summary>
    public static void Check(ReadyLine ready, string machine)
    {
        if (!ready.Ready)
            throw new GuestFailureException(ready.Failure ?? new Failure(FailureCodes.Start, $"The agent on {machine} said that it is not ready and not why. See its log in the runtime folder."));
    }
}
