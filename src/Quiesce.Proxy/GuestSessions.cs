using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Channels;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy;

/// <summary>The sessions of this process, one per deployment, from its first operation until it is released or found gone.</summary>
internal sealed class GuestSessions(ProxyOptions options, TimeProvider time, ILogger log) : IAsyncDisposable
{
    // The id alone is the server's to choose; together with the address it cannot lead to another guest's connection.
    private readonly ConcurrentDictionary<(string DeploymentId, string Connect), Lazy<GuestSession>> sessions = new();

    public ProxyOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>The deployment's session, made where this process has none.</summary>
    public GuestSession For(Guest guest) => sessions.GetOrAdd((guest.DeploymentId, guest.Connect), _ => new Lazy<GuestSession>(() => Open(guest))).Value;

    /// <summary>A session for one operation that needs no deployment of its own: named after the operation, so that a repeat finds the runtime that the first sending left.</summary>
    public GuestSession AdHoc(Guest guest, string operationId) =>
        Open(guest with { DeploymentId = "once-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operationId)))[..24] });

    /// <summary>Forgets a deployment and closes its connection.</summary>
    public async Task ForgetAsync(GuestSession session)
    {
        if (sessions.TryGetValue((session.Guest.DeploymentId, session.Guest.Connect), out var known) && known.IsValueCreated && known.Value == session)
            sessions.TryRemove(KeyValuePair.Create((session.Guest.DeploymentId, session.Guest.Connect), known));
        await session.DisposeAsync();
    }

    /// <summary>Closes every link without a goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions.Values.Where(s => s.IsValueCreated))
            await session.Value.DisposeAsync();
        sessions.Clear();
    }

    private GuestSession Open(Guest guest)
    {
        var deployment = Deployment.Of(guest.DeploymentId, options.RuntimeFolder);
        IGuestChannel channel = GuestAddress.Parse(guest) is { } address
            ? new SshChannel(guest, address, options, time)
            : new LocalChannel(guest.Machine, options, time);
        return new GuestSession(guest, deployment, channel, options, time, log);
    }
}
