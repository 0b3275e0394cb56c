using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Quiesce.Proxy.Channels;

/// <summary>A program that this proxy started, with its streams; what it says on stderr is kept, capped, for the message of a failure.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptErrorCharacters = 16 * 1024;
    private readonly Process process;
    private readonly Task<string> errors;

    private ChildProcess(Process process)
    {
        this.process = process;
        errors = KeepAsync(process.StandardError);
    }

    public Stream Output => process.StandardOutput.BaseStream;

    public Stream Input => process.StandardInput.BaseStream;

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Starts a program with each argument as it is, no shell between.</summary>
    /// <exception cref="Win32Exception">The program is missing or cannot be executed here.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string workingDirectory = "/")
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // Ours may hold keys of the controller; no program that we start needs them.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("QUIESCE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    public Task ExitAsync(CancellationToken stopping) => process.WaitForExitAsync(stopping);

    /// <summary>Everything the program said on stderr so far if it has closed it, or within a moment.</summary>
    public async Task<string> ErrorsAsync()
    {
        try
        {
            return await errors.WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            return "";
        }
    }

    /// <summary>Ends the program, if it has not ended, and closes the streams.</summary>
    public ValueTask DisposeAsync()
    {
        try
        {
            if (!process.HasExited)
                process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in between.
        }
        process.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets go of the program and leaves it running.</summary>
    public void Leave() => process.Dispose();

    private static async Task<string> KeepAsync(StreamReader reader)
    {
        var kept = new StringBuilder();
        var buffer = new char[1024];
        try
        {
            while (await reader.ReadAsync(buffer) is var read and > 0)
                if (kept.Length < KeptErrorCharacters)
                    kept.Append(buffer, 0, Math.Min(read, KeptErrorCharacters - kept.Length));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The process was disposed of while it still held stderr.
        }
        return kept.ToString();
    }
}
