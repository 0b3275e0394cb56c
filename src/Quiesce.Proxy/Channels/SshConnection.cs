using System.ComponentModel;
using System.Globalization;
using System.Text;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy.Channels;

/// <summary>
/// One authenticated connection to a guest, shared by every command on it. OpenSSH's own client holds it: a first session, the anchor, opens it and
/// describes the guest, and keeps it until its stdin is closed, so that a proxy which dies takes its connections with it.
/// </summary>
internal sealed class SshConnection : IAsyncDisposable
{
    // What the anchor prints, and what makes it last. A guest without a POSIX shell fails on the first word.
    private const string AnchorScript =
        """
        echo quiesce-guest; uname -s; uname -m; uname -n; id -un
        if command -v gzip >/dev/null 2>&1; then echo gzip; else echo plain; fi
        if command -v sha256sum >/dev/null 2>&1; then echo sha256sum; else echo none; fi
        echo quiesce-end
        exec cat >/dev/null
        """;

    private readonly ProxyOptions options;
    private readonly string machine;
    private readonly string address;
    private readonly IReadOnlyList<string> shared;
    private readonly DirectoryInfo control;
    private readonly ChildProcess anchor;

    private SshConnection(ProxyOptions options, Guest guest, IReadOnlyList<string> shared, DirectoryInfo control, ChildProcess anchor, SshGuestFacts facts)
    {
        (this.options, machine, address) = (options, guest.Machine, guest.Connect);
        (this.shared, this.control, this.anchor, Facts) = (shared, control, anchor, facts);
    }

    /// <summary>What the guest said of itself on connecting.</summary>
    public SshGuestFacts Facts { get; }

    public bool Alive => !anchor.HasExited;

    /// <summary>Connects, authenticates and asks the guest what it is, in one round trip.</summary>
    public static async Task<SshConnection> OpenAsync(Guest guest, GuestAddress address, ProxyOptions options, CancellationToken stopping)
    {
        if (guest.Identity is { } identity && !File.Exists(identity))
            throw new GuestFailureException(FailureCodes.Auth, $"The private key {identity} for {guest.Machine} does not exist on this machine. Correct the machine's \"identity\".");

        // A socket's path may have 107 bytes and ssh adds 17 of its own while it binds, so a long temporary folder is passed over.
        var control = Path.GetTempPath().Length > 60 && !OperatingSystem.IsWindows()
            ? Directory.CreateDirectory($"/tmp/qz-{Guid.NewGuid():N}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
            : Directory.CreateTempSubdirectory("qz-");
        ChildProcess? anchor = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        // ssh bounds the connection by itself; authentication and a guest that hangs afterwards it does not.
        limit.CancelAfter(options.ConnectTimeout + options.ConnectTimeout);
        try
        {
            var arguments = Arguments(guest, address, options, Path.Combine(control.FullName, "c"));
            anchor = Start(options.SshProgram, ["-o", "ControlMaster=yes", .. arguments, RemoteShell.Run(AnchorScript)]);
            if (await DescribeAsync(anchor, guest, limit.Token) is not { } facts)
                throw SshFailure.Of(guest.Machine, guest.Connect, await anchor.ErrorsAsync());
            return new SshConnection(options, guest, ["-o", "ControlMaster=no", .. arguments], control, anchor, facts);
        }
        catch (Exception e)
        {
            if (anchor is not null)
                await anchor.DisposeAsync();
            control.Delete(recursive: true);
            if (e is OperationCanceledException && !stopping.IsCancellationRequested)
                throw new GuestFailureException(FailureCodes.Connect, $"{guest.Machine} ({guest.Connect}) did not finish connecting within {2 * options.ConnectTimeout.TotalSeconds:0} s. See whether the guest hangs.", retryable: true);
            throw;
        }
    }

    /// <summary>Runs a script on the guest and waits for its end.</summary>
    /// <exception cref="GuestFailureException">The connection failed before the script said how it ended.</exception>
    public async Task<RemoteResult> RunAsync(string script, CancellationToken stopping, TimeSpan? within = null, Func<Stream, CancellationToken, Task>? input = null)
    {
        await using var process = Start(options.SshProgram, [.. shared, RemoteShell.WithStatus(script)]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(within ?? options.StartTimeout);
        try
        {
            var feeding = FeedAsync(process, input, limit.Token);
            var said = new StringBuilder();
            using var reader = new StreamReader(process.Output);
            while (await reader.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(RemoteShell.StatusMark, StringComparison.Ordinal) && int.TryParse(line.AsSpan(RemoteShell.StatusMark.Length), CultureInfo.InvariantCulture, out var status))
                {
                    await process.ExitAsync(limit.Token);
                    return new RemoteResult(status, said.ToString(), await process.ErrorsAsync());
                }
                said.AppendLine(line);
            }
            await process.ExitAsync(limit.Token);
            await feeding;
            throw SshFailure.Of(machine, address, await process.ErrorsAsync());
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new GuestFailureException(FailureCodes.Connect, $"A command on {machine} ({address}) did not end within {(within ?? options.StartTimeout).TotalSeconds:0} s. See whether the guest or its disk hangs.", retryable: true);
        }
    }

    /// <summary>Starts a script whose stdin and stdout are the caller's.</summary>
    public ChildProcess Open(string script) => Start(options.SshProgram, [.. shared, RemoteShell.Run(script)]);

    /// <summary>Ends the connection and with it every command that shares it.</summary>
    public async ValueTask DisposeAsync()
    {
        await anchor.DisposeAsync();
        try
        {
            control.Delete(recursive: true);
        }
        catch (IOException)
        {
            // ssh removes its socket while we do; an empty private folder is left to the system's own clean-up.
        }
    }

    private static async Task FeedAsync(ChildProcess process, Func<Stream, CancellationToken, Task>? input, CancellationToken stopping)
    {
        try
        {
            if (input is not null)
                await input(process.Input, stopping);
            process.Input.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The guest stopped reading: its own words tell why.
        }
    }

    private static async Task<SshGuestFacts?> DescribeAsync(ChildProcess anchor, Guest guest, CancellationToken stopping)
    {
        // Not disposed of: the stream stays open as long as the connection.
        var reader = new StreamReader(anchor.Output);
        var lines = new List<string>();
        var begun = false;
        while (await reader.ReadLineAsync(stopping) is { } line)
        {
            if (line == "quiesce-end")
                break;
            if (begun)
                lines.Add(line.Trim());
            begun |= line == "quiesce-guest";
        }
        if (lines is [var kernel, var processor, var host, var account, var packer, var hasher])
            return new SshGuestFacts(kernel, processor, host, account, packer == "gzip", hasher == "sha256sum");
        anchor.Input.Close();
        await anchor.ExitAsync(stopping);
        if (begun || anchor.ExitCode != 255)
            throw new GuestFailureException(FailureCodes.Start, $"{guest.Machine} ({guest.Connect}) let us in and did not run a plain command: {StartFailure.LastLine(await anchor.ErrorsAsync())}. The account needs a POSIX shell and no forced command.");
        return null;
    }

    private static List<string> Arguments(Guest guest, GuestAddress address, ProxyOptions options, string controlPath)
    {
        List<string> arguments =
        [
            "-T",
            "-o", "BatchMode=yes",
            "-o", "StrictHostKeyChecking=accept-new",
            "-o", $"ConnectTimeout={Math.Max(1, (int)options.ConnectTimeout.TotalSeconds)}",
            "-o", "ServerAliveInterval=5",
            "-o", "ServerAliveCountMax=3",
            "-o", "ControlPersist=no",
            "-o", $"ControlPath=\"{Escape(controlPath)}\"",
            "-o", "ClearAllForwardings=yes",
            "-o", "ForwardAgent=no",
            "-o", "ForwardX11=no",
            "-o", "PermitLocalCommand=no",
            "-o", "RemoteCommand=none",
            "-o", "EscapeChar=none",
            "-o", "LogLevel=ERROR",
        ];
        if (options.KnownHostsFile is { } hosts)
            arguments.AddRange(["-o", $"UserKnownHostsFile=\"{Escape(hosts)}\""]);
        if (guest.Identity is { } identity)
            arguments.AddRange(["-o", "IdentitiesOnly=yes", "-o", $"IdentityFile=\"{Escape(identity)}\""]);
        if (address.Port is { } port)
            arguments.AddRange(["-p", $"{port}"]);
        if (address.User is { } user)
            arguments.AddRange(["-l", user]);
        arguments.AddRange(["--", address.Host]);
        return arguments;
    }

    // ssh expands percent signs in these paths.
    private static string Escape(string path) => path.Replace("%", "%%", StringComparison.Ordinal);

    private static ChildProcess Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return ChildProcess.Start(program, arguments);
        }
        catch (Win32Exception e)
        {
            throw new GuestFailureException(FailureCodes.Connect, $"OpenSSH's client '{program}' cannot be started on this machine: {e.Message}. Install it (apt install openssh-client) or set SshProgram.");
        }
    }
}

/// <summary>How a remote script ended.</summary>
internal sealed record RemoteResult(int Status, string Output, string Errors)
{
    public IEnumerable<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>What a guest says of itself on connecting.</summary>
internal sealed record SshGuestFacts(string Kernel, string Processor, string Host, string Account, bool HasGzip, bool HasSha256)
{
    /// <summary>The platform as published agents are named; null where there is none for it.</summary>
    public string? Platform => Kernel != "Linux" ? null : Processor switch
    {
        "x86_64" => "linux-x64",
        "aarch64" => "linux-arm64",
        "armv7l" => "linux-arm",
        _ => null,
    };
}
