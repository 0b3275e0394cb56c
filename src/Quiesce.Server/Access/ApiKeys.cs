using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>
/// The keys of the REST API. A key is 256 random bits, so that a plain SHA-256 keeps it as safe as a slow hash would: there is no shorter way to it than
/// trying all of them. Slow hashes are for what people think up.
/// </summary>
public sealed class ApiKeys(Store store, TimeProvider time, TimeSpan touchEvery)
{
    /// <summary>May do everything; there is only this role yet.</summary>
    public const string Administrator = "administrator";

    /// <summary>File of the key for clients on the same machine, in the data folder.</summary>
    public const string LocalKeyFile = "local.key";

    private const string LocalName = "local";
    private volatile ImmutableList<ApiKeyRow> _keys = [];

    /// <summary>Reads the keys, makes the administrator's at the first start, and sees to it that the local key file holds a valid one.</summary>
    /// <returns>The administrator key if it was made now: the only moment at which anybody can read it.</returns>
    public async Task<string?> LoadAsync(string dataFolder, CancellationToken ct)
    {
        _keys = [.. await store.ApiKeysAsync(ct)];
        var made = _keys.Exists(key => key is { Role: Administrator, Name: not LocalName }) ? null : await AddAsync(Administrator);
        var file = Path.Combine(dataFolder, LocalKeyFile);
        if (!File.Exists(file) || Find((await File.ReadAllTextAsync(file, ct)).Trim()) is null)
        {
            foreach (var old in _keys.Where(key => key.Name == LocalName))
                await store.DeleteApiKeyAsync(old.Id);
            _keys = _keys.RemoveAll(key => key.Name == LocalName);
            await DataFolder.WriteAsync(file, await AddAsync(LocalName) + "\n", ct);
        }
        else if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return made;
    }

    /// <summary>The key that a client sent; null where it is none of ours. Takes as long for a wrong key as for a right one.</summary>
    public ApiKeyRow? Find(string sent)
    {
        var hash = Encoding.ASCII.GetBytes(Hash(sent));
        ApiKeyRow? found = null;
        foreach (var key in _keys)
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(key.Hash)))
                found = key;
        return found;
    }

    /// <summary>Notes that a key was used, at most once in a while: a request must not cost a write.</summary>
    public async Task TouchAsync(ApiKeyRow key)
    {
        var now = time.GetUtcNow();
        if (key.LastUsed is { } last && now - last < touchEvery)
            return;
        _keys = _keys.Replace(key, key with { LastUsed = now });
        await store.TouchApiKeyAsync(key.Id, now);
    }

    private async Task<string> AddAsync(string name)
    {
        var key = "qk_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var row = new ApiKeyRow(Guid.NewGuid().ToString("n"), name, Administrator, Hash(key), time.GetUtcNow(), null);
        await store.AddApiKeyAsync(row);
        _keys = _keys.Add(row);
        return key;
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
