namespace Quiesce.Agent.Serving;

/// <summary>The runtime's own log in its private folder. While anything is frozen it keeps its lines in memory and writes nothing (R4.29).</summary>
internal sealed class Log(string file, TimeProvider clock)
{
    private const int Remembered = 256;
    private readonly Queue<string> ring = new(Remembered);
    private bool held;

    public void Write(string text)
    {
        lock (ring)
        {
            if (ring.Count == Remembered)
                ring.Dequeue();
            ring.Enqueue($"{clock.GetUtcNow():O} {text}\n");
            if (!held)
                Flush();
        }
    }

    /// <summary>From here on nothing is written until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (ring)
            held = true;
    }

    public void Release()
    {
        lock (ring)
        {
            held = false;
            Flush();
        }
    }

    private void Flush()
    {
        if (ring.Count == 0)
            return;
        try
        {
            File.AppendAllText(file, string.Concat(ring));
            ring.Clear();
        }
        catch (IOException)
        {
            // A full disk or a removed folder must not stop a thaw; the lines stay in the ring.
        }
    }
}
