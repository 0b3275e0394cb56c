using System.Text.Json;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;
using Quiesce.Proxy.Channels;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy;

/// <summary>
/// What this process knows of one deployment: its channel, its link, and how often that may still be mended (R2.13 to R2.16). Nothing of it is durable:
/// after a crash the next operation makes a new one, which attaches to the runtime by the deployment's id.
/// </summary>
internal sealed class GuestSession(Guest guest, Deployment deployment, IGuestChannel channel, ProxyOptions options, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private readonly SemaphoreSlim linking = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private GuestLink? link;
    private GuestFailureException? givenUp;
    private int reconnects;
    private int underWay;

    public Guest Guest => guest;

    public Deployment Deployment => deployment;

    public IGuestChannel Channel => channel;

    public ProxyOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>Whether a runtime has answered in this process.</summary>
    public bool Attached => link is not null;

    /// <summary>The runtime's link, made or mended where needed; null where no runtime answers for this deployment any more.</summary>
    /// <exception cref="GuestFailureException">The guest cannot be reached, or the reconnect attempts are used up.</exception>
    public Task<GuestLink?> LinkAsync(Action<string, string> report, CancellationToken stopping) => LinkAsync(again: false, report, stopping);

    /// <param name="again">The caller has lost a link already: where others have used up the attempts meanwhile, it gets no fresh ones.</param>
    private async Task<GuestLink?> LinkAsync(bool again, Action<string, string> report, CancellationToken stopping)
    {
        await linking.WaitAsync(stopping);
        try
        {
            if (link is null)
                return again && givenUp is not null ? throw givenUp : Use(await channel.AttachAsync(deployment, stopping));
            return link.Ended.IsCompleted ? await ReconnectAsync((await link.Ended).Reason, report, stopping) : link;
        }
        finally
        {
            linking.Release();
        }
    }

    /// <summary>Has an operation done by the runtime: sent again by id after each mended link, so that it is done once (R2.15). Null where the runtime is gone.</summary>
    /// <param name="limit">The longest that a reply may take; null for as long as there is progress at least every <see cref="ProxyOptions.OperationSilence"/>.</param>
    public async Task<ChannelMessage?> InvokeAsync(Operation operation, string id, string verb, JsonElement body, TimeSpan? limit, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(limit ?? options.OperationSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
        void OnProgress(ChannelMessage message)
        {
            try
            {
                if (limit is null)
                    late.CancelAfter(options.OperationSilence);
            }
            catch (ObjectDisposedException)
            {
                // Progress that came after the reply: its link must not suffer from it.
            }
            operation.Report("info", message.Message ?? verb, message.Fraction);
        }

        LinkEnd? unreadable = null;
        var again = false;
        Interlocked.Increment(ref underWay);
        try
        {
            while (await LinkAsync(again, (level, text) => operation.Report(level, text), either.Token) is { } current)
            {
                try
                {
                    operation.Sent = again = true;
                    var reply = await current.RequestAsync(id, verb, body, OnProgress, either.Token);
                    reconnects = 0;
                    return reply;
                }
                catch (LinkLostException e)
                {
                    unreadable = e.End.Unreadable ? e.End : null;
                }
            }
            return null;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            throw new GuestFailureException(FailureCodes.GuestLost, $"The runtime on {guest.Machine} took {verb} and gave no sign of it for {(limit ?? options.OperationSilence).TotalSeconds:0} s. See what hangs on the guest; its own timers thaw it and end scripts.", mayHaveStarted: operation.Sent);
        }
        catch (GuestFailureException e) when (unreadable is not null && e.Failure.Code == FailureCodes.GuestLost)
        {
            throw new GuestFailureException(FailureCodes.Protocol, $"The runtime on {guest.Machine} answered {verb} with something unreadable: {unreadable.Reason}. Publish the agent again from the same release as this proxy.", mayHaveStarted: operation.Sent);
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    /// <summary>Forgets the link without a goodbye; the next use attaches anew.</summary>
    public async Task DropLinkAsync()
    {
        await linking.WaitAsync();
        try
        {
            if (link is { } open)
                await open.DisposeAsync();
            (link, reconnects) = (null, 0);
        }
        finally
        {
            linking.Release();
        }
    }

    /// <summary>Closes link and connection without a goodbye: the runtime goes on with what it has in hand.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        if (link is { } open)
            await open.DisposeAsync();
        await channel.DisposeAsync();
    }

    private async Task<GuestLink?> ReconnectAsync(string reason, Action<string, string> report, CancellationToken stopping)
    {
        if (link is { } broken)
            await broken.DisposeAsync();
        while (reconnects < options.GuestReconnects)
        {
            reconnects++;
            report("warning", $"The link to {guest.Machine} was lost: {reason}. Reconnect attempt {reconnects} of {options.GuestReconnects} in {options.ReconnectDelay.TotalSeconds:0.#} s.");
            await Task.Delay(options.ReconnectDelay, time, stopping);
            try
            {
                return Use(await channel.AttachAsync(deployment, stopping));
            }
            catch (GuestFailureException e)
            {
                reason = e.Message;
            }
        }
        // Given up for this operation; a later one, such as the release, makes a first contact of its own.
        (link, reconnects) = (null, 0);
        report("error", $"The link to {guest.Machine} is lost after {options.GuestReconnects} reconnect attempts: {reason}");
        throw givenUp = new GuestFailureException(FailureCodes.GuestLost, $"The link to {guest.Machine} was lost and {options.GuestReconnects} reconnect attempts did not bring it back: {reason} The runtime thaws and cleans up by itself after its grace time; see the network between, then start the job again.", mayHaveStarted: true);
    }

    private GuestLink? Use(GuestLink? attached)
    {
        if (attached is null)
        {
            (link, reconnects) = (null, 0);
            return null;
        }
        if (attached.Hello.DeploymentId != deployment.Id)
        {
            _ = attached.DisposeAsync().AsTask();
            throw new GuestFailureException(FailureCodes.Start, $"The runtime in {deployment.Folder} on {guest.Machine} belongs to deployment {attached.Hello.DeploymentId} and not to {deployment.Id}. Remove that folder.");
        }
        (link, givenUp) = (attached, null);
        if (closing.IsCancellationRequested)
            _ = attached.DisposeAsync().AsTask();
        _ = MendWhenIdleAsync(attached);
        return attached;
    }

    /// <summary>A link that breaks between operations is mended at once: while a user's own snapshot command runs, the grace time must not run out unnoticed.</summary>
    private async Task MendWhenIdleAsync(GuestLink attached)
    {
        var end = await attached.Ended;
        // An operation under way mends it for itself, and reports that to its own session.
        if (end.Goodbye || closing.IsCancellationRequested || Volatile.Read(ref underWay) > 0)
            return;
        try
        {
            await LinkAsync((_, text) => log.LogWarning("{Reconnect}", text), closing.Token);
        }
        catch (Exception e) when (e is GuestFailureException or OperationCanceledException or ObjectDisposedException)
        {
            // The next operation says so to whoever waits for it.
        }
    }
}
