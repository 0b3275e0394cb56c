using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Channels;

/// <summary>An ssh guest's address, checked so that no part of it can be taken for an option or a command.</summary>
internal sealed partial record GuestAddress(string Host, string? User, int? Port)
{
    private const string Form = "It must be 'local' or 'ssh://user@host[:port]'; correct the machine's \"connect\".";

    /// <summary>Reads <c>ssh://[user@]host[:port]</c>; null for <c>local</c>. Refuses everything else with GP-CONNECT.</summary>
    public static GuestAddress? Parse(Guest guest)
    {
        if (guest.Connect == "local")
            return null;
        const string scheme = "ssh://";
        if (!guest.Connect.StartsWith(scheme, StringComparison.Ordinal))
            throw Refused(guest, "it is neither");

        var rest = guest.Connect[scheme.Length..].TrimEnd('/');
        string? user = null;
        if (rest.LastIndexOf('@') is var at and >= 0)
        {
            user = rest[..at];
            rest = rest[(at + 1)..];
            if (user.Contains(':', StringComparison.Ordinal))
                throw Refused(guest with { Connect = "ssh://…@" + rest }, "it holds a password, which is never put on a command line: use a key (\"identity\")");
            if (!UserPattern().IsMatch(user))
                throw Refused(guest, "the user's name has characters that an account cannot have");
        }

        var (host, port) = SplitPort(rest);
        if (!IsHost(host))
            throw Refused(guest, "the host is not a name or an address");
        if (port is null)
            return new GuestAddress(host, user, null);
        return int.TryParse(port, out var number) && number is > 0 and < 65536
            ? new GuestAddress(host, user, number)
            : throw Refused(guest, $"'{port}' is not a port");
    }

    private static (string Host, string? Port) SplitPort(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is var end and > 0)
            return (text[1..end], text[(end + 1)..] is [':', .. var after] ? after : text.Length == end + 1 ? null : "");
        var colon = text.LastIndexOf(':');
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static bool IsHost(string host) =>
        HostPattern().IsMatch(host) || (IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !host.Contains('%', StringComparison.Ordinal));

    private static GuestFailureException Refused(Guest guest, string why) =>
        new(FailureCodes.Connect, $"The address '{guest.Connect}' of machine {guest.Machine} was refused: {why}. {Form}");

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9._-]{0,252})\z")]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._@+-]{0,63}\z")]
    private static partial Regex UserPattern();
}
