using System.Collections;
using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>
/// Adds up what the values of a burst hold on to. Looked at now and then only, whenever much has been allocated: a burst is to be stopped before it
/// fills the memory of its host, not to be accounted for.
/// </summary>
internal struct MemoryGauge(long most)
{
    private const long Step = 64 * 1024 * 1024;
    private long next = GC.GetAllocatedBytesForCurrentThread() + Step;

    /// <summary>True when enough has been allocated since the last look that another is due.</summary>
    public readonly bool IsDue => GC.GetAllocatedBytesForCurrentThread() >= next;

    /// <summary>The bytes that the values hold on to, counted up to somewhat over the limit; a value that occurs several times counts once.</summary>
    public bool IsTooMuch(IEnumerable<ActivityContext> contexts, IEnumerable<object?> others)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        long bytes = 0;
        foreach (var value in contexts.SelectMany(ValuesOf).Concat(others))
        {
            bytes += SizeOf(value, seen, 0);
            if (bytes > most)
                return true;
        }

        next = GC.GetAllocatedBytesForCurrentThread() + Step;
        return false;
    }

    private static IEnumerable<object?> ValuesOf(ActivityContext context)
    {
        if (context.Inputs is { } inputs && !ReferenceEquals(inputs, context.Node.ConstantInputs))
            foreach (var value in inputs)
                yield return value;
        foreach (var value in context.Outputs ?? [])
            yield return value;
        foreach (var slot in context.Slots ?? [])
            yield return slot.Value;
        foreach (var slot in context.Dynamic ?? [])
            yield return slot.Value;
    }

    private static long SizeOf(object? value, HashSet<object> seen, int depth)
    {
        switch (value)
        {
            case null:
                return 0;
            case string text:
                return text.Length < 256 || seen.Add(text) ? 24 + 2L * text.Length : 0;
            case byte[] bytes:
                return seen.Add(bytes) ? 24 + bytes.LongLength : 0;
            case JsonValue scalar:
                return 64 + (scalar.GetValueKind() == System.Text.Json.JsonValueKind.String ? 2L * scalar.ToString().Length : 0);
            case IEnumerable list when depth < 100:
                if (!seen.Add(list))
                    return 0;
                long sum = 48;
                foreach (var item in list)
                    sum += 16 + item switch
                    {
                        KeyValuePair<string, object?> pair => 2L * pair.Key.Length + SizeOf(pair.Value, seen, depth + 1),
                        KeyValuePair<string, JsonNode?> pair => 2L * pair.Key.Length + SizeOf(pair.Value, seen, depth + 1),
                        _ => SizeOf(item, seen, depth + 1),
                    };
                return sum;
            default:
                return 24;
        }
    }
}
