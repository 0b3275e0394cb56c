using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Hosting;

/// <summary>Takes changed files of the workflows folder up while serving: when the file system tells of them, and by looking now and then where it does not.</summary>
internal sealed class DefinitionWatch(DefinitionCatalog definitions, ServerOptions options, ILogger<DefinitionWatch> log) : BackgroundService
{
    /// <summary>An editor writes a file in several steps; they are one change.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = Watch(() => told.Writer.TryWrite(true));
        try
        {
            while (true)
            {
                using (var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
                {
                    wait.CancelAfter(options.WorkflowPoll);
                    try
                    {
                        await told.Reader.WaitToReadAsync(wait.Token);
                        await Task.Delay(Settle, options.Time, stoppingToken);
                    }
                    catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
                    {
                        // Nothing was told: time to look.
                    }
                }

                told.Reader.TryRead(out _);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the next start looks.
        }
    }

    /// <summary>Tells the log what became of files.</summary>
    public static void Tell(ILogger log, IEnumerable<DefinitionChange> changes)
    {
        foreach (var change in changes)
            if (change.Problem is { } problem)
                log.LogWarning("{File} is not in force: {Problem}", Path.GetFileName(change.File), problem);
            else
            {
                log.LogInformation("{File} is in force as version {Version} of {Definition}", Path.GetFileName(change.File), change.Version, change.DefinitionId);
                if (change.Note is { } note)
                    log.LogWarning("{File} was edited while somebody worked on {Definition}. {Note}", Path.GetFileName(change.File), change.DefinitionId, note);
            }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            Tell(log, await definitions.RescanAsync(stopping));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Disk or database in trouble: what is in force stays so.
            log.LogError(e, "The workflows folder {Folder} could not be looked at", definitions.Folder);
        }
    }

    private FileSystemWatcher? Watch(Action changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(definitions.Folder!, "*.json");
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException)
        {
            log.LogWarning("The file system does not tell of changes in {Folder} ({Reason}); it is looked at every {Poll}", definitions.Folder, e.Message, options.WorkflowPoll);
            return null;
        }
    }
}
