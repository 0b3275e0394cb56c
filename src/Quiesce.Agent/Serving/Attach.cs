using System.Net.Sockets;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Serving;

/// <summary><c>quiesce-agent attach</c>: joins stdin and stdout to a serving runtime's socket and knows nothing of what passes.</summary>
internal static class Attach
{
    public static int Run(Options options)
    {
        var file = Path.Combine(options.Folder, "s");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(file));
        }
        catch (SocketException)
        {
            EntryPoint.Say(2, $"quiesce-agent: no runtime listens on {file}. It was released, or ended by the orphan rule and left a record beside its folder.");
            return EntryPoint.NotRunning;
        }
        new Thread(() => Forward(socket)) { IsBackground = true }.Start();
        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = socket.Receive(buffer)) > 0;)
                if (!Posix.TryWrite(1, buffer.AsSpan(0, count)))
                    break;
        }
        catch (SocketException)
        {
            // The runtime ended or took another link: either way this one is over.
        }
        return EntryPoint.Success;
    }

    private static void Forward(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = Posix.Read(0, buffer)) > 0;)
                for (var sent = 0; sent < count;)
                    sent += socket.Send(buffer.AsSpan(sent, count - sent));
            // Replies under way still come through; the runtime sees the end of our side.
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The other direction notices too and ends the program.
        }
    }
}
