using System.Collections.Concurrent;
using System.Security.Cryptography;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>Codes that log a browser in once, within ten minutes: for whoever has just started the server, and for <c>quiesce console</c>. A restart forgets them.</summary>
internal sealed class LoginLinks(TimeProvider time)
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>More than anybody asks for within ten minutes.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, (string KeyId, DateTimeOffset Ends)> _codes = new(StringComparer.Ordinal);

    /// <summary>A code that logs in as this key.</summary>
    public (string Code, DateTimeOffset Ends) Make(ApiKeyRow key)
    {
        var now = time.GetUtcNow();
        foreach (var old in _codes.Where(code => code.Value.Ends <= now || _codes.Count >= Most))
            _codes.TryRemove(old);
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _codes[code] = (key.Id, now + Life);
        return (code, now + Life);
    }

    /// <summary>The id of the key that a code stands for; null for one that is unknown, used or too old. It is used now.</summary>
    public string? Use(string code) => _codes.TryRemove(code, out var found) && found.Ends > time.GetUtcNow() ? found.KeyId : null;
}
