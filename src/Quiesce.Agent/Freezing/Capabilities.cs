using System.Globalization;

namespace Quiesce.Agent.Freezing;

/// <summary>What this account may do, as the kernel sees it; being root in a container is not enough.</summary>
internal static class Capabilities
{
    private const int SystemAdministration = 21;

    /// <summary>Whether this process has CAP_SYS_ADMIN, which freezing takes.</summary>
    public static bool CanFreeze
    {
        get
        {
            foreach (var line in File.ReadLines("/proc/self/status"))
                if (line.StartsWith("CapEff:", StringComparison.Ordinal))
                    return (ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber) >> SystemAdministration & 1) != 0;
            return false;
        }
    }
}
