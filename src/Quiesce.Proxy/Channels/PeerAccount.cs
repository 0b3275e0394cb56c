using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;

namespace Quiesce.Proxy.Channels;

/// <summary>Who serves a local socket. The runtime folder may lie where every account can write, so the kernel is asked instead of the path.</summary>
internal static class PeerAccount
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>True when the peer runs as our own account or as root. Elsewhere than on Linux there is no such question, and a local guest is not served.</summary>
    public static bool IsOurs(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return false;
        Span<byte> credentials = stackalloc byte[12];
        if (socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) < 8) return false;
        var peer = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..8]);
        return peer == 0 || peer == Ours;
    }

    // "Uid:" real, effective, saved, file system.
    private static uint Ours { get; } = File.ReadLines("/proc/self/status").Where(line => line.StartsWith("Uid:", StringComparison.Ordinal))
        .Select(line => uint.Parse(line.Split('\t', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture)).First();
}
