using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Quiesce.EndToEnd.Tests.Cli;

/// <summary>The real <c>quiesce</c> from its build output, in a folder of its own that is HOME, data and state folder at once.</summary>
internal sealed class QuiesceProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly Task _reading;
    private readonly SemaphoreSlim _more = new(0);

    private QuiesceProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _out), ReadAsync(process.StandardError, _error));
    }

    public static string BuildOutput { get; } = FindBuildOutput();

    public string Out => Text(_out);

    public string Error => Text(_error);

    public JsonElement OutJson => JsonSerializer.Deserialize<JsonElement>(Out);

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public static QuiesceProcess Start(TestFolder folder, params string[] arguments) => Start(folder, new Dictionary<string, string>(), arguments);

    /// <summary>Starts with more variables than the account's own.</summary>
    public static QuiesceProcess Start(TestFolder folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // A test run that a shell put into the background has SIGINT ignored, and its children inherit that: Ctrl-C must mean here what it means in a terminal.
        var start = new ProcessStartInfo("/usr/bin/env") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder.Path };
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add(Path.Combine(BuildOutput, "quiesce"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in new[] { "QUIESCE_DATA", "QUIESCE_URL", "QUIESCE_API_KEY", "XDG_DATA_HOME", "XDG_STATE_HOME" })
            start.Environment.Remove(name);
        start.Environment["HOME"] = folder.Path;
        start.Environment["TMPDIR"] = folder.Temporary;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new QuiesceProcess(process);
    }

    /// <summary>Starts, waits for the end, and answers with what came of it.</summary>
    public static async Task<QuiesceProcess> RunAsync(TestFolder folder, params string[] arguments)
    {
        var process = Start(folder, arguments);
        await process.EndAsync();
        return process;
    }

    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _reading.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"quiesce did not end within {Patience}.\n{this}");
        }
    }

    /// <summary>Waits until stdout contains the text.</summary>
    public async Task SaysAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Out.Contains(text, StringComparison.Ordinal))
        {
            if (_reading.IsCompleted && !Out.Contains(text, StringComparison.Ordinal))
                throw new InvalidOperationException($"quiesce ended without saying '{text}'.\n{this}");
            await Task.WhenAny(_more.WaitAsync(patience.Token), _reading);
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends a signal such as INT, TERM or KILL to this process and no other.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _more.Dispose();
    }

    public override string ToString() => $"stdout:\n{Out}\nstderr:\n{Error}";

    private async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (text)
                text.AppendLine(line);
            _more.Release();
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private static string FindBuildOutput()
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Workflows.sln")))
            root = root.Parent;
        return Path.Combine(root!.FullName, "src", "Quiesce.Cli", "bin", configuration, "net10.0");
    }
}
