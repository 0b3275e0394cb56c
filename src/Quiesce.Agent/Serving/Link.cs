using System.Net.Sockets;
using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Agent.Serving;

/// <summary>One attached peer: lines in on a thread of its own, lines out from whoever has something to say.</summary>
internal sealed class Link(Socket socket, Action<Link, ChannelMessage> receive, Action<Link> ended)
{
    private readonly Lock writing = new();
    private volatile bool closed;

    /// <summary>Set when the peer took leave: then no grace time runs.</summary>
    public bool SaidGoodbye { get; set; }
    /// <summary>Monotonic time of the last line from the peer.</summary>
    public long HeardAt { get; private set; } = Environment.TickCount64;
    /// <summary>Whether this peer keeps its lease by pinging; one that never pings is not judged by silence.</summary>
    public bool Pings { get; set; }

    public void Start() => new Thread(Read) { IsBackground = true, Name = "link" }.Start();

    /// <summary>Sends one line; a link that cannot take it is closed, and the reply stays stored for the next attach.</summary>
    public void Send(ChannelMessage message)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, ContractsJson.Default.ChannelMessage);
        Array.Resize(ref bytes, bytes.Length + 1);
        bytes[^1] = (byte)'\n';
        lock (writing)
        {
            if (closed)
                return;
            try
            {
                for (var sent = 0; sent < bytes.Length;)
                    sent += socket.Send(bytes.AsSpan(sent), SocketFlags.None);
            }
            catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
            {
                Close();
            }
        }
    }

    /// <summary>Ends the link; its reader notices and reports it.</summary>
    public void Close()
    {
        closed = true;
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The peer, or our own reader, was quicker.
        }
    }

    private void Read()
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        try
        {
            while (!closed)
            {
                if (length == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(buffer.Length * 2, ChannelMessage.MaxLineBytes + 1));
                var count = socket.Receive(buffer.AsSpan(length));
                if (count == 0)
                    break;
                HeardAt = Environment.TickCount64;
                var searched = length;
                length += count;
                var start = 0;
                for (int end; (end = buffer.AsSpan(searched, length - searched).IndexOf((byte)'\n')) >= 0;)
                {
                    Take(buffer.AsSpan(start, searched + end - start));
                    start = searched = searched + end + 1;
                }
                length -= start;
                buffer.AsSpan(start, length).CopyTo(buffer);
                if (length > ChannelMessage.MaxLineBytes)
                {
                    Refuse(FailureCodes.Protocol, $"A line of more than {ChannelMessage.MaxLineBytes} bytes came over the guest channel; the link is closed. Send large content in smaller requests.");
                    break;
                }
                if (length == 0 && buffer.Length > 1024 * 1024)
                    buffer = new byte[16 * 1024];
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // A broken link is an ended link.
        }
        finally
        {
            closed = true;
            ended(this);
            lock (writing)
                socket.Dispose();
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \r\t"u8).IsEmpty)
            return;
        ChannelMessage? message;
        try
        {
            message = JsonSerializer.Deserialize(line, ContractsJson.Default.ChannelMessage);
        }
        catch (JsonException wrong)
        {
            Refuse(FailureCodes.Protocol, $"A line that is not a message came over the guest channel ({wrong.Message}). Both sides must speak version {ChannelMessage.CurrentVersion}.");
            return;
        }
        if (message is null)
            Refuse(FailureCodes.Protocol, "An empty message came over the guest channel.");
        else if (message.Version != ChannelMessage.CurrentVersion)
            Send(new ChannelMessage { Type = "reply", Id = message.Id, Verb = message.Verb, Failure = new Failure(FailureCodes.Version,
                $"The other side speaks version {message.Version} of the guest channel, this runtime {ChannelMessage.CurrentVersion}. Deploy the runtime that belongs to your Quiesce.") });
        else
            receive(this, message);
    }

    private void Refuse(string code, string words) => Send(new ChannelMessage { Type = "reply", Failure = new Failure(code, words) });
}
