using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.EndToEnd.Tests.Agent;

/// <summary>One attach to an agent's socket, as the proxy would have it.</summary>
public sealed class AgentLink : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly NetworkStream stream;
    private readonly StreamReader reader;

    public AgentLink(string file)
    {
        socket.Connect(new UnixDomainSocketEndPoint(file));
        socket.ReceiveTimeout = 60_000;
        stream = new NetworkStream(socket);
        reader = new StreamReader(stream, Encoding.UTF8);
        Hello = Next()!.Body!.Value.Deserialize(ContractsJson.Default.HelloBody)!;
    }

    public HelloBody Hello { get; }

    /// <summary>The next message, or null when the link ended.</summary>
    public ChannelMessage? Next()
    {
        try
        {
            return reader.ReadLine() is { } line ? JsonSerializer.Deserialize(line, ContractsJson.Default.ChannelMessage) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Send(ChannelMessage message) => SendRaw(JsonSerializer.Serialize(message, ContractsJson.Default.ChannelMessage) + "\n");

    public void SendRaw(string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    public void Request<T>(string id, T body, JsonTypeInfo<T> type) =>
        Send(new ChannelMessage { Type = "request", Id = id, Verb = typeof(T).Name[..^"Request".Length], Body = JsonSerializer.SerializeToElement(body, type) });

    /// <summary>Asks and waits for the reply to this id, whatever comes in between.</summary>
    public ChannelMessage Ask<T>(string id, T body, JsonTypeInfo<T> type)
    {
        Request(id, body, type);
        return ReplyTo(id);
    }

    public ChannelMessage ReplyTo(string id)
    {
        while (Next() is { } message)
            if (message.Type == "reply" && message.Id == id)
                return message;
        throw new InvalidOperationException($"The link ended before the reply to {id}.");
    }

    public ChannelMessage Run(string id, string script, string phase = "pre", int timeout = 30, string? entrusted = null, int silence = 0, bool stderrIsFailure = false) =>
        Ask(id, ScriptRequest(script, phase, timeout, entrusted, silence, stderrIsFailure), ContractsJson.Default.RunScriptRequest);

    public void Begin(string id, string script, string phase = "pre", string? entrusted = null) => Request(id, ScriptRequest(script, phase, 60, entrusted), ContractsJson.Default.RunScriptRequest);

    public static RunScriptRequest ScriptRequest(string script, string phase = "pre", int timeout = 30, string? entrusted = null, int silence = 0, bool stderrIsFailure = false) =>
        new(phase, File(script), timeout, silence, stderrIsFailure, new Dictionary<string, string> { ["QUIESCE_PHASE"] = phase },
            entrusted is null ? null : new EntrustedScript(File(entrusted), 30, new Dictionary<string, string> { ["QUIESCE_PHASE"] = "post" }));

    public static ScriptFile File(string text) => new("test.sh", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    public static RunScriptReply Script(ChannelMessage reply) => reply.Body!.Value.Deserialize(ContractsJson.Default.RunScriptReply)!;

    public ReleaseGuestReply Release(string id = "release") => Ask(id, new ReleaseGuestRequest(), ContractsJson.Default.ReleaseGuestRequest).Body!.Value.Deserialize(ContractsJson.Default.ReleaseGuestReply)!;

    public void Goodbye() => Send(new ChannelMessage { Type = "goodbye" });

    /// <summary>Ends the link as a cut cable does: without a word.</summary>
    public void Dispose()
    {
        reader.Dispose();
        stream.Dispose();
        socket.Dispose();
    }
}
