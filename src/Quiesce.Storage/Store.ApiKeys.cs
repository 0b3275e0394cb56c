using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds a key.</summary>
    public Task AddApiKeyAsync(ApiKeyRow key) =>
        WriteAsync(c => c.Db.Execute(
            "INSERT INTO api_keys (id, name, role, hash, created_at, last_used, created_by) VALUES (@Id, @Name, @Role, @Hash, @CreatedAt, @LastUsed, @CreatedBy)", key));

    /// <summary>The key with this hash; null when there is none.</summary>
    public Task<ApiKeyRow?> ApiKeyByHashAsync(string hash, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<ApiKeyRow>("SELECT * FROM api_keys WHERE hash = @hash", new { hash }), ct);

    /// <summary>All keys, the oldest first.</summary>
    public Task<IReadOnlyList<ApiKeyRow>> ApiKeysAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<ApiKeyRow>>(c => [.. c.Db.Query<ApiKeyRow>("SELECT * FROM api_keys ORDER BY created_at, id")], ct);

    /// <summary>Notes that a key was used.</summary>
    public Task TouchApiKeyAsync(string id, DateTimeOffset at) => WriteAsync(c => c.Db.Execute("UPDATE api_keys SET last_used = @at WHERE id = @id", new { id, at }));

    /// <summary>Removes a key. False when there is none.</summary>
    public Task<bool> DeleteApiKeyAsync(string id) => WriteAsync(c => c.Db.Execute("DELETE FROM api_keys WHERE id = @id", new { id }) > 0);

    /// <summary>Notes that a browser's log-in was ended, until its cookie would have ended by itself.</summary>
    public Task EndLoginAsync(string id, DateTimeOffset expiresAt) =>
        WriteAsync(c =>
        {
            c.Db.Execute("DELETE FROM ended_logins WHERE expires_at <= @now", new { now = Now });
            return c.Db.Execute("INSERT INTO ended_logins (id, expires_at) VALUES (@id, @expiresAt) ON CONFLICT (id) DO NOTHING", new { id, expiresAt });
        });

    /// <summary>The log-ins that were ended and whose cookie could still be around.</summary>
    public Task<IReadOnlyList<string>> EndedLoginsAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<string>>(c => [.. c.Db.Query<string>("SELECT id FROM ended_logins WHERE expires_at > @now", new { now = Now })], ct);

    /// <summary>A setting; null when it is not set.</summary>
    public Task<string?> SettingAsync(string key, CancellationToken ct) =>
        ReadAsync(c => c.Db.ExecuteScalar<string?>("SELECT value FROM settings WHERE key = @key", new { key }), ct);

    /// <summary>Sets a setting; null removes it.</summary>
    public Task SetSettingAsync(string key, string? value) =>
        WriteAsync(c => c.Db.Execute(
            value is null
                ? "DELETE FROM settings WHERE key = @key"
                : "INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = @value",
            new { key, value }));
}
