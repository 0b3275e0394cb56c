using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy.Channels;

/// <summary>Tells an unreachable guest from one that refuses us, by what OpenSSH's client says: its exit code is 255 for everything.</summary>
internal static class SshFailure
{
    private static readonly string[] Refusals =
    [
        "Permission denied", "Too many authentication failures", "No supported authentication methods", "Authentication failed",
        "Load key", "invalid format", "Connection closed by authenticating user",
    ];

    public static GuestFailureException Of(string machine, string address, string errors)
    {
        if (Has(errors, "HOST IDENTIFICATION HAS CHANGED") || Has(errors, "Host key verification failed"))
            return new(FailureCodes.Auth, $"The host key of {machine} ({address}) is not the one of the first contact, so nothing was sent to it. If the guest was really installed anew, remove its line from the known hosts file (ssh-keygen -R) and try again.");
        if (Has(errors, "UNPROTECTED PRIVATE KEY FILE"))
            return new(FailureCodes.Auth, $"The private key for {machine} ({address}) can be read by others, so ssh refuses it. Run chmod 600 on it.");
        if (Refusals.Any(r => Has(errors, r)))
            return new(FailureCodes.Auth, $"{machine} ({address}) refused the credentials: {StartFailure.LastLine(errors)}. See that the account exists and that the public key is in its authorized_keys.");

        var said = StartFailure.LastLine(errors);
        var advice = Has(errors, "Could not resolve hostname") ? "See that the name is right and that this machine can resolve it."
            : Has(errors, "Connection refused") ? "See that the guest's ssh service runs and listens on that port."
            : "See that the guest is on, that it has that address, and that no firewall is between.";
        return new(FailureCodes.Connect, $"{machine} ({address}) cannot be reached: {(said.Length == 0 ? "the connection ended without a word" : said)}. {advice}", retryable: true);
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
