using System.Globalization;
using System.Text.RegularExpressions;

namespace Quiesce.Jobs.Documents;

/// <summary>Checks how a machine is reached: <c>local</c> or <c>ssh://user@host[:port]</c>.</summary>
public static partial class ConnectAddress
{
    /// <summary>The address of the machine that the server runs on.</summary>
    public const string Local = "local";

    private const string Shape = "Write local, or ssh://user@host[:port]";

    /// <summary>What is wrong with an address, in words; null when all is well. User and host never begin with '-', which ssh would take for an option.</summary>
    public static string? Complaint(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address == Local)
            return null;
        if (!address.StartsWith("ssh://", StringComparison.Ordinal))
            return $"'{address}' is no address of a machine. {Shape}.";
        if (SshAddress().Match(address) is not { Success: true } match)
            return $"'{address}' is not an ssh address. {Shape}, without password, path or spaces.";
        var port = match.Groups["port"].Value;
        return port.Length == 0 || (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535)
            ? null
            : $"The port {port} in '{address}' has to be between 1 and 65535.";
    }

    [GeneratedRegex(@"^ssh://[A-Za-z0-9_][A-Za-z0-9._\\+-]{0,63}@(\[[0-9A-Fa-f:.%a-z]+\]|[A-Za-z0-9]([A-Za-z0-9._-]{0,253}))(:(?<port>[0-9]{1,10}))?/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SshAddress();
}
