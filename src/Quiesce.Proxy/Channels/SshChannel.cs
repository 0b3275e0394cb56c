using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy.Channels;

/// <summary>A guest behind OpenSSH: the agent is copied in, started detached, and joined by its own <c>attach</c>, whose stdin and stdout are the link.</summary>
internal sealed class SshChannel(Guest guest, GuestAddress address, ProxyOptions options, TimeProvider time) : IGuestChannel
{
    private readonly SemaphoreSlim connecting = new(1, 1);
    private SshConnection? connection;

    public string Transport => "ssh";

    public async Task<GuestFacts> ExamineAsync(CancellationToken stopping)
    {
        var ssh = await ConnectAsync(stopping);
        var problems = new List<string>();
        if (ssh.Facts.Platform is not { } platform)
            problems.Add(NoPlatform(ssh.Facts).Message);
        else if (AgentFiles.Published(options.AgentDownloads, platform, AppContext.BaseDirectory) is null)
            problems.Add($"There is no published agent for {platform} on this machine. Make one with: dotnet publish src/Quiesce.Agent -c Release -r {platform}");
        if (!ssh.Facts.HasSha256)
            problems.Add(NoHash().Message);
        var found = await ssh.RunAsync(SshScripts.Examine(options.RuntimeFolder), stopping);
        problems.AddRange(found.Lines.Select(Problem).OfType<string>());
        return new GuestFacts(ssh.Facts.Platform ?? $"{ssh.Facts.Kernel}-{ssh.Facts.Processor}", ssh.Facts.Host, ssh.Facts.Account, problems);
    }

    public async Task StartAsync(Deployment deployment, PrepareGuestRequest settings, Action<string> report, CancellationToken stopping)
    {
        var ssh = await ConnectAsync(stopping);
        var agent = PublishedAgent.For(guest.Machine, ssh.Facts.Platform ?? throw NoPlatform(ssh.Facts), options);
        if (!ssh.Facts.HasSha256)
            throw NoHash();
        report($"Copying the agent to {guest.Machine}");
        await CopyAsync(ssh, deployment, agent, stopping);
        report($"Starting the agent on {guest.Machine}");
        try
        {
            await ServeAsync(ssh, deployment, settings, stopping);
        }
        catch (GuestFailureException e) when (e.Failure.Code is not FailureCodes.Connect and not FailureCodes.Auth)
        {
            // What does not run is not left lying there; a folder with a living runtime in it is another matter, and stays.
            if (await RemainsAsync(deployment, stopping) == Remains.Folder)
                await RemoveAsync(deployment, stopping);
            throw;
        }
    }

    public async Task<GuestLink?> AttachAsync(Deployment deployment, CancellationToken stopping)
    {
        // A connection that broke may not have noticed yet. It is not trusted with an attempt of its own (R2.13).
        var kept = connection;
        try
        {
            return await AttachAsync(await ConnectAsync(stopping), deployment, stopping);
        }
        catch (GuestFailureException e) when (kept is not null && kept == connection && e.Failure.Code == FailureCodes.Connect)
        {
            await kept.DisposeAsync();
            return await AttachAsync(await ConnectAsync(stopping), deployment, stopping);
        }
    }

    private async Task<GuestLink?> AttachAsync(SshConnection ssh, Deployment deployment, CancellationToken stopping)
    {
        var process = ssh.Open(SshScripts.Attach(deployment, AgentCommand.Attach(deployment)));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.StartTimeout);
        try
        {
            if (await GuestLink.OpenAsync(process.Output, process.Input, process.DisposeAsync, options, time, limit.Token) is { } link)
                return link;
            await process.DisposeAsync();
            return null;
        }
        catch (Exception e) when (e is LinkLostException or IOException)
        {
            await using var failed = process;
            await process.ExitAsync(limit.Token);
            // 255 is the link's; anything else is what the agent's attach ended with because nobody listens on the socket any more.
            return process.ExitCode is not 255 and not 0 ? null : throw SshFailure.Of(guest.Machine, guest.Connect, await process.ErrorsAsync());
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await process.DisposeAsync();
            throw StartFailure.Late(guest.Machine, options.StartTimeout);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<Remains> RemainsAsync(Deployment deployment, CancellationToken stopping)
    {
        var ssh = await ConnectAsync(stopping);
        var result = await ssh.RunAsync(SshScripts.Remains(deployment), stopping);
        return result.Lines.LastOrDefault() switch
        {
            "nothing" => Remains.Nothing,
            "busy" => Remains.Busy,
            _ => Remains.Folder,
        };
    }

    public async Task UndoAsync(Deployment deployment, CancellationToken stopping)
    {
        var ssh = await ConnectAsync(stopping);
        // A post script may be owed, and that takes its time.
        await ssh.RunAsync(SshScripts.Undo(deployment, AgentCommand.Orphan(deployment)), stopping, options.OperationSilence);
    }

    public async Task RemoveAsync(Deployment deployment, CancellationToken stopping)
    {
        var ssh = await ConnectAsync(stopping);
        var result = await ssh.RunAsync(SshScripts.Remove(deployment), stopping);
        if (result.Status != 0)
            throw new GuestFailureException(FailureCodes.Leftover, $"The folder {deployment.Folder} on {guest.Machine} could not be removed: {StartFailure.LastLine(result.Errors)}. Remove it by hand if this goes on.", retryable: true, leftBehind: deployment.Folder);
    }

    public async Task<IReadOnlyList<OrphanRecord>> ReadOrphansAsync(CancellationToken stopping)
    {
        var ssh = await ConnectAsync(stopping);
        var result = await ssh.RunAsync(SshScripts.Orphans(options.RuntimeFolder), stopping);
        return [.. result.Lines.Select(Record).OfType<OrphanRecord>()];
    }

    public async Task RemoveOrphanAsync(Deployment deployment, CancellationToken stopping)
    {
        var ssh = await ConnectAsync(stopping);
        await ssh.RunAsync(SshScripts.RemoveOrphan(deployment), stopping);
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is { } open)
            await open.DisposeAsync();
        connecting.Dispose();
    }

    private async Task<SshConnection> ConnectAsync(CancellationToken stopping)
    {
        if (guest.Platform == "windows")
            throw new GuestFailureException(FailureCodes.Start, $"{guest.Machine} is a Windows guest, and there is no agent for Windows in this release.");
        await connecting.WaitAsync(stopping);
        try
        {
            if (connection is { Alive: true } open)
                return open;
            if (connection is { } dead)
                await dead.DisposeAsync();
            connection = null;
            return connection = await SshConnection.OpenAsync(guest, address, options, stopping);
        }
        finally
        {
            connecting.Release();
        }
    }

    private async Task CopyAsync(SshConnection ssh, Deployment deployment, PublishedAgent agent, CancellationToken stopping)
    {
        var packed = ssh.Facts.HasGzip;
        var copied = await ssh.RunAsync(SshScripts.Copy(deployment, agent.Sha256, packed), stopping, options.CopyTimeout, SendAsync);
        if (copied.Status == 0)
            return;
        var said = StartFailure.LastLine(copied.Errors);
        throw copied.Status switch
        {
            SshScripts.Foreign => new GuestFailureException(FailureCodes.Deploy, $"{deployment.Folder} on {guest.Machine} exists and is not a folder of {ssh.Facts.Account}'s own, so nothing was put there. Remove it or set RuntimeFolder."),
            SshScripts.NoFolder => new GuestFailureException(FailureCodes.Deploy, $"{deployment.Folder} could not be made on {guest.Machine} ({said}). Set RuntimeFolder to a folder that {ssh.Facts.Account} may write to."),
            SshScripts.WrongHash => new GuestFailureException(FailureCodes.Deploy, $"The agent that arrived on {guest.Machine} does not have the hash of the one that was sent, so it was removed. If this goes on, look for a fault on the way.", retryable: true),
            _ when copied.Errors.Contains("No space left", StringComparison.Ordinal) || copied.Errors.Contains("Disk quota", StringComparison.Ordinal) =>
                new GuestFailureException(FailureCodes.Deploy, $"There is no room for the agent in {options.RuntimeFolder} on {guest.Machine} ({said}). Free 64 MB there or set RuntimeFolder to a folder that has it.", retryable: true),
            _ => new GuestFailureException(FailureCodes.Deploy, $"The agent could not be copied to {deployment.Folder} on {guest.Machine} ({said}, exit code {copied.Status}).", retryable: true),
        };

        async Task SendAsync(Stream stream, CancellationToken limit)
        {
            if (packed)
            {
                await stream.WriteAsync(agent.Packed, limit);
                return;
            }
            await using var file = File.OpenRead(agent.Path);
            await file.CopyToAsync(stream, limit);
        }
    }

    /// <summary>Starts the agent and waits for its ready line; it is then no child of the connection any more.</summary>
    private async Task ServeAsync(SshConnection ssh, Deployment deployment, PrepareGuestRequest settings, CancellationToken stopping)
    {
        await using var process = ssh.Open(SshScripts.Serve(deployment, AgentCommand.Serve(deployment, settings)));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.StartTimeout);
        try
        {
            process.Input.Close();
            using var reader = new StreamReader(process.Output);
            while (await reader.ReadLineAsync(limit.Token) is { } line)
                if (AgentCommand.Ready(line) is { } ready)
                {
                    AgentCommand.Check(ready, guest.Machine);
                    return;
                }
            await process.ExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw StartFailure.Late(guest.Machine, options.StartTimeout);
        }
        var said = await process.ErrorsAsync();
        throw process.ExitCode == 255 ? SshFailure.Of(guest.Machine, guest.Connect, said) : StartFailure.Of(guest.Machine, options.RuntimeFolder, process.ExitCode, said);
    }

    private string? Problem(string word) => word switch
    {
        "missing" => $"The runtime folder {options.RuntimeFolder} does not exist on {guest.Machine}. Make it, or set RuntimeFolder to another.",
        "readonly" => $"The account may not write to the runtime folder {options.RuntimeFolder} on {guest.Machine}. Allow it, or set RuntimeFolder to another.",
        "room" => $"Less than 64 MB are free in {options.RuntimeFolder} on {guest.Machine}. Free some, or set RuntimeFolder to a folder that has it.",
        "noexec" => $"{options.RuntimeFolder} on {guest.Machine} is mounted noexec, so nothing can be run from it. Set RuntimeFolder to a folder that allows it.",
        _ => null,
    };

    private GuestFailureException NoPlatform(SshGuestFacts facts) =>
        new(FailureCodes.Start, $"{guest.Machine} is {facts.Kernel} on {facts.Processor}, and there is no agent for that. Linux on x86_64, aarch64 and armv7l is supported.");

    private GuestFailureException NoHash() =>
        new(FailureCodes.Deploy, $"{guest.Machine} has no sha256sum, with which the copied agent is checked. Install coreutils there.");

    private static OrphanRecord? Record(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ContractsJson.Default.OrphanRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
