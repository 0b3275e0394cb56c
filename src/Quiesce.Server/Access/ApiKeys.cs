using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Storage;

namespace Quiesce.Server.Access;

/// <summary>
/// The keys of the REST API. A key is 256 random bits, so that a plain SHA-256 keeps it as safe as a slow hash would: there is no shorter way to it than
/// trying all of them. Slow hashes are for what people think up.
/// </summary>
public sealed partial class ApiKeys(Store store, TimeProvider time, TimeSpan touchEvery) : IDisposable
{
    /// <summary>File of the key for clients on the same machine, in the data folder.</summary>
    public const string LocalKeyFile = "local.key";

    /// <summary>Name of that key.</summary>
    public const string LocalName = "local";

    /// <summary>Words that sessions and the audit use for what no key did.</summary>
    private static readonly string[] Reserved = [LocalName, Caller.Nobody, "schedule", "system"];

    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile ImmutableDictionary<string, LiveKey> _byHash = ImmutableDictionary<string, LiveKey>.Empty;

    /// <summary>All keys, the oldest first.</summary>
    public IReadOnlyList<ApiKeyRow> All => [.. _byHash.Values.Select(key => key.Row).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id, StringComparer.Ordinal)];

    /// <summary>Reads the keys, makes the administrator's at the first start, and sees to it that the local key file holds a valid one.</summary>
    /// <returns>The administrator key if it was made now: the only moment at which anybody can read it.</returns>
    public async Task<string?> LoadAsync(string dataFolder, CancellationToken ct)
    {
        _byHash = (await store.ApiKeysAsync(ct)).ToImmutableDictionary(row => row.Hash, row => new LiveKey(row), StringComparer.Ordinal);
        var made = All.Any(key => key is { Role: Roles.Administrator, Name: not LocalName }) ? null : (await AddAsync(FreeName(Roles.Administrator), Roles.Administrator, null)).Key;
        var file = Path.Combine(dataFolder, LocalKeyFile);
        if (!File.Exists(file) || Find((await File.ReadAllTextAsync(file, ct)).Trim()) is null)
        {
            foreach (var old in All.Where(key => key.Name == LocalName))
                await RemoveAsync(old);
            await DataFolder.WriteAsync(file, (await AddAsync(LocalName, Roles.Administrator, null)).Key + "\n", ct);
        }
        else if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return made;
    }

    /// <summary>The key that a client sent; null where it is none of ours.</summary>
    public ApiKeyRow? Find(string sent) => _byHash.GetValueOrDefault(Hash(sent))?.Row;

    /// <summary>A key by its id; null where it was deleted.</summary>
    public ApiKeyRow? ById(string id) => _byHash.Values.FirstOrDefault(key => key.Row.Id == id)?.Row;

    /// <summary>Signalled when the key is deleted: for connections that stay open longer than a request.</summary>
    public CancellationToken Gone(ApiKeyRow key) => _byHash.TryGetValue(key.Hash, out var live) ? live.Gone.Token : new CancellationToken(canceled: true);

    /// <summary>Notes that a key was used, at most once in a while: a request must not cost a write.</summary>
    public async Task TouchAsync(ApiKeyRow key)
    {
        var now = time.GetUtcNow();
        if (_byHash.TryGetValue(key.Hash, out var live) && live.Touch(now, touchEvery))
            await store.TouchApiKeyAsync(key.Id, now);
    }

    /// <summary>Makes a key; durable when this returns.</summary>
    /// <param name="by">Name of the key that asked.</param>
    /// <returns>The key itself: the only time that anybody can read it.</returns>
    /// <exception cref="RefusedException">The role is none, or the name is none or taken.</exception>
    public async Task<CreatedKey> CreateAsync(NewKey key, string by, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!Roles.All.Contains(key.Role))
            throw new RefusedException(ProblemCodes.Invalid, $"'{key.Role}' is no role of a key. The roles are {string.Join(", ", Roles.All)}.");
        if (!Name().IsMatch(key.Name))
            throw new RefusedException(ProblemCodes.Invalid, $"'{key.Name}' is no name for a key. Take 1 to 64 letters, digits, spaces and . _ @ -, beginning with a letter or a digit.");
        await _changing.WaitAsync(ct);
        try
        {
            if (Reserved.Contains(key.Name, StringComparer.OrdinalIgnoreCase) || All.Any(row => string.Equals(row.Name, key.Name, StringComparison.OrdinalIgnoreCase)))
                throw new RefusedException(ProblemCodes.Conflict, $"The name '{key.Name}' is taken, and a name says who did something. Choose another, or delete the key of that name first.");
            var (row, secret) = await AddAsync(key.Name, key.Role, by);
            return new CreatedKey(row.Id, row.Name, row.Role, secret);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Deletes a key: it, its browser log-ins and its open connections are refused from now on.</summary>
    /// <exception cref="RefusedException">There is none, it is this machine's own, or nobody could make keys any more.</exception>
    public async Task<ApiKeyRow> DeleteAsync(string id, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            var key = All.FirstOrDefault(row => row.Id == id || row.Name == id)
                ?? throw new RefusedException(ProblemCodes.NotFound, $"There is no key '{id}'. `quiesce key list` shows those there are.");
            if (key.Name == LocalName)
                throw new RefusedException(ProblemCodes.Conflict, $"The key '{LocalName}' lets the command line on the server's machine in. To replace it, delete {LocalKeyFile} in the data folder and start the server again.");
            if (key.Role == Roles.Administrator && All.Count(row => row is { Role: Roles.Administrator, Name: not LocalName }) == 1)
                throw new RefusedException(ProblemCodes.Conflict, $"The key '{key.Name}' is the last administrator's: without it nobody elsewhere could make keys. Make another administrator key first: quiesce key create NAME --role administrator");
            await RemoveAsync(key);
            return key;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _changing.Dispose();

    private async Task<(ApiKeyRow Row, string Key)> AddAsync(string name, string role, string? by)
    {
        var key = "qk_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var row = new ApiKeyRow(Guid.NewGuid().ToString("n"), name, role, Hash(key), time.GetUtcNow(), null, by);
        await store.AddApiKeyAsync(row);
        _byHash = _byHash.Add(row.Hash, new LiveKey(row));
        return (row, key);
    }

    private async Task RemoveAsync(ApiKeyRow key)
    {
        await store.DeleteApiKeyAsync(key.Id);
        if (!_byHash.TryGetValue(key.Hash, out var live))
            return;
        _byHash = _byHash.Remove(key.Hash);
        await live.Gone.CancelAsync();
    }

    private string FreeName(string wanted) =>
        Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? wanted : $"{wanted}-{number}").First(name => All.All(key => key.Name != name));

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd} ._@-]{0,63}\z")]
    private static partial Regex Name();

    /// <summary>A key in use: many requests at once note their use of it.</summary>
    private sealed class LiveKey(ApiKeyRow row)
    {
        private long _touched = row.LastUsed?.UtcTicks ?? 0;

        public ApiKeyRow Row => Interlocked.Read(ref _touched) is var ticks and not 0 ? row with { LastUsed = new DateTimeOffset(ticks, TimeSpan.Zero) } : row;

        public CancellationTokenSource Gone { get; } = new();

        /// <summary>True for the one who has to write it down.</summary>
        public bool Touch(DateTimeOffset now, TimeSpan every)
        {
            var last = Interlocked.Read(ref _touched);
            return now.UtcTicks - last >= every.Ticks && Interlocked.CompareExchange(ref _touched, now.UtcTicks, last) == last;
        }
    }
}
