using System.Text;
using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Everything_of_a_commit_is_there_afterwards()
    {
        var claimed = await NewClaimedAsync("a");
        var point = new RestorePointRow("rp", "s", "db1", "nightly", "{}", "/srv", "{}", "/snap/1", "application", null, Now, RestorePointStates.Complete, 12, "reflink");
        var task = new TaskRow("s", "db1", "a", "Running", null, null, null, "freeze", "here", 1.5, Now);
        await Store.StartSessionAsync(Session("s"), new NewInstance(Instance("root"), null), null, TimeSpan.Zero);

        var result = await Store.CommitAsync(Next(claimed) with
        {
            Instance = claimed.Instance with { State = Encoding.UTF8.GetBytes("""{"n":1}"""), CorrelationId = "corr", Phase = "Running", SubStatus = "Suspended", Name = "db1", IncidentCount = 2 },
            ConsumedStimuli = ["start"],
            BookmarksAdded = [Bookmark("b1", "a"), Bookmark("b2", "a")],
            Journal = new JournalSegment("a", 1, 2, "[{},{}]"),
            OutboxAdded = [Outbox("op", "a")],
            ObligationsAdded = [Obligation("ob", "a")],
            Children = [new NewInstance(Instance("child") with { ParentId = "a" }, Stimulus("start", "child"))],
            StimuliAdded = [Stimulus("done", "root"), Stimulus("timer", "a", Now.AddMinutes(1), "b1")],
            Session = new SessionUpdate("s", "Stopping", "Warning", "one machine", true, null),
            Tasks = [task],
            RestorePoints = [point],
            MachinesLocked = [new MachineLock("host:22", "s", "a")],
        });

        Assert.Equal(new CommitResult(CommitOutcome.Committed, 1), result);
        var after = await ClaimAsync("a");
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(after.Instance.State));
        Assert.Equal(("corr", "db1", 2, 1L), (after.Instance.CorrelationId, after.Instance.Name, after.Instance.IncidentCount, after.Instance.Revision));
        Assert.Empty(after.Stimuli);
        Assert.Equal(["b1", "b2"], (await Store.BookmarksAsync("a", Ct)).Select(row => row.Id));
        Assert.Equal([new JournalSegment("a", 1, 2, "[{},{}]")], await Store.JournalAsync("a", 0, Ct));
        Assert.Equal([Outbox("op", "a")], await Store.OutboxAsync("a", Ct));
        Assert.Equal([Obligation("ob", "a")], await Store.ObligationsAsync("a", Ct));
        Assert.Equal("a", (await ClaimAsync("child")).Instance.ParentId);
        Assert.Equal("done", Assert.Single((await ClaimAsync("root")).Stimuli).Id);
        Assert.Equal("timer", Assert.Single(await Store.StimuliAsync("a", Ct)).Id);
        var session = await Store.SessionAsync("s", Ct);
        Assert.Equal(("Stopping", "Warning", "one machine", true), (session!.State, session.Result, session.Message, session.IsCancelled));
        Assert.Equal([task], await Store.TasksAsync("s", Ct));
        Assert.Equal(point, await Store.RestorePointAsync("rp", Ct));
        Assert.Equal(new MachineLock("host:22", "s", "a"), await Store.MachineLockAsync("host:22", Ct));
    }

    [Fact]
    public async Task A_commit_removes_what_it_names()
    {
        var claimed = await NewClaimedAsync("a");
        await CommitAsync(Next(claimed) with
        {
            BookmarksAdded = [Bookmark("b", "a"), Bookmark("stays", "a")], OutboxAdded = [Outbox("op", "a")], ObligationsAdded = [Obligation("ob", "a"), Obligation("owed", "a", 2)],
            RestorePoints = [new RestorePointRow("rp", "s", "db1", "nightly", "{}", "/srv", "{}", "", "crash", null, Now, RestorePointStates.Creating, null, null)],
            MachinesLocked = [new MachineLock("host", "s", "a")],
        });
        await CommitAsync(Next(await ClaimAsync("a")) with
        {
            BookmarksRemoved = ["b"], OutboxRemoved = ["op"], ObligationsDischarged = ["ob"], ObligationsUpdated = [Obligation("owed", "a", 2) with { Attempts = 3, LastError = "away" }],
            RestorePointsDeleted = ["rp"], MachinesReleased = ["host"],
        });

        Assert.Equal("stays", Assert.Single(await Store.BookmarksAsync("a", Ct)).Id);
        Assert.Empty(await Store.OutboxAsync("a", Ct));
        Assert.Equal([Obligation("owed", "a", 2) with { Attempts = 3, LastError = "away" }], await Store.ObligationsAsync("a", Ct));
        Assert.Null(await Store.RestorePointAsync("rp", Ct));
        Assert.Null(await Store.MachineLockAsync("host", Ct));
    }

    [Fact]
    public async Task A_commit_that_fails_at_its_last_row_writes_none_of_the_others()
    {
        var claimed = await NewClaimedAsync("a");
        await CommitAsync(Next(claimed) with { ObligationsAdded = [Obligation("taken", "a")] });
        claimed = await ClaimAsync("a");

        var failing = Next(claimed) with
        {
            ConsumedStimuli = ["start"], BookmarksAdded = [Bookmark("b", "a")], OutboxAdded = [Outbox("op", "a")], Journal = new JournalSegment("a", 1, 1, "[{}]"),
            Children = [new NewInstance(Instance("child"), null)], ObligationsAdded = [Obligation("taken", "a")],
        };
        await Assert.ThrowsAsync<StorageException>(() => Store.CommitAsync(failing));

        var after = await ClaimAsync("a");
        Assert.Equal(claimed.Instance.Revision, after.Instance.Revision);
        Assert.Equal("start", Assert.Single(after.Stimuli).Id);
        Assert.Empty(await Store.BookmarksAsync("a", Ct));
        Assert.Empty(await Store.OutboxAsync("a", Ct));
        Assert.Empty(await Store.JournalAsync("a", 0, Ct));
        Assert.Null(await Store.InstanceAsync("child", Ct));
    }

    [Fact]
    public async Task A_failing_commit_does_not_spoil_the_others_that_share_its_transaction()
    {
        await NewClaimedAsync("first");
        var good = Enumerable.Range(0, 50).Select(i => Instance($"good{i}")).ToList();
        var bad = Enumerable.Range(0, 50).Select(i => Instance($"bad{i}")).ToList();
        await CommitAsync(Next(await ClaimAsync("first")) with { OutboxAdded = [Outbox("taken", "first")] });

        var goodTasks = new List<Task<CommitResult>>();
        var badTasks = new List<Task<CommitResult>>();
        for (var i = 0; i < 50; i++)
        {
            goodTasks.Add(Store.CommitAsync(new Commit { Owner = Me, Create = true, Epoch = 1, Instance = good[i], BookmarksAdded = [Bookmark("b", good[i].Id)] }));
            badTasks.Add(Store.CommitAsync(new Commit { Owner = Me, Create = true, Epoch = 1, Instance = bad[i], OutboxAdded = [Outbox("taken", bad[i].Id)] }));
        }

        Assert.All(await Task.WhenAll(goodTasks), result => Assert.True(result.IsCommitted));
        foreach (var task in badTasks)
            await Assert.ThrowsAsync<StorageException>(() => task);
        foreach (var instance in good)
            Assert.Single(await Store.BookmarksAsync(instance.Id, Ct));
        foreach (var instance in bad)
            Assert.Null(await Store.InstanceAsync(instance.Id, Ct));
    }

    [Fact]
    public async Task Each_of_many_concurrent_callers_gets_the_result_of_its_own_commit()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var id = $"i{caller}";
            var created = await Store.CommitAsync(new Commit { Owner = Me, Create = true, Epoch = 1, Instance = Instance(id) });
            var revision = created.Revision;
            for (var n = 0; n < 25 + caller; n++)
                revision = (await Store.CommitAsync(new Commit { Owner = Me, Epoch = 1, Instance = Instance(id) with { Revision = revision } })).Revision;
            return revision;
        })));

        Assert.Equal(Enumerable.Range(0, 16).Select(caller => 26L + caller), results);
    }

    [Fact]
    public async Task A_commit_computed_from_an_older_revision_is_lost_and_writes_nothing()
    {
        var claimed = await NewClaimedAsync("a");
        await CommitAsync(Next(claimed));
        var again = await Store.CommitAsync(Next(claimed) with { BookmarksAdded = [Bookmark("b", "a")] });

        Assert.Equal(CommitOutcome.Lost, again.Outcome);
        Assert.Empty(await Store.BookmarksAsync("a", Ct));
    }

    [Fact]
    public async Task Creating_an_instance_that_exists_is_lost_and_writes_nothing()
    {
        await NewClaimedAsync("a");
        var result = await Store.CommitAsync(new Commit { Owner = Me, Create = true, Instance = Instance("a"), BookmarksAdded = [Bookmark("b", "a")] });

        Assert.Equal(CommitOutcome.Lost, result.Outcome);
        Assert.Empty(await Store.BookmarksAsync("a", Ct));
    }

    [Fact]
    public async Task A_machine_that_another_instance_works_on_refuses_the_whole_commit_and_names_the_holder()
    {
        var first = await NewClaimedAsync("a");
        await CommitAsync(Next(first) with { MachinesLocked = [new MachineLock("host", "session-a", "a")] });
        var second = await NewClaimedAsync("b");
        var wanting = Next(second) with { MachinesLocked = [new MachineLock("other", "session-b", "b"), new MachineLock("host", "session-b", "b")], BookmarksAdded = [Bookmark("x", "b")] };

        var refused = await Store.CommitAsync(wanting);
        Assert.Equal(new CommitResult(CommitOutcome.MachineBusy, 0, new MachineLock("host", "session-a", "a")), refused);
        Assert.Empty(await Store.BookmarksAsync("b", Ct));
        Assert.Null(await Store.MachineLockAsync("other", Ct));

        await CommitAsync(Ending(await ClaimAsync("a")));
        await CommitAsync(wanting);
    }

    [Fact]
    public async Task An_instance_that_takes_its_own_machine_twice_keeps_it()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { MachinesLocked = [new MachineLock("host", "s", "a")] });
        await CommitAsync(Next(await ClaimAsync("a")) with { MachinesLocked = [new MachineLock("host", "s", "a")] });
        Assert.NotNull(await Store.MachineLockAsync("host", Ct));
    }

    [Fact]
    public async Task The_ending_commit_leaves_nothing_that_waits_but_keeps_its_last_messages()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with
        {
            BookmarksAdded = [Bookmark("b", "a")], OutboxAdded = [Outbox("op", "a"), Outbox("told", "a", awaitsReply: false)], StimuliAdded = [Stimulus("timer", "a", Now.AddDays(1))],
            ObligationsAdded = [Obligation("owed", "a")],
        });
        await CommitAsync(Ending(await ClaimAsync("a")) with { OutboxAdded = [Outbox("finished", "a", awaitsReply: false)], Journal = new JournalSegment("a", 1, 1, "[{}]") });

        Assert.Empty(await Store.StimuliAsync("a", Ct));
        Assert.Empty(await Store.BookmarksAsync("a", Ct));
        Assert.Equal(["told", "finished"], (await Store.UnansweredOutboxAsync(Me, null, 10, Ct)).Select(row => row.Id));
        Assert.Single(await Store.ObligationsAsync("a", Ct));
        Assert.Single(await Store.JournalAsync("a", 0, Ct));
        Assert.Null(await Store.ClaimAsync("a", Me, Ct));
    }

    [Fact]
    public async Task An_ended_instance_takes_no_further_commit()
    {
        var claimed = await NewClaimedAsync("a");
        await CommitAsync(Ending(claimed));
        var late = await Store.CommitAsync(Next(claimed) with { Instance = claimed.Instance with { Revision = 1 }, BookmarksAdded = [Bookmark("b", "a")] });

        Assert.Equal(CommitOutcome.Lost, late.Outcome);
        Assert.Empty(await Store.BookmarksAsync("a", Ct));
    }
}
