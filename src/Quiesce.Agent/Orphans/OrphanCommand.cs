using System.Text.Json;
using Quiesce.Agent.Serving;

namespace Quiesce.Agent.Orphans;

/// <summary><c>quiesce-agent orphan</c>: what the guardian becomes when the serving process died. With nothing there, nothing is to be done.</summary>
internal static class OrphanCommand
{
    public static int Run(Options options)
    {
        var folder = options.Folder;
        if (!Directory.Exists(folder))
            return EntryPoint.Success;
        if (StateFile.Read(folder) is not { } state)
        {
            EntryPoint.Say(2, $"quiesce-agent: {folder} holds no state of a runtime; it is left alone.");
            return EntryPoint.Failed;
        }
        using var held = FolderLock.TryTake(Path.Combine(folder, "lock"));
        if (held is null)
        {
            EntryPoint.Say(2, $"quiesce-agent: a live runtime holds {folder}; it is left alone.");
            return EntryPoint.Failed;
        }
        new OrphanRule(folder, Scripts(folder), new StateFile(folder, state), TimeProvider.System).Apply("its serving process died", false, keepRecord: true);
        return EntryPoint.Success;
    }

    private static string Scripts(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, "manifest.json")), AgentReadJson.Default.Manifest)?.Scripts ?? Path.Combine(folder, "scripts");
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            return Path.Combine(folder, "scripts");
        }
    }
}
