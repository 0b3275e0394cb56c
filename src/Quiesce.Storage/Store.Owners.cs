using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    // A lease that ends later than two of its lengths from now was written under another clock; it does not hold instances for ever.
    internal const string IsLive = "o.expires_at > @now AND o.expires_at <= @now + 2 * o.lease";

    // An ended instance may still have events in the outbox; somebody has to publish them.
    private const string HasWork = "(finished_at IS NULL OR id IN (SELECT instance_id FROM outbox))";

    /// <summary>Registers this process as an owner, with a new id.</summary>
    public Task<Owner> RegisterOwnerAsync(string name, TimeSpan lease) =>
        WriteAsync(c =>
        {
            var owner = new Owner(Guid.CreateVersion7().ToString("n"), name, lease);
            c.Db.Execute("INSERT INTO owners (id, name, lease, expires_at) VALUES (@Id, @Name, @lease, @expires)",
                new { owner.Id, owner.Name, lease = lease.ToMicroseconds(), expires = Now + lease });
            return owner;
        });

    /// <summary>Renews the lease: one write, to be repeated about three times per lease. False when the owner was removed: register again and claim anew.</summary>
    public Task<bool> RenewOwnerAsync(Owner owner) =>
        WriteAsync(c => c.Prepared("UPDATE owners SET expires_at = @expires_at WHERE id = @id").Run(Now + owner.Lease, owner.Id) > 0);

    /// <summary>Gives the lease up, so that others need not wait for it to run out. The instances stay as they are.</summary>
    public Task RemoveOwnerAsync(Owner owner) =>
        WriteAsync(c => c.Db.Execute("DELETE FROM owners WHERE id = @Id", new { owner.Id }));

    /// <summary>Ids of owners whose lease has run out.</summary>
    public Task<IReadOnlyList<string>> ExpiredOwnersAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<string>>(c => [.. c.Db.Query<string>($"SELECT o.id FROM owners o WHERE NOT ({IsLive}) ORDER BY o.id", new { now = Now })], ct);

    /// <summary>Moves everything a dead owner held to this one, each in a new epoch, and removes the dead one. Does nothing while the other's lease lasts. Returns how many instances moved.</summary>
    public Task<int> TakeOverAsync(string deadOwnerId, Owner owner) =>
        WriteAsync(c =>
        {
            var keys = new { dead = deadOwnerId, me = owner.Id, now = Now };
            if (deadOwnerId == owner.Id || c.Db.ExecuteScalar<bool>($"SELECT EXISTS (SELECT 1 FROM owners o WHERE o.id = @dead AND {IsLive})", keys))
                return 0;
            c.Db.Execute("DELETE FROM owners WHERE id = @dead", keys);
            return c.Db.Execute($"UPDATE instances SET owner_id = @me, epoch = epoch + 1 WHERE owner_id = @dead AND {HasWork}", keys);
        });

    /// <summary>For a server that is alone by <see cref="DataFolderLock"/>: takes over from every other owner at once, whatever their leases say. Returns how many instances moved.</summary>
    public Task<int> RemoveOtherOwnersAsync(Owner owner) =>
        WriteAsync(c =>
        {
            var keys = new { me = owner.Id };
            c.Db.Execute("DELETE FROM owners WHERE id <> @me", keys);
            return c.Db.Execute($"UPDATE instances SET owner_id = @me, epoch = epoch + 1 WHERE owner_id <> @me AND {HasWork}", keys);
        });
}
