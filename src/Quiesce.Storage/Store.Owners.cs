namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Registers this process as an owner, with a new id.</summary>
    public Task<Owner> RegisterOwnerAsync(string name, TimeSpan lease) => throw new NotImplementedException();

    /// <summary>Renews the lease: one write, to be repeated about three times per lease. False when the owner was removed: register again and claim anew.</summary>
    public Task<bool> RenewOwnerAsync(Owner owner) => throw new NotImplementedException();

    /// <summary>Gives the lease up, so that others need not wait for it to run out. The instances stay as they are.</summary>
    public Task RemoveOwnerAsync(Owner owner) => throw new NotImplementedException();

    /// <summary>Ids of owners whose lease has run out.</summary>
    public Task<IReadOnlyList<string>> ExpiredOwnersAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Moves everything a dead owner held to this one, each in a new epoch, and removes the dead one. Does nothing while the other's lease lasts. Returns how many instances moved.</summary>
    public Task<int> TakeOverAsync(string deadOwnerId, Owner owner) => throw new NotImplementedException();

    /// <summary>For a server that is alone by <see cref="DataFolderLock"/>: takes over from every other owner at once, whatever their leases say. Returns how many instances moved.</summary>
    public Task<int> RemoveOtherOwnersAsync(Owner owner) => throw new NotImplementedException();
}
