using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy.Channels;

/// <summary>This machine as guest: the agent is started where it lies and its socket is reached without a process between.</summary>
internal sealed class LocalChannel(string machine, ProxyOptions options, TimeProvider time) : IGuestChannel
{
    public string Transport => "local";

    public Task<GuestFacts> ExamineAsync(CancellationToken stopping)
    {
        var problems = new List<string>();
        if (AgentFiles.Executable(options.AgentPath) is null)
            problems.Add(MissingAgent().Message);
        if (!Directory.Exists(options.RuntimeFolder))
            problems.Add($"The runtime folder {options.RuntimeFolder} does not exist. Make it, or set RuntimeFolder to another.");
        return Task.FromResult(new GuestFacts(RuntimeInformation.RuntimeIdentifier, Environment.MachineName, Environment.UserName, problems));
    }

    public async Task StartAsync(Deployment deployment, PrepareGuestRequest settings, Action<string> report, CancellationToken stopping)
    {
        var agent = AgentFiles.Executable(options.AgentPath) ?? throw MissingAgent();
        await using var process = Launch(agent, AgentCommand.Serve(deployment, settings));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.StartTimeout);
        try
        {
            using var reader = new StreamReader(process.Output);
            while (await reader.ReadLineAsync(limit.Token) is { } line)
                if (AgentCommand.Ready(line) is { } ready)
                {
                    AgentCommand.Check(ready, machine);
                    process.Leave();
                    return;
                }
            await process.ExitAsync(limit.Token);
            throw StartFailure.Of(machine, deployment.RuntimeFolder, process.ExitCode, await process.ErrorsAsync());
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw StartFailure.Late(machine, options.StartTimeout);
        }
    }

    public async Task<GuestLink?> AttachAsync(Deployment deployment, CancellationToken stopping)
    {
        if (!File.Exists(deployment.Socket))
            return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.StartTimeout);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(deployment.Socket), limit.Token);
            if (!PeerAccount.IsOurs(socket))
            {
                socket.Dispose();
                throw new GuestFailureException(FailureCodes.Auth, $"The socket {deployment.Socket} on {machine} is served by another account: somebody put it there. Look who, remove it, and start the job again.");
            }

            var stream = new NetworkStream(socket, ownsSocket: true);
            if (await GuestLink.OpenAsync(stream, stream, stream.DisposeAsync, options, time, limit.Token) is { } link)
                return link;
        }
        catch (SocketException)
        {
            // A socket file without a listener: its process is gone.
        }
        catch (Exception e) when (e is LinkLostException or IOException)
        {
            socket.Dispose();
            throw new GuestFailureException(FailureCodes.Start, $"The runtime of deployment {deployment.Id} on {machine} did not say hello: {e.Message}.", retryable: true);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            socket.Dispose();
            throw StartFailure.Late(machine, options.StartTimeout);
        }
        socket.Dispose();
        return null;
    }

    public Task<Remains> RemainsAsync(Deployment deployment, CancellationToken stopping)
    {
        if (!Directory.Exists(deployment.Folder))
            return Task.FromResult(Remains.Nothing);
        return Task.FromResult(HasProcess(deployment.Folder) ? Remains.Busy : Remains.Folder);
    }

    public async Task UndoAsync(Deployment deployment, CancellationToken stopping)
    {
        if (AgentFiles.Executable(options.AgentPath) is not { } agent)
            return;
        await using var process = Launch(agent, AgentCommand.Orphan(deployment));
        process.Input.Close();
        try
        {
            // A post script may be owed, and that takes its time.
            await process.ExitAsync(stopping).WaitAsync(options.OperationSilence, time, stopping);
        }
        catch (TimeoutException)
        {
            process.Leave();
        }
    }

    public Task RemoveAsync(Deployment deployment, CancellationToken stopping)
    {
        try
        {
            // A link in place of the folder is removed as a link; what it points at is nobody's business here.
            if (new DirectoryInfo(deployment.Folder) is { Exists: true, LinkTarget: null } folder)
                folder.Delete(recursive: true);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GuestFailureException(FailureCodes.Leftover, $"The folder {deployment.Folder} on {machine} could not be removed: {e.Message}. Remove it by hand if this goes on.", retryable: true, leftBehind: deployment.Folder);
        }
    }

    public async Task<IReadOnlyList<OrphanRecord>> ReadOrphansAsync(CancellationToken stopping)
    {
        var records = new List<OrphanRecord>();
        if (!Directory.Exists(options.RuntimeFolder))
            return records;
        foreach (var file in Directory.EnumerateFiles(options.RuntimeFolder, "quiesce-orphan-*.json"))
        {
            try
            {
                if (JsonSerializer.Deserialize(await File.ReadAllTextAsync(file, stopping), ContractsJson.Default.OrphanRecord) is { } record)
                    records.Add(record);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
            {
                // Another account's, or being written: it is read at the next contact.
            }
        }
        return records;
    }

    public Task RemoveOrphanAsync(Deployment deployment, CancellationToken stopping)
    {
        try
        {
            File.Delete(deployment.Record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GuestFailureException(FailureCodes.Leftover, $"The record {deployment.Record} on {machine} could not be removed: {e.Message}.", retryable: true, leftBehind: deployment.Record);
        }
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ChildProcess Launch(string agent, IReadOnlyList<string> arguments)
    {
        try
        {
            return agent.EndsWith(".dll", StringComparison.Ordinal)
                ? ChildProcess.Start("dotnet", [agent, .. arguments])
                : ChildProcess.Start(agent, arguments, RuntimeRoot());
        }
        catch (Win32Exception e)
        {
            throw new GuestFailureException(FailureCodes.Start, $"The agent {agent} cannot be run on this machine: {e.Message}. Build or publish it again, or set AgentPath.");
        }
    }

    // The agent's build output finds its runtime by DOTNET_ROOT where .NET is not in the place that its launcher expects: it gets the one we run on.
    private static Dictionary<string, string>? RuntimeRoot()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return File.Exists(Path.Combine(root, "dotnet")) ? new() { ["DOTNET_ROOT"] = root } : null;
    }

    private static bool HasProcess(string folder)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), out var id) || id == Environment.ProcessId)
                continue;
            try
            {
                // The runtime, its guardian, the orphan rule. A script that outlived all of them is no sign of life: it has to be ended.
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains($"--dir\0{folder}\0", StringComparison.Ordinal))
                    return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }
        return false;
    }

    private GuestFailureException MissingAgent() =>
        new(FailureCodes.Deploy, $"The agent for this machine was not found at {options.AgentPath}. Build it with: dotnet build src/Quiesce.Agent, or set AgentPath to a published one.");
}
