namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds a script under the hash of its content; a repeat changes nothing.</summary>
    public Task AddScriptAsync(ScriptRow script) => throw new NotImplementedException();

    /// <summary>A script by hash; null when there is none.</summary>
    public Task<ScriptRow?> ScriptAsync(string sha256, CancellationToken ct) => throw new NotImplementedException();
}
