using System.Runtime.InteropServices;
using Quiesce.Agent.Native;

namespace Quiesce.Agent.Snapshots;

/// <summary>Access lists, labels and capabilities of files travel as extended attributes. What this account or the target may not hold is left out.</summary>
internal static unsafe class ExtendedAttributes
{
    public static void Copy(int from, int to)
    {
        var size = Files.FlistXattr(from, null, 0);
        if (size <= 0)
            return;
        var names = new byte[size];
        var value = new byte[64 * 1024];
        fixed (byte* first = names, buffer = value)
        {
            size = Files.FlistXattr(from, first, (nuint)names.Length);
            for (nint at = 0; at < size;)
            {
                var length = Files.FgetXattr(from, first + at, buffer, (nuint)value.Length);
                if (length >= 0)
                    _ = Files.FsetXattr(to, first + at, buffer, (nuint)length, 0);
                at += MemoryMarshal.CreateReadOnlySpanFromNullTerminated(first + at).Length + 1;
            }
        }
    }
}
