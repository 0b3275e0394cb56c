namespace Quiesce.EndToEnd.Tests.Cli;

/// <summary>A folder for one test: an application with a file in it, scripts, and the temporary folder of the processes.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder()
    {
        Directory.CreateDirectory(Application);
        Directory.CreateDirectory(Temporary);
        File.WriteAllText(System.IO.Path.Combine(Application, "data.txt"), "precious");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("quiesce-e2e-").FullName;

    public string Application => At("app");

    public string Temporary => At("tmp");

    public string Data => At("data");

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a shell script and answers with its path.</summary>
    public string Script(string name, string body)
    {
        File.WriteAllText(At(name), $"#!/bin/sh\n{body}\n");
        return At(name);
    }

    /// <summary>Waits until a file is there.</summary>
    public async Task AppearsAsync(string name)
    {
        var appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path, name) { EnableRaisingEvents = true };
        watcher.Created += (_, _) => appeared.TrySetResult();
        if (File.Exists(At(name)))
            return;
        await appeared.Task.WaitAsync(QuiesceProcess.Patience);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
