using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Quiesce.EndToEnd.Tests.Hosts;

/// <summary>A guest behind a real, private sshd: own configuration, port on the loopback, host key and user key in a folder of its own.</summary>
internal sealed class SshGuest : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly ConcurrentQueue<string> log = new();
    private Process? daemon;

    private SshGuest(DirectoryInfo folder, int port) => (this.folder, Port) = (folder, port);

    public int Port { get; }

    /// <summary>What a job says under <c>connect</c>.</summary>
    public string Connect => $"ssh://{Environment.UserName}@127.0.0.1:{Port}";

    /// <summary>The private key that the guest lets in.</summary>
    public string Identity => Path.Combine(folder.FullName, "user");

    public string KnownHosts => Path.Combine(folder.FullName, "known hosts");

    /// <summary>Stands for the guest's /tmp, so that a test sees what was left there.</summary>
    public string RuntimeFolder => Path.Combine(folder.FullName, "t");

    /// <summary>A folder of this guest for a test's own files.</summary>
    public string Folder => folder.FullName;

    /// <summary>What is under the runtime folder right now.</summary>
    public IReadOnlyList<string> Leftovers => [.. Directory.EnumerateFileSystemEntries(RuntimeFolder)];

    /// <summary>How many connections stand right now.</summary>
    public int Connections => Sessions().Count;

    public static async Task<SshGuest> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("qg-");
        var guest = new SshGuest(folder, FreePort());
        Directory.CreateDirectory(guest.RuntimeFolder);
        await guest.NewHostKeyAsync();
        await ToolProcess.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", guest.Identity);
        File.Copy(guest.Identity + ".pub", Path.Combine(folder.FullName, "authorized"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "conf"), $"""
            Port {guest.Port}
            ListenAddress 127.0.0.1
            HostKey {folder.FullName}/host
            AuthorizedKeysFile {folder.FullName}/authorized
            PidFile none
            PermitRootLogin yes
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            MaxStartups 100
            MaxSessions 50
            LogLevel VERBOSE
            """ + "\n");
        await guest.PowerOnAsync();
        return guest;
    }

    /// <summary>Another host key: what a guest looks like that was replaced by a stranger.</summary>
    public async Task NewHostKeyAsync()
    {
        File.Delete(Path.Combine(folder.FullName, "host"));
        await ToolProcess.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder.FullName, "host"));
    }

    /// <summary>Starts the daemon and waits until it listens.</summary>
    public async Task PowerOnAsync()
    {
        // Where no service manager made it, the daemon wants its empty folder.
        Directory.CreateDirectory("/run/sshd");
        var start = new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-e", "-f", Path.Combine(folder.FullName, "conf")]) { RedirectStandardError = true };
        daemon = Process.Start(start) ?? throw new InvalidOperationException("sshd could not be started.");
        var listening = new TaskCompletionSource();
        daemon.ErrorDataReceived += (_, line) =>
        {
            log.Enqueue(line.Data ?? "");
            if (line.Data?.Contains("Server listening", StringComparison.Ordinal) == true)
                listening.TrySetResult();
        };
        daemon.BeginErrorReadLine();
        try
        {
            await listening.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException("sshd does not listen: " + string.Join('\n', log), e);
        }
    }

    /// <summary>No new connection gets through; those that stand, stand.</summary>
    public async Task RefuseAsync()
    {
        if (daemon is not { } running)
            return;
        daemon = null;
        running.Kill();
        await running.WaitForExitAsync();
        running.Dispose();
    }

    /// <summary>Cuts every connection that stands, as a dying network or daemon would: kill -9 of the processes that serve them.</summary>
    public int CutConnections()
    {
        var sessions = Sessions();
        foreach (var id in sessions)
            Signal(id);
        return sessions.Count;
    }

    public async ValueTask DisposeAsync()
    {
        CutConnections();
        await RefuseAsync();
        folder.Delete(recursive: true);
    }

    // The daemon's children and theirs, as far as they are sshd themselves: what they started for a user is not touched.
    private List<int> Sessions()
    {
        if (daemon is null)
            return [];
        var found = new List<int>();
        var parents = new Queue<int>([daemon.Id]);
        var children = Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0).Where(id => id > 0)
            .Select(Read).OfType<(int Id, int Parent, string Name)>().ToLookup(p => p.Parent);
        while (parents.TryDequeue(out var parent))
            foreach (var child in children[parent].Where(c => c.Name.StartsWith("sshd", StringComparison.Ordinal)))
            {
                found.Add(child.Id);
                parents.Enqueue(child.Id);
            }
        return found;
    }

    private static (int Id, int Parent, string Name)? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var close = stat.LastIndexOf(')');
            return (id, int.Parse(stat[(close + 2)..].Split(' ')[1]), stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..close]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Signal(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended with its parent.
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
