using System.Text;

namespace Quiesce.Agent.Scripts;

/// <summary>Keeps the first and the last 64 KiB of a stream however long it is, and says how much lies between (R4.17).</summary>
internal sealed class CappedOutput
{
    public const int Kept = 64 * 1024;
    private byte[] head = [];
    private byte[]? tail;
    private int tailAt;
    private long tailBytes;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (head.Length < Kept)
        {
            var first = bytes[..Math.Min(bytes.Length, Kept - head.Length)];
            head = [.. head, .. first];
            bytes = bytes[first.Length..];
        }
        if (bytes.IsEmpty)
            return;
        tail ??= new byte[Kept];
        tailBytes += bytes.Length;
        if (bytes.Length > Kept)
            bytes = bytes[^Kept..];
        foreach (var one in bytes)
        {
            tail[tailAt] = one;
            tailAt = (tailAt + 1) % Kept;
        }
    }

    public bool IsEmpty => head.Length == 0;

    /// <summary>As UTF-8 text; what is not UTF-8 shows replacement marks.</summary>
    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(head);
        if (tail is null)
            return text;
        if (tailBytes <= Kept)
            return Encoding.UTF8.GetString([.. head, .. tail.AsSpan(0, (int)tailBytes)]);
        var left = tailBytes - Kept;
        return $"{text}\n[... {left} bytes left out ...]\n{Encoding.UTF8.GetString([.. tail.AsSpan(tailAt), .. tail.AsSpan(0, tailAt)])}";
    }
}
