using System.Diagnostics;
using Quiesce.Cli.Commands;

namespace Quiesce.Cli.Demo;

/// <summary>The demo's application, seen from the parent: every commit that it acknowledged, in the order of its own pipe.</summary>
internal sealed class WriterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiting = [];
    private WriterFacts _facts = new(0, null, null, 0, null, null);

    private WriterProcess(Process process, TimeProvider time)
    {
        _process = process;
        _time = time;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>What is known now.</summary>
    public WriterFacts Facts
    {
        get
        {
            lock (_gate)
                return _facts;
        }
    }

    public static WriterProcess Start(string database, string control, TimeProvider time)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        var (program, before) = OwnProgram();
        start.FileName = program;
        foreach (var argument in before.Concat([DemoWriterCommand.Name, "--database", database, "--control", control]))
            start.ArgumentList.Add(argument);
        return new WriterProcess(Process.Start(start)!, time);
    }

    /// <summary>Waits until this many commits are acknowledged.</summary>
    /// <exception cref="CliException">The application ended or came to a halt.</exception>
    public async Task ReachAsync(long count, CancellationToken cancellation)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_facts.Acknowledged >= count)
                return;
            _waiting.Add((count, reached));
        }

        try
        {
            if (await Task.WhenAny(reached.Task, _reading).WaitAsync(Patience, _time, cancellation) == reached.Task)
                return;
        }
        catch (TimeoutException)
        {
            throw new CliException(CliException.Codes.Demo, $"The demo's application stands still at {Facts.Acknowledged} commits. Look whether the disk that holds the temporary folder is full or very slow.");
        }

        throw new CliException(CliException.Codes.Demo, $"The demo's application ended by itself after {Facts.Acknowledged} commits. Its own message is above.");
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends the application; one that does not listen is killed.
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5), _time);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    /// <summary>This program, whether it was started as an executable or through <c>dotnet</c>.</summary>
    private static (string Program, string[] Before) OwnProgram()
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? (program, [typeof(WriterProcess).Assembly.Location]) : (program, []);
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            lock (_gate)
            {
                _facts = _facts.Take(line, _time.GetTimestamp());
                foreach (var (_, reached) in _waiting.Where(w => w.Count <= _facts.Acknowledged))
                    reached.TrySetResult();
                _waiting.RemoveAll(w => w.Reached.Task.IsCompleted);
            }
    }
}
