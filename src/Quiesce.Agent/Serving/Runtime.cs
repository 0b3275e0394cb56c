using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Orphans;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Agent.Serving;

/// <summary>
/// The serving process: takes requests from one link at a time, carries each out once, outlives a broken link for its grace time, and then follows the orphan rule.
/// Every deadline is measured on the monotonic clock, so setting the wall clock neither hastens nor delays it.
/// </summary>
internal sealed class Runtime
{
    private const int MostAtOnce = 64;
    private readonly object gate = new();
    private readonly long bornAt = Environment.TickCount64;
    private Link? link;
    private long? linkLostAt = Environment.TickCount64;
    private bool leaving;
    private bool released;

    public Runtime(Deployment deployment, StateFile state, Guardian guardian, TimeProvider clock)
    {
        Deployment = deployment;
        State = state;
        Guardian = guardian;
        Clock = clock;
        Log = new Log(deployment.Log, clock);
        Freeze = new HeldFreeze(Log, state);
    }

    public static string Version { get; } = typeof(Runtime).Assembly.GetName().Version!.ToString(3);
    public static string Platform => $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    public Deployment Deployment { get; }
    public StateFile State { get; }
    public Guardian Guardian { get; }
    public TimeProvider Clock { get; }
    public Log Log { get; }
    public Journal Journal { get; } = new();
    public HeldFreeze Freeze { get; }

    /// <summary>Serves until it was released, abandoned or has expired; nothing of it is left when this returns.</summary>
    public void Run(Socket listener)
    {
        new Thread(() => Accept(listener)) { IsBackground = true, Name = "accept" }.Start();
        var reason = WaitForTheEnd();
        listener.Close();
        if (reason is null)
            return;
        Log.Write($"Orphan rule: {reason}");
        Link? last;
        lock (gate)
            last = link;
        last?.Close();
        Abandon(reason, keepRecord: true);
        Guardian.Goodbye();
    }

    /// <summary>Undoes whatever this deployment has done to the guest and removes its folder. The record of it, or null where there was nothing to undo and nothing to tell.</summary>
    public OrphanRecord? Abandon(string reason, bool keepRecord)
    {
        var thawed = Freeze.Thaw() is { WasFrozen: true };
        foreach (var operation in Journal.Running())
        {
            // A post script under way is just what the rule would start: it is left to end by itself, within its own timeout.
            if (operation.Verb == Verbs.RunScript && State.Current.Scripts.Any(script => script.OperationId == operation.Id && script.Phase == "post"))
                operation.Wait(Timeout.InfiniteTimeSpan);
            else if (operation.Verb != Verbs.ReleaseGuest)
            {
                operation.Cancel();
                operation.Wait(TimeSpan.FromSeconds(30));
            }
        }
        return new OrphanRule(Deployment.Folder, Deployment.Scripts, State, Clock).Apply(reason, thawed, keepRecord);
    }

    /// <summary>Called by ReleaseGuest when its reply is on the way.</summary>
    public void Released()
    {
        lock (gate)
        {
            released = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>From here on no new link and no new operation is taken.</summary>
    public void StopTaking()
    {
        lock (gate)
            leaving = true;
    }

    /// <summary>Says something to whoever is attached; while anything is frozen, nothing is said (R4.29).</summary>
    public void Tell(ChannelMessage message)
    {
        Link? current;
        lock (gate)
            current = link;
        if (!Freeze.InCriticalSection)
            current?.Send(message);
    }

    private string? WaitForTheEnd()
    {
        lock (gate)
        {
            while (!released)
            {
                var now = Environment.TickCount64;
                var expiresAt = bornAt + (long)Deployment.Expiry.TotalMilliseconds;
                var grace = (long)Deployment.Grace.TotalMilliseconds;
                var next = expiresAt;
                if (!leaving)
                {
                    if (now >= expiresAt)
                    {
                        leaving = true;
                        return $"its time of {Deployment.Expiry.TotalSeconds:0} s was over";
                    }
                    if (linkLostAt is { } lost && now >= lost + grace)
                    {
                        leaving = true;
                        return $"nobody attached again within the grace time of {Deployment.Grace.TotalSeconds:0} s";
                    }
                    if (linkLostAt is { } since)
                        next = Math.Min(next, since + grace);
                    else if (link is { Pings: true } pinging)
                    {
                        // A half-dead connection never ends by itself; a peer that used to ping and fell silent is gone.
                        if (now >= pinging.HeardAt + grace)
                            pinging.Close();
                        next = Math.Min(next, Math.Max(pinging.HeardAt + grace, now + 1000));
                    }
                }
                else
                    next = now + 60_000;
                Monitor.Wait(gate, (int)Math.Clamp(next - now, 1, 3_600_000));
            }
        }
        return null;
    }

    private void Accept(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            // A peer that no longer reads must not hold up the work: after this long its link counts as broken.
            socket.SendTimeout = 10_000;
            var next = new Link(socket, Receive, Ended);
            // The hello goes out before anything else can be said on this link.
            next.Send(Hello());
            Link? replaced;
            lock (gate)
            {
                if (leaving)
                {
                    socket.Dispose();
                    continue;
                }
                replaced = link;
                link = next;
                linkLostAt = null;
                Monitor.PulseAll(gate);
            }
            replaced?.Close();
            if (!State.Current.Attached)
                State.Note(state => state with { Attached = true });
            next.Start();
        }
    }

    private ChannelMessage Hello() => new()
    {
        Type = "hello",
        Body = JsonSerializer.SerializeToElement(new HelloBody(Version, Platform, Environment.MachineName, Environment.UserName, Deployment.Id, Environment.ProcessId, Journal.Describe(), Freeze.MountPoints),
            ContractsJson.Default.HelloBody),
    };

    private void Ended(Link ended)
    {
        lock (gate)
        {
            if (link != ended)
                return;
            link = null;
            linkLostAt = ended.SaidGoodbye ? null : Environment.TickCount64;
            Monitor.PulseAll(gate);
        }
    }

    private void Receive(Link from, ChannelMessage message)
    {
        switch (message.Type)
        {
            case "request":
                Take(from, message);
                break;
            case "ping":
                from.Pings = true;
                from.Send(new ChannelMessage { Type = "pong", Id = message.Id });
                lock (gate)
                    Monitor.PulseAll(gate);
                break;
            case "goodbye":
                from.SaidGoodbye = true;
                from.Close();
                break;
            case "hello" or "pong" or "progress" or "reply":
                break;
            default:
                from.Send(Refusal(message, $"'{message.Type}' is no kind of message that a runtime understands; it takes request, ping and goodbye."));
                break;
        }
    }

    private void Take(Link from, ChannelMessage request)
    {
        if (request.Id is not { Length: > 0 and <= 512 } id || request.Verb is not { } verb)
            from.Send(Refusal(request, "A request needs an operation id of at most 512 characters and a verb."));
        else if (!Dispatch.Known.Contains(verb))
            from.Send(Refusal(request, $"This runtime does not know the verb '{verb}'; it knows {string.Join(", ", Dispatch.Known)}."));
        else if (Journal.IsLost(id))
            from.Send(new ChannelMessage { Type = "reply", Id = id, Verb = verb, Failure = new Failure(FailureCodes.GuestLost,
                $"Operation {id} was under way when an earlier runtime of deployment {Deployment.Id} ended; it counts as started and is not begun again.", MayHaveStarted: true) });
        else if (Journal.Running().Count >= MostAtOnce)
            from.Send(new ChannelMessage { Type = "reply", Id = id, Verb = verb, Failure = new Failure(FailureCodes.Protocol, $"This runtime has {MostAtOnce} operations in hand; ask again when one has ended.", Retryable: true) });
        else
        {
            bool first;
            Operation operation;
            lock (gate)
            {
                if (leaving)
                    return;
                first = Journal.Begin(id, () => new Operation(id, verb, Tell), out operation);
            }
            if (first)
                new Thread(() => Dispatch.CarryOut(this, operation, request.Body)) { IsBackground = true, Name = verb }.Start();
            else if (operation.Reply is { } stored)
                from.Send(stored);
        }
    }

    private static ChannelMessage Refusal(ChannelMessage request, string words) => new() { Type = "reply", Id = request.Id, Verb = request.Verb, Failure = new Failure(FailureCodes.Protocol, words) };
}
