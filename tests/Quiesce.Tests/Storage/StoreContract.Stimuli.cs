using Quiesce.Storage;

namespace Quiesce.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_reply_that_comes_before_the_commit_that_waits_for_it_is_kept()
    {
        var claimed = await NewClaimedAsync("a");
        Assert.True(await Store.AddStimuliAsync([Stimulus("reply", "a")]));
        await CommitAsync(Next(claimed) with { ConsumedStimuli = ["start"], BookmarksAdded = [Bookmark("b", "a")] });

        Assert.Equal(["a"], await ReadyAsync());
        Assert.Equal("reply", Assert.Single((await ClaimAsync("a")).Stimuli).Id);
    }

    [Fact]
    public async Task A_reply_that_comes_twice_is_one_reply()
    {
        var claimed = await NewClaimedAsync("a");
        Assert.True(await Store.AddStimuliAsync([Stimulus("reply", "a")]));
        Assert.False(await Store.AddStimuliAsync([Stimulus("reply", "a")]));
        await CommitAsync(Next(claimed) with { ConsumedStimuli = ["start", "reply"] });
        Assert.False(await Store.AddStimuliAsync([Stimulus("reply", "a")]));

        Assert.Empty((await ClaimAsync("a")).Stimuli);
        Assert.Empty(await ReadyAsync());
    }

    [Fact]
    public async Task A_reply_that_comes_after_the_end_does_nothing()
    {
        await CommitAsync(Ending(await NewClaimedAsync("a")));

        Assert.False(await Store.AddStimuliAsync([Stimulus("reply", "a")]));
        Assert.False(await Store.AddStimuliAsync([Stimulus("reply", "nobody")]));
        Assert.Empty(await ReadyAsync());
    }

    [Fact]
    public async Task Stimuli_come_in_the_order_in_which_they_were_added()
    {
        await NewClaimedAsync("a");
        await Store.AddStimuliAsync([Stimulus("z", "a"), Stimulus("y", "a")]);
        Time.Jump(TimeSpan.FromHours(-1));
        await Store.AddStimuliAsync([Stimulus("x", "a")]);

        Assert.Equal(["start", "z", "y", "x"], (await ClaimAsync("a")).Stimuli.Select(row => row.Id));
    }

    [Fact]
    public async Task A_stimulus_marked_waiting_is_not_ready_until_another_commit_of_the_instance()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { WaitingStimuli = ["start"] });
        Assert.Empty(await ReadyAsync());
        Assert.Equal("start", Assert.Single((await ClaimAsync("a")).Stimuli).Id);

        await CommitAsync(Next(await ClaimAsync("a")) with { BookmarksAdded = [Bookmark("b", "a")] });
        Assert.Equal(["a"], await ReadyAsync());
    }

    [Fact]
    public async Task A_waiting_stimulus_does_not_hide_a_new_one()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { WaitingStimuli = ["start"] });
        await Store.AddStimuliAsync([Stimulus("reply", "a")]);
        Assert.Equal(["a"], await ReadyAsync());
    }

    [Fact]
    public async Task A_timer_is_ready_when_it_is_due_and_not_before()
    {
        var due = Now.AddMinutes(10);
        await CommitAsync(Next(await NewClaimedAsync("a")) with { ConsumedStimuli = ["start"], StimuliAdded = [Stimulus("timer", "a", due)] });

        Assert.Empty(await ReadyAsync());
        Assert.Empty((await ClaimAsync("a")).Stimuli);
        Assert.Equal(due, await Store.NextTimerAsync(Ct));
        Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ReadyAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a"], await ReadyAsync());
        Assert.Equal("timer", Assert.Single((await ClaimAsync("a")).Stimuli).Id);
    }

    [Fact]
    public async Task A_timer_is_not_ready_a_fraction_of_a_microsecond_early()
    {
        var due = Now.AddMinutes(1).AddTicks(7);
        await CommitAsync(Next(await NewClaimedAsync("a")) with { ConsumedStimuli = ["start"], StimuliAdded = [Stimulus("timer", "a", due)] });
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await ReadyAsync());
        Assert.True(await Store.NextTimerAsync(Ct) >= due);
        Time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(["a"], await ReadyAsync());
    }

    [Fact]
    public async Task Due_timers_come_before_what_arrives_all_the_time()
    {
        await CommitAsync(Next(await NewClaimedAsync("late")) with { ConsumedStimuli = ["start"], StimuliAdded = [Stimulus("timer", "late", Now.AddMinutes(1))] });
        for (var i = 0; i < 5; i++)
            await NewClaimedAsync($"busy{i}");
        Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["late", "busy0", "busy1"], await ReadyAsync(3));
    }

    [Fact]
    public async Task A_timer_goes_with_its_bookmark()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { ConsumedStimuli = ["start"], BookmarksAdded = [Bookmark("b", "a")], StimuliAdded = [Stimulus("timer", "a", Now.AddHours(1), "b")] });
        await CommitAsync(Next(await ClaimAsync("a")) with { BookmarksRemoved = ["b"] });

        Assert.Null(await Store.NextTimerAsync(Ct));
        Time.Advance(TimeSpan.FromHours(2));
        Assert.Empty(await ReadyAsync());
    }

    [Fact]
    public async Task A_clock_that_jumps_to_and_fro_loses_no_timer_and_no_reply()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { ConsumedStimuli = ["start"], StimuliAdded = [Stimulus("timer", "a", Now.AddMinutes(5))] });
        await NewClaimedAsync("b");
        Time.Jump(TimeSpan.FromDays(-400));

        Assert.Equal(["b"], await ReadyAsync());
        Assert.Single((await ClaimAsync("b")).Stimuli);
        Time.Jump(TimeSpan.FromDays(400));
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["a", "b"], await ReadyAsync());
    }

    [Fact]
    public async Task An_instance_that_compensates_is_ready_once_nothing_is_outstanding()
    {
        var claimed = await NewClaimedAsync("a");
        await CommitAsync(Next(claimed) with
        {
            Instance = claimed.Instance with { Phase = Phases.Compensating }, ConsumedStimuli = ["start"], OutboxAdded = [Outbox("thaw", "a"), Outbox("event", "a", awaitsReply: false)],
        });
        Assert.Empty(await ReadyAsync());

        await CommitAsync(Next(await ClaimAsync("a")) with { OutboxRemoved = ["thaw"], StimuliAdded = [Stimulus("again", "a", Now.AddMinutes(1))] });
        Assert.Empty(await ReadyAsync());

        await CommitAsync(Next(await ClaimAsync("a")) with { ConsumedStimuli = ["again"] });
        Assert.Equal(["a"], await ReadyAsync());
    }

    [Fact]
    public async Task An_instance_is_reported_ready_once_however_much_waits_for_it()
    {
        await NewClaimedAsync("a");
        await Store.AddStimuliAsync([.. Enumerable.Range(0, 20).Select(i => Stimulus($"s{i}", "a"))]);
        await NewClaimedAsync("b");
        Assert.Equal(["a", "b"], await ReadyAsync(2));
    }

    [Fact]
    public async Task Bookmarks_are_found_by_hash_and_by_correlation()
    {
        await CommitAsync(Next(await NewClaimedAsync("a")) with { BookmarksAdded = [Bookmark("b1", "a", "event"), Bookmark("b2", "a", "event", "x"), Bookmark("b3", "a", "other")] });
        Time.Advance(TimeSpan.FromSeconds(1));
        await CommitAsync(Next(await NewClaimedAsync("c")) with { BookmarksAdded = [Bookmark("b4", "c", "event", "y")] });

        Assert.Equal(["b1", "b2", "b4"], (await Store.BookmarksByHashAsync("event", null, Ct)).Select(row => row.Id));
        Assert.Equal(["b1", "b4"], (await Store.BookmarksByHashAsync("event", "y", Ct)).Select(row => row.Id));
        Assert.Empty(await Store.BookmarksByHashAsync("nobody", null, Ct));
    }
}
