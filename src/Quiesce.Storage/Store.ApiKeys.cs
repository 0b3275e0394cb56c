namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds a key.</summary>
    public Task AddApiKeyAsync(ApiKeyRow key) => throw new NotImplementedException();

    /// <summary>The key with this hash; null when there is none.</summary>
    public Task<ApiKeyRow?> ApiKeyByHashAsync(string hash, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>All keys, the oldest first.</summary>
    public Task<IReadOnlyList<ApiKeyRow>> ApiKeysAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Notes that a key was used.</summary>
    public Task TouchApiKeyAsync(string id, DateTimeOffset at) => throw new NotImplementedException();

    /// <summary>Removes a key. False when there is none.</summary>
    public Task<bool> DeleteApiKeyAsync(string id) => throw new NotImplementedException();

    /// <summary>A setting; null when it is not set.</summary>
    public Task<string?> SettingAsync(string key, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Sets a setting; null removes it.</summary>
    public Task SetSettingAsync(string key, string? value) => throw new NotImplementedException();
}
