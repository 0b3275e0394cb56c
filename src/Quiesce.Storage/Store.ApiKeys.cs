using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds a key.</summary>
    public Task AddApiKeyAsync(ApiKeyRow key) =>
        WriteAsync(c => c.Db.Execute(
            "INSERT INTO api_keys (id, name, role, hash, created_at, last_used) VALUES (@Id, @Name, @Role, @Hash, @CreatedAt, @LastUsed)", key));

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
