using System.Text.Json;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Deploy;

/// <summary>The agent's command line, as both sides agreed on it.</summary>
internal static class AgentCommand
{
    /// <summary>Starts a runtime, or finds the one that already serves this folder; prints a ready line and detaches.</summary>
    public static IReadOnlyList<string> Serve(Deployment deployment, PrepareGuestRequest settings) =>
        ["serve", "--dir", deployment.Folder, "--deployment", deployment.Id, "--grace", $"{settings.GraceSeconds}", "--expiry", $"{settings.ExpirySeconds}"];

    /// <summary>Joins stdin and stdout to the runtime of this folder.</summary>
    public static IReadOnlyList<string> Attach(Deployment deployment) => ["attach", "--dir", deployment.Folder];

    /// <summary>Whether a line of <c>serve</c> says that the runtime listens.</summary>
    public static bool IsReady(string line)
    {
        if (!line.StartsWith('{'))
            return false;
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("type", out var type) && type.ValueEquals("ready");
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
