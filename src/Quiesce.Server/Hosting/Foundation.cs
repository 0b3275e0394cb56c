using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Definitions;
using Quiesce.Server.Access;
using Quiesce.Storage;

namespace Quiesce.Server.Hosting;

/// <summary>What has to be there before anything runs: the folder for us alone, the database, our name as owner, keys, definitions.</summary>
internal sealed class Foundation : IAsyncDisposable
{
    private readonly DataFolderLock _folder;

    private Foundation(DataFolderLock folder, Store store, Owner owner, DefinitionCatalog definitions, ApiKeys keys) =>
        (_folder, Store, Owner, Definitions, Keys) = (folder, store, owner, definitions, keys);

    public Store Store { get; }
    public Owner Owner { get; }
    public DefinitionCatalog Definitions { get; }
    public ApiKeys Keys { get; }
    public string? AdministratorKey { get; private set; }
    public LoginCookie Cookie { get; private set; } = new("quiesce", []);
    /// <summary>What became of the files of the workflows folder at this start.</summary>
    public IReadOnlyList<DefinitionChange> Loaded { get; private set; } = [];

    public static async Task<Foundation> LayAsync(ServerOptions options, CancellationToken ct)
    {
        DataFolder.Prepare(options.DataFolder);
        var folder = DataFolderLock.Take(options.DataFolder);
        Store? store = null;
        try
        {
            store = await Store.OpenAsync(Path.Combine(options.DataFolder, ServerHost.DatabaseFile), options.Time, ct);
            // The lock says that nobody else works on this database: whoever owned its sessions is dead, whatever its lease says.
            var owner = await store.RegisterOwnerAsync($"{Environment.MachineName}:{Environment.ProcessId}", options.OwnerLease);
            await store.RemoveOtherOwnersAsync(owner);
            DataFolder.FillWorkflows(options.ShippedWorkflows, options.Workflows);
            var definitions = new DefinitionCatalog(store, QuiesceActivities.Registry, options.Workflows, options.Time);
            var foundation = new Foundation(folder, store, owner, definitions, new ApiKeys(store, options.Time, options.TouchEvery)) { Loaded = await definitions.LoadAsync(ct) };
            // Without HTTP nobody can use a key, so that none is made: a later first start with HTTP shows it.
            if (options.Urls is not null)
            {
                foundation.AdministratorKey = await foundation.Keys.LoadAsync(options.DataFolder, ct);
                foundation.Cookie = await CookieAsync(store, ct);
            }

            return foundation;
        }
        catch
        {
            if (store is not null)
                await store.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Gives the sessions up, for the next start to take over at once.</summary>
    public Task LeaveAsync() => Store.RemoveOwnerAsync(Owner);

    /// <summary>Two servers on one machine differ in their port only, which cookies do not know.</summary>
    private static async Task<LoginCookie> CookieAsync(Store store, CancellationToken ct)
    {
        const string setting = "server.id";
        if (await store.SettingAsync(setting, ct) is not { } id)
            await store.SetSettingAsync(setting, id = Guid.NewGuid().ToString("n")[..12]);
        return new LoginCookie($"quiesce-{id}", await store.EndedLoginsAsync(ct));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Definitions.Dispose();
        Keys.Dispose();
        _folder.Dispose();
    }
}
