using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_claim_of_a_free_instance_begins_a_new_epoch_and_a_repeat_does_not()
    {
        Assert.Equal(1, (await NewClaimedAsync("a")).Instance.Epoch);
        Assert.Equal(1, (await ClaimAsync("a")).Instance.Epoch);
    }

    [Fact]
    public async Task An_instance_of_a_live_owner_is_not_claimed_by_another()
    {
        await NewClaimedAsync("a");
        var other = await Store.RegisterOwnerAsync("other", Lease);

        Assert.Null(await Store.ClaimAsync("a", other, Ct));
        Assert.Empty(await Store.ReadyInstancesAsync(other, 10, Ct));
        Assert.Null(await Store.ClaimAsync("no such instance", other, Ct));
    }

    [Fact]
    public async Task A_lease_that_runs_out_frees_its_instances_and_the_late_commit_of_the_former_owner_writes_nothing()
    {
        var mine = await NewClaimedAsync("a");
        var other = await Store.RegisterOwnerAsync("other", Lease);
        Time.Advance(Lease);
        await Store.RenewOwnerAsync(other);

        Assert.Equal(["a"], await Store.ReadyInstancesAsync(other, 10, Ct));
        var taken = await Store.ClaimAsync("a", other, Ct);
        Assert.Equal(2, taken!.Instance.Epoch);
        var late = await Store.CommitAsync(Next(mine) with { ConsumedStimuli = ["start"], BookmarksAdded = [Bookmark("b", "a")], OutboxAdded = [Outbox("op", "a")] });

        Assert.Equal(CommitOutcome.Lost, late.Outcome);
        Assert.Empty(await Store.BookmarksAsync("a", Ct));
        Assert.Empty(await Store.OutboxAsync("a", Ct));
        Assert.Single((await Store.ClaimAsync("a", other, Ct))!.Stimuli);
    }

    [Fact]
    public async Task An_owner_that_lost_an_instance_and_took_it_back_does_not_commit_under_its_old_epoch()
    {
        var mine = await NewClaimedAsync("a");
        var other = await Store.RegisterOwnerAsync("other", Lease);
        Time.Advance(Lease * 1.5);
        await Store.RenewOwnerAsync(other);
        Assert.NotNull(await Store.ClaimAsync("a", other, Ct));
        await Store.RemoveOwnerAsync(other);
        await Store.RenewOwnerAsync(Me);
        Assert.Equal(3, (await ClaimAsync("a")).Instance.Epoch);

        Assert.Equal(CommitOutcome.Lost, (await Store.CommitAsync(Next(mine))).Outcome);
    }

    [Fact]
    public async Task A_renewed_lease_keeps_its_instances()
    {
        await NewClaimedAsync("a");
        var other = await Store.RegisterOwnerAsync("other", TimeSpan.FromDays(1));
        for (var i = 0; i < 10; i++)
        {
            Time.Advance(Lease / 3);
            Assert.True(await Store.RenewOwnerAsync(Me));
        }

        Assert.Null(await Store.ClaimAsync("a", other, Ct));
    }

    [Fact]
    public async Task A_clock_set_forward_and_back_neither_loses_a_live_lease_nor_keeps_a_dead_one()
    {
        await NewClaimedAsync("a");
        var other = await Store.RegisterOwnerAsync("other", Lease);
        Time.Jump(TimeSpan.FromDays(3));
        await Store.RenewOwnerAsync(Me);
        await Store.RenewOwnerAsync(other);
        Assert.Null(await Store.ClaimAsync("a", other, Ct));

        // Back again: my lease now ends in three days, and I am dead.
        Time.Jump(TimeSpan.FromDays(-3));
        await Store.RenewOwnerAsync(other);
        Assert.Equal([Me.Id], await Store.ExpiredOwnersAsync(Ct));
        Assert.NotNull(await Store.ClaimAsync("a", other, Ct));
    }

    [Fact]
    public async Task An_expired_lease_alone_does_not_lose_a_commit_while_nobody_took_over()
    {
        var mine = await NewClaimedAsync("a");
        Time.Jump(TimeSpan.FromDays(1));
        await CommitAsync(Next(mine));
    }

    [Fact]
    public async Task Taking_over_moves_instances_and_their_outbox_from_a_dead_owner_only()
    {
        var mine = await NewClaimedAsync("a");
        await CommitAsync(Next(mine) with { OutboxAdded = [Outbox("op", "a")] });
        await CommitAsync(Ending(await NewClaimedAsync("ended")) with { OutboxAdded = [Outbox("event", "ended", awaitsReply: false)] });
        await CommitAsync(Ending(await NewClaimedAsync("silent")));
        var other = await Store.RegisterOwnerAsync("other", Lease);

        Assert.Equal(0, await Store.TakeOverAsync(Me.Id, other));
        Time.Advance(Lease * 1.5);
        await Store.RenewOwnerAsync(other);
        Assert.Equal([Me.Id], await Store.ExpiredOwnersAsync(Ct));
        Assert.Equal(2, await Store.TakeOverAsync(Me.Id, other));

        Assert.Equal(["op", "event"], (await Store.UnansweredOutboxAsync(other, null, 10, Ct)).Select(row => row.Id));
        Assert.Empty(await Store.UnansweredOutboxAsync(Me, null, 10, Ct));
        Assert.False(await Store.RenewOwnerAsync(Me));
        Assert.Equal(2, (await Store.ClaimAsync("a", other, Ct))!.Instance.Epoch);
    }

    [Fact]
    public async Task A_server_that_is_alone_takes_over_at_once_whatever_the_leases_say()
    {
        var before = await NewClaimedAsync("a");
        var restarted = await Store.RegisterOwnerAsync("restarted", Lease);

        Assert.Equal(1, await Store.RemoveOtherOwnersAsync(restarted));
        Assert.Equal(2, (await Store.ClaimAsync("a", restarted, Ct))!.Instance.Epoch);
        Assert.Equal(CommitOutcome.Lost, (await Store.CommitAsync(Next(before))).Outcome);
        Assert.Equal(0, await Store.RemoveOtherOwnersAsync(restarted));
    }

    [Fact]
    public async Task Two_owners_that_claim_at_the_same_time_do_not_both_get_the_instance()
    {
        var other = await Store.RegisterOwnerAsync("other", Lease);
        for (var i = 0; i < 30; i++)
        {
            var id = $"i{i}";
            await Store.AddInstancesAsync([new NewInstance(Instance(id), Stimulus("start", id))]);
            var claims = await Task.WhenAll(Task.Run(() => Store.ClaimAsync(id, Me, Ct)), Task.Run(() => Store.ClaimAsync(id, other, Ct)));
            Assert.Single(claims, claim => claim is not null);
        }
    }
}
