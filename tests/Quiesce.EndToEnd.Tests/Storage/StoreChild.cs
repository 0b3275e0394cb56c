using System.Diagnostics;
using System.Text;
using Quiesce.Storage;

namespace Quiesce.EndToEnd.Tests.Storage;

/// <summary>What the child process does until it is killed, and how a test starts it.</summary>
internal static class StoreChild
{
    /// <summary>Writes instances with a bookmark and a journal from eight callers at once, and prints each id once its commit was acknowledged.</summary>
    public static async Task<int> WriteAsync(string folder)
    {
        using var held = DataFolderLock.Take(folder);
        await using var store = await Store.OpenAsync(Path.Combine(folder, "quiesce.db"), TimeProvider.System, CancellationToken.None);
        var owner = await store.RegisterOwnerAsync("child", TimeSpan.FromMinutes(1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var id = Guid.CreateVersion7().ToString("n");
                await store.CommitAsync(Create(owner, id));
                Console.WriteLine(id);
            }
        })));
        return 0;
    }

    /// <summary>Holds the folder until it is killed.</summary>
    public static async Task<int> HoldFolderAsync(string folder)
    {
        using var held = DataFolderLock.Take(folder);
        Console.WriteLine("held");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    public static Commit Create(Owner owner, string id)
    {
        var now = DateTimeOffset.UtcNow;
        return new Commit
        {
            Owner = owner, Create = true, Epoch = 1,
            Instance = new InstanceRow(id, "d", 1, "d:1", null, null, null, "Running", "Suspended", "Running", Encoding.UTF8.GetBytes(new string('x', 500)), 0, null, 0, now, now, null, null, 0),
            BookmarksAdded = [new BookmarkRow("b", id, "Event", "hash", null, null, now, null)],
            Journal = new JournalSegment(id, 1, 1, "[{}]"),
        };
    }

    public static Process Start(string verb, string folder) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { typeof(StoreChild).Assembly.Location, verb, folder },
        RedirectStandardOutput = true,
    })!;
}
