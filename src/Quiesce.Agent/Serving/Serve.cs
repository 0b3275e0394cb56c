using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Quiesce.Agent.Native;
using Quiesce.Agent.Orphans;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Agent.Serving;

/// <summary>
/// <c>quiesce-agent serve</c>: one process start, no second one. It leaves its starter's session, listens, says <c>ready</c> and lets go of stdin, stdout and stderr.
/// A starter behind a shell puts it in the background (<c>serve … &amp;</c>): the connection ends when stdout is let go.
/// </summary>
internal static class Serve
{
    public static int Run(Options options)
    {
        var folder = options.Folder;
        var id = options.Need("deployment");
        if (id.Length > 128 || id.StartsWith('.') || id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            throw new UsageException($"'{id}' cannot be a deployment id: letters, digits, '-', '_' and '.', at most 128.");
        var scripts = options.Find("scripts") is { } other ? Path.Combine(Path.GetFullPath(other), $"quiesce-scripts-{id}") : Path.Combine(folder, "scripts");
        var deployment = new Deployment(folder, id, scripts, TimeSpan.FromSeconds(options.Seconds("grace", 60)), TimeSpan.FromSeconds(options.Seconds("expiry", 86_400)));

        // A job-control shell makes us leader of a group, and such a one cannot leave the session: only then is a second start needed.
        if (Posix.SetSid() < 0 && Posix.GetSid(0) != Environment.ProcessId)
        {
            var (path, prefix) = Self.Command;
            return Spawn.Start(path, [.. prefix, .. Environment.GetCommandLineArgs().Skip(1)], Self.Environment(), 0, 1, 2, out var error) > 0 ? EntryPoint.Success
                : Fail(deployment, FailureCodes.Start, $"The runtime could not start itself anew: {PosixException.Words(error)}.");
        }
        _ = Posix.Umask(0x3F);
        try
        {
            return Start(deployment);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            return Fail(deployment, FailureCodes.Start, $"The runtime could not start in {deployment.Folder} on {Environment.MachineName}: {failed.Message} Name another folder or make room.");
        }
    }

    private static int Start(Deployment deployment)
    {
        if (Encoding.UTF8.GetByteCount(deployment.Socket) > 107)
            return Fail(deployment, FailureCodes.Start, $"The folder name {deployment.Folder} is too long for a socket in it; name one of at most 105 bytes.");
        FolderLock held;
        while (true)
        {
            Directory.CreateDirectory(deployment.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (Files.Look(deployment.Folder) is not { IsFolder: true } look || look.Owner != Posix.GetEuid())
                return Fail(deployment, FailureCodes.Start, $"{deployment.Folder} is a link or belongs to another account; the runtime does not serve from there. Name another folder.");
            if (look.Permissions != 0x1C0)
                File.SetUnixFileMode(deployment.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (FolderLock.TryTake(deployment.Lock) is { } mine)
            {
                held = mine;
                break;
            }
            switch (FindRunning(deployment))
            {
                case { } manifest when manifest.DeploymentId == deployment.Id:
                    Say(new ReadyLine(true, deployment.Id, manifest.ProcessId, manifest.Socket, manifest.RuntimeVersion, true, null));
                    return EntryPoint.Success;
                case { } stranger:
                    return Fail(deployment, FailureCodes.Start, $"{deployment.Folder} is in use by deployment {stranger.DeploymentId} (process {stranger.ProcessId}); give each deployment a folder of its own.");
            }
            if (!FolderLock.WaitUntilFree(deployment.Lock, TimeSpan.FromSeconds(15)))
                return Fail(deployment, FailureCodes.Start, $"An earlier runtime in {deployment.Folder} is still clearing up; try again in a minute.", retryable: true);
        }
        using (held)
            return Start(deployment, held);
    }

    private static int Start(Deployment deployment, FolderLock held)
    {
        var clock = TimeProvider.System;
        if (StateFile.Read(deployment.Folder) is { } stale)
        {
            // A runtime and its guardian died together. Its undone acts come first; the folder goes and a fresh one is made.
            new OrphanRule(deployment.Folder, deployment.Scripts, new StateFile(deployment.Folder, stale), clock).Apply("its process and its guardian died", false, keepRecord: true);
            held.Dispose();
            return Start(deployment);
        }
        var state = new StateFile(deployment.Folder, new RuntimeState { DeploymentId = deployment.Id });
        var guardian = new Guardian(deployment.Folder);
        var runtime = new Runtime(deployment, state, guardian, clock);
        if (OrphanRule.ReadRecord(deployment.Folder, deployment.Id) is { } earlier)
            runtime.Journal.RememberLost(earlier.Operations.Keys);

        File.Delete(deployment.Socket);
        Directory.CreateDirectory(deployment.Scripts, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(deployment.Socket));
        listener.Listen(16);
        var now = clock.GetUtcNow();
        var manifest = new Manifest(deployment.Id, Runtime.Version, Environment.ProcessId, deployment.Socket, deployment.Scripts, now, now + deployment.Expiry, deployment.Grace.TotalSeconds);
        File.WriteAllBytes(deployment.ManifestFile, JsonSerializer.SerializeToUtf8Bytes(manifest, AgentJson.Default.Manifest));
        // Scripts inherit our working folder, and theirs is the upload folder (R4.10).
        Environment.CurrentDirectory = deployment.Scripts;
        Say(new ReadyLine(true, deployment.Id, Environment.ProcessId, deployment.Socket, Runtime.Version, false, null));
        LetGo(deployment);
        state.Change(unchanged => unchanged);
        guardian.Start();
        runtime.Run(listener);
        return EntryPoint.Success;
    }

    private static Manifest? FindRunning(Deployment deployment)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(deployment.ManifestFile), AgentReadJson.Default.Manifest);
            // Connecting to see whether somebody listens would be an attach that replaces a working link: the process id tells without one.
            return manifest is not null && Posix.Kill(manifest.ProcessId, 0) == 0 && File.Exists(manifest.Socket) ? manifest : null;
        }
        catch (Exception notThere) when (notThere is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static void LetGo(Deployment deployment)
    {
        var nowhere = Posix.Check(Files.Open(Files.AT_FDCWD, Files.Name("/dev/null"), Files.O_RDWR), "open /dev/null");
        var log = Posix.Check(Files.Open(Files.AT_FDCWD, Files.Name(deployment.Log), Files.O_WRONLY | Files.O_CREAT | Files.O_APPEND, 0x180), "open the log");
        Posix.Dup2(nowhere, 0);
        Posix.Dup2(nowhere, 1);
        Posix.Dup2(log, 2);
        Posix.Close(nowhere);
        Posix.Close(log);
    }

    private static void Say(ReadyLine line) => EntryPoint.Say(1, JsonSerializer.Serialize(line, ContractsJson.Default.ReadyLine));

    private static int Fail(Deployment deployment, string code, string words, bool retryable = false)
    {
        Say(new ReadyLine(false, deployment.Id, Environment.ProcessId, null, Runtime.Version, false, new Failure(code, words, retryable)));
        EntryPoint.Say(2, $"quiesce-agent: {words}");
        return EntryPoint.Failed;
    }
}
