using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Every_column_of_an_instance_comes_back_as_it_went_in()
    {
        var row = new InstanceRow("id", "definition", 7, "version-id", "parent", "session", "correlation", "status", "sub", "phase", [1, 2, 3], 41, null, 0,
            Now, Now.AddSeconds(1), null, "name", 9);
        await Store.AddInstancesAsync([new NewInstance(row, null)]);

        var read = await Store.InstanceAsync("id", Ct);
        Assert.Equal(row.State, read!.State);
        Assert.Equal(row, read with { State = row.State });
        var listed = Assert.Single(await Store.InstancesAsync(
            new InstanceFilter("definition", "version-id", "parent", "session", "correlation", "status", "sub"), 0, 10, Ct));
        Assert.Equal(new InstanceSummary("id", "definition", 7, "version-id", "parent", "session", "correlation", "status", "sub", "phase", Now, Now.AddSeconds(1), null, "name", 9), listed);
    }

    [Fact]
    public async Task Every_column_of_a_stimulus_and_a_bookmark_comes_back_as_it_went_in()
    {
        await NewClaimedAsync("a");
        var stimulus = new StimulusRow("s", "a", "kind", "hash", "bookmark", "{}", Now, Now.AddDays(1));
        var bookmark = new BookmarkRow("b", "a", "name", "hash", "correlation", "{}", Now, Now.AddDays(1));
        await CommitAsync(Next(await ClaimAsync("a")) with { ConsumedStimuli = ["start"], StimuliAdded = [stimulus], BookmarksAdded = [bookmark] });

        Assert.Equal([stimulus], await Store.StimuliAsync("a", Ct));
        Assert.Equal([bookmark], await Store.BookmarksAsync("a", Ct));
    }

    [Fact]
    public async Task Instances_are_listed_newest_first_in_pages()
    {
        await Store.AddInstancesAsync([.. Enumerable.Range(0, 5).Select(i => new NewInstance(Instance($"i{i}"), null))]);
        Assert.Equal(["i3", "i2"], (await Store.InstancesAsync(new InstanceFilter(Status: "Running"), 1, 2, Ct)).Select(row => row.Id));
        Assert.Equal(5, await Store.CountInstancesAsync(new InstanceFilter(), Ct));
        Assert.Equal(0, await Store.CountInstancesAsync(new InstanceFilter(Status: "Finished"), Ct));
    }

    [Fact]
    public async Task A_job_has_one_running_session_at_most()
    {
        var first = await Store.StartSessionAsync(Session("s1"), new NewInstance(Instance("s1", sessionId: "s1"), Stimulus("start", "s1")), null, TimeSpan.Zero);
        var second = await Store.StartSessionAsync(Session("s2"), new NewInstance(Instance("s2", sessionId: "s2"), Stimulus("start", "s2")), null, TimeSpan.Zero);

        Assert.Equal(new StartResult(StartOutcome.Started, "s1"), first);
        Assert.Equal(new StartResult(StartOutcome.AlreadyRunning, "s1"), second);
        Assert.Null(await Store.InstanceAsync("s2", Ct));
        Assert.Equal(["s1"], await ReadyAsync());
        Assert.Equal("s1", (await Store.RunningSessionAsync("nightly", Ct))!.Id);

        await CommitAsync(Ending(await ClaimAsync("s1")) with { Session = new SessionUpdate("s1", "Stopped", "Success", null, false, Now) });
        Assert.Equal(StartOutcome.Started, (await Store.StartSessionAsync(Session("s2"), new NewInstance(Instance("s2"), null), null, TimeSpan.Zero)).Outcome);
        Assert.Equal(["s2", "s1"], (await Store.SessionsAsync("nightly", 0, 10, Ct)).Select(row => row.Id));
        Assert.Equal("s2", Assert.Single(await Store.RunningSessionsAsync(Ct)).Id);
    }

    [Fact]
    public async Task The_same_start_asked_for_twice_starts_once_while_the_key_is_kept()
    {
        var hour = TimeSpan.FromHours(1);
        Assert.Equal(StartOutcome.Started, (await Store.StartSessionAsync(Session("s1", "a"), new NewInstance(Instance("s1"), null), "key", hour)).Outcome);
        Assert.Equal(new StartResult(StartOutcome.Repeated, "s1"), await Store.StartSessionAsync(Session("s2", "b"), new NewInstance(Instance("s2"), null), "key", hour));
        Time.Advance(hour);
        Assert.Equal(StartOutcome.Started, (await Store.StartSessionAsync(Session("s3", "c"), new NewInstance(Instance("s3"), null), "key", hour)).Outcome);
    }

    [Fact]
    public async Task Cancelling_marks_the_session_and_tells_its_instances_and_no_later_commit_takes_it_back()
    {
        await Store.StartSessionAsync(Session("s"), new NewInstance(Instance("s"), null), null, TimeSpan.Zero);
        Assert.True(await Store.CancelSessionAsync("s", "by hand", [Stimulus("cancel", "s")]));
        Assert.Equal("cancel", Assert.Single((await ClaimAsync("s")).Stimuli).Id);

        await CommitAsync(Ending(await ClaimAsync("s")) with { Session = new SessionUpdate("s", "Stopped", "Failed", "by hand", false, Now) });
        Assert.True((await Store.SessionAsync("s", Ct))!.IsCancelled);
        Assert.False(await Store.CancelSessionAsync("s", null, []));
        Assert.Equal(Now, (await Store.SessionAsync("s", Ct))!.EndedAt);
    }

    [Fact]
    public async Task Deleting_a_session_takes_its_instances_along_but_not_what_is_owed_or_can_be_restored()
    {
        await Store.StartSessionAsync(Session("session"), new NewInstance(Instance("i", sessionId: "session"), Stimulus("start", "i")), null, TimeSpan.Zero);
        Assert.False(await Store.DeleteSessionAsync("session"));
        await CommitAsync(Ending(await ClaimAsync("i")) with
        {
            Session = new SessionUpdate("session", "Stopped", "Success", null, false, Now), Journal = new JournalSegment("i", 1, 1, "[{}]"), ObligationsAdded = [Obligation("ob", "i")],
            RestorePoints = [new RestorePointRow("rp", "session", "db1", "nightly", "{}", "/srv", "{}", "", "crash", null, Now, RestorePointStates.Complete, null, null)],
        });
        Assert.Equal("[{}]", Assert.Single(await Store.SessionJournalAsync("session", Ct)).Json);

        Assert.True(await Store.DeleteSessionAsync("session"));
        Assert.Null(await Store.SessionAsync("session", Ct));
        Assert.Null(await Store.InstanceAsync("i", Ct));
        Assert.Empty(await Store.JournalAsync("i", 0, Ct));
        Assert.Single(await Store.SessionObligationsAsync("session", Ct));
        Assert.Single(await Store.RestorePointsAsync("nightly", "db1", "session", Ct));
    }

    [Fact]
    public async Task Purging_deletes_old_ended_instances_and_nothing_that_lives()
    {
        await CommitAsync(Ending(await NewClaimedAsync("old")) with { Journal = new JournalSegment("old", 1, 1, "[{}]"), OutboxAdded = [Outbox("event", "old", awaitsReply: false)] });
        await CommitAsync(Next(await NewClaimedAsync("running")) with { OutboxAdded = [Outbox("op", "running")] });
        Time.Advance(TimeSpan.FromDays(30));
        await CommitAsync(Ending(await NewClaimedAsync("recent")));

        Assert.Equal(1, await Store.PurgeAsync(Now.AddDays(-1)));
        Assert.Null(await Store.InstanceAsync("old", Ct));
        Assert.Empty(await Store.JournalAsync("old", 0, Ct));
        Assert.NotNull(await Store.InstanceAsync("running", Ct));
        Assert.NotNull(await Store.InstanceAsync("recent", Ct));
        Assert.Equal("op", Assert.Single(await Store.UnansweredOutboxAsync(Me, null, 10, Ct)).Id);
    }

    [Fact]
    public async Task The_outbox_is_read_in_pages_counted_before_it_is_sent_again_and_deleted_by_id()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { OutboxAdded = [.. Enumerable.Range(0, 5).Select(i => Outbox($"op{i}", "a"))] });
        var first = await Store.UnansweredOutboxAsync(Me, null, 3, Ct);
        Assert.Equal(["op0", "op1", "op2"], first.Select(row => row.Id));
        Assert.Equal(["op3", "op4"], (await Store.UnansweredOutboxAsync(Me, first[^1].Id, 3, Ct)).Select(row => row.Id));

        await Store.CountOutboxAttemptsAsync(["op0"]);
        await Store.DeleteOutboxAsync(["op1", "op2", "op3", "op4", "never was"]);
        Assert.Equal([Outbox("op0", "a") with { Attempts = 2 }], await Store.OutboxAsync("a", Ct));
    }

    [Fact]
    public async Task Obligations_come_in_reverse_order_and_leftovers_when_they_are_due()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { ObligationsAdded = [Obligation("remove", "a", 1), Obligation("post", "a", 2), Obligation("thaw", "a", 3)] });
        Assert.Equal(["thaw", "post", "remove"], (await Store.ObligationsAsync("a", Ct)).Select(row => row.Id));

        var left = Obligation("remove", "a", 1, ObligationStates.Leftover, Now.AddMinutes(5)) with { Attempts = 1, LastError = "no route" };
        await Store.UpdateObligationsAsync([left]);
        Assert.Empty(await Store.DueLeftoversAsync(10, Ct));
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([left], await Store.DueLeftoversAsync(10, Ct));
        Assert.Equal([left], await Store.LeftoversAsync(Ct));
        await Store.DischargeObligationsAsync(["remove", "thaw"]);
        Assert.Equal("post", Assert.Single(await Store.SessionObligationsAsync("session", Ct)).Id);
    }

    [Fact]
    public async Task The_journal_is_read_from_a_sequence_number_on()
    {
        var revision = 0L;
        await NewClaimedAsync("a");
        foreach (var segment in new[] { new JournalSegment("a", 1, 3, "[1,2,3]"), new JournalSegment("a", 4, 1, "[4]"), new JournalSegment("a", 5, 2, "[5,6]") })
            await CommitAsync(Next(await ClaimAsync("a")) with { Instance = Instance("a") with { Revision = revision++ }, Journal = segment });

        Assert.Equal(["[1,2,3]", "[4]", "[5,6]"], (await Store.JournalAsync("a", 3, Ct)).Select(segment => segment.Json));
        Assert.Equal(["[5,6]"], (await Store.JournalAsync("a", 6, Ct)).Select(segment => segment.Json));
        Assert.Empty(await Store.JournalAsync("a", 7, Ct));
    }

    [Fact]
    public async Task A_job_is_replaced_with_its_scripts_only_from_the_revision_that_was_seen()
    {
        var script = new ScriptRow("abc", "pre.sh", [1, 2]);
        Assert.Equal(new JobRow("nightly", "{}", 1, Now), await Store.PutJobAsync("nightly", "{}", [script], 0));
        Assert.Null(await Store.PutJobAsync("nightly", """{"lost":1}""", [], 0));
        Assert.Equal(2, (await Store.PutJobAsync("nightly", """{"n":2}""", [script], 1))!.Revision);
        Assert.Equal(3, (await Store.PutJobAsync("nightly", """{"n":3}""", [], null))!.Revision);

        Assert.Equal(new JobRow("nightly", """{"n":3}""", 3, Now), await Store.JobAsync("nightly", Ct));
        Assert.Single(await Store.JobsAsync(Ct));
        Assert.Equal([1, 2], (await Store.ScriptAsync("abc", Ct))!.Content);
        Assert.True(await Store.DeleteJobAsync("nightly"));
        Assert.False(await Store.DeleteJobAsync("nightly"));
        Assert.Null(await Store.JobAsync("nightly", Ct));
    }

    [Fact]
    public async Task A_machine_keeps_the_result_of_its_last_test_when_its_document_changes()
    {
        await Store.PutMachineAsync("db1", "{}");
        Assert.True(await Store.SetMachineTestAsync("db1", "Success", Now));
        await Store.PutMachineAsync("db1", """{"n":2}""");

        Assert.Equal(new MachineRow("db1", """{"n":2}""", "Success", Now), await Store.MachineAsync("db1", Ct));
        Assert.Single(await Store.MachinesAsync(Ct));
        Assert.False(await Store.SetMachineTestAsync("nobody", "Success", Now));
        Assert.True(await Store.DeleteMachineAsync("db1"));
    }

    [Fact]
    public async Task A_new_version_of_a_definition_becomes_latest_and_published_and_the_old_one_stays_readable()
    {
        var one = new DefinitionRow("d", 1, "d:1", "D", "{1}", "d.json", "hash1", true, true, Now);
        var draft = new DefinitionRow("d", 2, "d:2", "D", "{2}", null, null, true, false, Now);
        Assert.True(await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [one] }));
        Assert.True(await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [draft] }));
        Assert.False(await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [draft with { VersionId = "another" }] }));
        Assert.Equal([draft, one with { IsLatest = false }], await Store.DefinitionHeadsAsync("d", Ct));

        Assert.True(await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [draft with { IsPublished = true, Revision = 2 }] }));
        Assert.Equal(["{2}", ""], (await Store.DefinitionHeadsAsync(Ct)).Select(row => row.Json));
        Assert.Equal(one with { IsLatest = false, IsPublished = false }, await Store.DefinitionVersionAsync("d:1", Ct));
        Assert.Equal(("d:2", true, 2), (await Store.DefinitionVersionAsync("d", 2, Ct)) is { } two ? (two.VersionId, two.IsPublished, two.Revision) : default);
        Assert.Equal(2, await Store.HighestDefinitionVersionAsync("d", Ct));
    }

    [Fact]
    public async Task A_changed_definition_is_written_as_a_whole_or_not_at_all()
    {
        var draft = new DefinitionRow("d", 1, "d:1", "D", "{}", null, null, true, false, Now);
        var edit = new DefinitionEditRow("d", "d:1", 1, null, "hash", Now, "me", "{}");
        Assert.True(await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [draft], Edits = [edit], Files = [new DefinitionFileRow("d.json", "d", "hash")] }));

        // Somebody else was faster: his revision is 2 already.
        Assert.True(await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [draft with { Revision = 2, Name = "theirs" }] }));
        Assert.False(await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [new DefinitionRow("e", 1, "e:1", "E", "{}", null, null, true, false, Now), draft with { Revision = 2 }], Files = [new DefinitionFileRow("d.json", "d", "other")] }));

        Assert.Null(await Store.DefinitionVersionAsync("e:1", Ct));
        Assert.Equal("hash", Assert.Single(await Store.DefinitionFilesAsync(Ct)).Hash);
        Assert.Equal(edit, Assert.Single(await Store.DefinitionEditsAsync("d", Ct)));
    }

    [Fact]
    public async Task Only_the_last_edits_of_a_definition_are_kept()
    {
        for (var revision = 1; revision <= 30; revision++)
            await Store.CommitDefinitionsAsync(new DefinitionCommit { Edits = [new DefinitionEditRow("d", "d:1", revision, null, "hash", Now, "me", "{}")] });

        Assert.Equal(Enumerable.Range(19, 12).Reverse(), (await Store.DefinitionEditsAsync("d", Ct)).Select(edit => edit.Revision));
    }

    [Fact]
    public async Task A_deleted_version_stays_readable_while_an_instance_runs_and_goes_afterwards()
    {
        await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [new DefinitionRow("machine-snapshot", 3, "machine-snapshot:3", null, "{}", null, null, true, true, Now)] });
        var claimed = await NewClaimedAsync("a");
        Assert.True(await Store.CommitDefinitionsAsync(new DefinitionCommit { Delete = ["machine-snapshot:3"] }));

        Assert.Empty(await Store.DefinitionHeadsAsync("machine-snapshot", Ct));
        Assert.NotNull(await Store.DefinitionVersionAsync("machine-snapshot:3", Ct));
        Assert.Equal(3, await Store.HighestDefinitionVersionAsync("machine-snapshot", Ct));
        Assert.Equal(0, await Store.PurgeDeletedDefinitionsAsync());
        await CommitAsync(Ending(claimed));
        // The instance that has ended still names it: its journal is drawn over it.
        Assert.Equal(0, await Store.PurgeDeletedDefinitionsAsync());
    }

    [Fact]
    public async Task Deleting_the_latest_version_makes_the_highest_that_remains_the_latest()
    {
        for (var version = 1; version <= 3; version++)
            await Store.CommitDefinitionsAsync(new DefinitionCommit { Put = [new DefinitionRow("d", version, $"d:{version}", null, $"{version}", null, null, true, version == 1, Now)] });

        await Store.CommitDefinitionsAsync(new DefinitionCommit { Delete = ["d:3"] });

        Assert.Equal([(2, true, false), (1, false, true)], (await Store.DefinitionHeadsAsync("d", Ct)).Select(row => (row.Version, row.IsLatest, row.IsPublished)));
        Assert.Null(await Store.DefinitionVersionAsync("d:3", Ct));
    }

    [Fact]
    public async Task Keys_and_settings_come_back()
    {
        var key = new ApiKeyRow("k", "admin", "administrator", "hash", Now, null);
        await Store.AddApiKeyAsync(key);
        await Store.TouchApiKeyAsync("k", Now.AddHours(1));
        Assert.Equal(key with { LastUsed = Now.AddHours(1) }, await Store.ApiKeyByHashAsync("hash", Ct));
        Assert.Null(await Store.ApiKeyByHashAsync("other", Ct));
        Assert.True(await Store.DeleteApiKeyAsync("k"));
        Assert.Empty(await Store.ApiKeysAsync(Ct));

        await Store.SetSettingAsync("maintenance", "on");
        await Store.SetSettingAsync("maintenance", "off");
        Assert.Equal("off", await Store.SettingAsync("maintenance", Ct));
        await Store.SetSettingAsync("maintenance", null);
        Assert.Null(await Store.SettingAsync("maintenance", Ct));
    }

    [Fact]
    public async Task Restore_points_come_newest_first_and_are_written_over_by_id()
    {
        RestorePointRow Point(string id, string machine) =>
            new(id, "s", machine, "nightly", """{"name":"btrfs"}""", "/srv", "{}", "/snap", "application", "why", Now, RestorePointStates.Creating, 5, "subvolume");
        await Store.PutRestorePointsAsync([Point("p1", "db1")]);
        Time.Advance(TimeSpan.FromMinutes(1));
        await Store.PutRestorePointsAsync([Point("p2", "db1"), Point("p3", "web")]);
        await Store.PutRestorePointsAsync([Point("p3", "web") with { State = RestorePointStates.Complete }]);

        Assert.Equal(["p2", "p1"], (await Store.RestorePointsAsync("nightly", "db1", null, Ct)).Select(row => row.Id));
        Assert.Equal(RestorePointStates.Complete, (await Store.RestorePointAsync("p3", Ct))!.State);
        Assert.Empty(await Store.RestorePointsToDeleteAsync(10, Ct));
        await Store.PutRestorePointsAsync([Point("p1", "db1") with { State = RestorePointStates.Deleting }]);
        Assert.Equal("p1", Assert.Single(await Store.RestorePointsToDeleteAsync(10, Ct)).Id);
        Assert.True(await Store.DeleteRestorePointAsync("p3"));
        Assert.Equal(2, (await Store.RestorePointsAsync(null, null, null, Ct)).Count);
    }
}
