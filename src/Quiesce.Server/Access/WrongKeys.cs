using System.Collections.Concurrent;
using System.Net;

namespace Quiesce.Server.Access;

/// <summary>
/// Slows down whoever sends wrong keys: after a few within a minute, an address hears only that it has to wait. A right key is let in all the same, so that nobody
/// can lock others out who share his address.
/// </summary>
internal sealed class WrongKeys(TimeProvider time)
{
    /// <summary>Wrong keys within a minute that are answered in full.</summary>
    public const int Allowed = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Above it the addresses are forgotten: a flood from everywhere must not eat the memory.</summary>
    private const int MostAddresses = 10_000;

    private readonly ConcurrentDictionary<IPAddress, (int Count, DateTimeOffset Since)> _byAddress = new();

    /// <summary>Notes a wrong key.</summary>
    /// <returns>How long the address has to wait; null while it is answered in full.</returns>
    public TimeSpan? Note(IPAddress? address)
    {
        var now = time.GetUtcNow();
        if (_byAddress.Count > MostAddresses)
            _byAddress.Clear();
        var (count, since) = _byAddress.AddOrUpdate(address ?? IPAddress.None, _ => (1, now), (_, seen) => now - seen.Since >= Window ? (1, now) : (seen.Count + 1, seen.Since));
        return count <= Allowed ? null : since + Window - now;
    }
}
