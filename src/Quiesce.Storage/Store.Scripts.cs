using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    private const string InsertScript = "INSERT INTO scripts (sha256, name, content) VALUES (@Sha256, @Name, @Content) ON CONFLICT (sha256) DO NOTHING";

    /// <summary>Adds a script under the hash of its content; a repeat changes nothing.</summary>
    public Task AddScriptAsync(ScriptRow script) => WriteAsync(c => c.Db.Execute(InsertScript, script));

    /// <summary>A script by hash; null when there is none.</summary>
    public Task<ScriptRow?> ScriptAsync(string sha256, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<ScriptRow>("SELECT * FROM scripts WHERE sha256 = @sha256", new { sha256 }), ct);
}
