using System.Text.Json;

namespace Quiesce.Agent.Orphans;

/// <summary>The state file in the private folder: replaced as a whole, so a reader never sees half of it.</summary>
internal sealed class StateFile(string folder, RuntimeState initial)
{
    private readonly Lock changing = new();
    private readonly string file = FileIn(folder);
    private bool held;
    private bool changedWhileHeld;

    public RuntimeState Current { get; private set; } = initial;

    public static string FileIn(string folder) => Path.Combine(folder, "state.json");

    /// <summary>Null where there is none or it cannot be read.</summary>
    public static RuntimeState? Read(string folder)
    {
        // Looked for first, as in all our files: the usual start finds none, and an exception costs it a fifth of its time.
        if (!File.Exists(FileIn(folder)))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FileIn(folder)), AgentReadJson.Default.RuntimeState);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Changes the state; when this returns it is in the file, unless writing is held back during a freeze.</summary>
    public void Change(Func<RuntimeState, RuntimeState> change)
    {
        lock (changing)
        {
            Current = change(Current);
            if (held)
                changedWhileHeld = true;
            else
                Write();
        }
    }

    /// <summary>The same for what has happened already: a full disk must not undo a thaw, lose the outcome of a script, or stop the orphan rule. The state in memory is right in any case.</summary>
    public void Note(Func<RuntimeState, RuntimeState> change)
    {
        try
        {
            Change(change);
        }
        catch (IOException)
        {
            // The file says more than is true: whoever takes over undoes what is undone already, which does no harm.
        }
    }

    /// <summary>Nothing is written until <see cref="Release"/> (R4.29). What is frozen was written before.</summary>
    public void Hold()
    {
        lock (changing)
            held = true;
    }

    public void Release()
    {
        lock (changing)
        {
            held = false;
            if (changedWhileHeld)
                Note(unchanged => unchanged);
            changedWhileHeld = false;
        }
    }

    private void Write()
    {
        // No fsync: it must outlive this process, not the machine. After a restart of the machine nothing is frozen and no script runs.
        var next = file + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(Current, AgentJson.Default.RuntimeState));
        File.Move(next, file, overwrite: true);
    }
}
