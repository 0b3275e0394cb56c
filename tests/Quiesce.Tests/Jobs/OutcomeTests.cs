using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Tests.Jobs;

/// <summary>Every row of the outcome tables of sections 2.7 and 4.4 of the domain rules.</summary>
public sealed class OutcomeTests
{
    private const string Ok = "ok", Bad = "failed", No = "not taken", Lost = "lost";

    public static TheoryData<string, string, string, ScriptMode, bool, Consistency, Result> ScriptRows => new()
    {
        // pre, snapshot, post, script mode → restore point kept, consistency, result
        { Ok, Ok, Ok, ScriptMode.RequireSuccess, true, Consistency.Application, Result.Success },
        { Ok, Ok, Ok, ScriptMode.IgnoreExecFailures, true, Consistency.Application, Result.Success },
        { Ok, Ok, Bad, ScriptMode.RequireSuccess, true, Consistency.Application, Result.Failed },
        { Ok, Ok, Bad, ScriptMode.IgnoreExecFailures, true, Consistency.Application, Result.Warning },
        { Ok, Bad, Ok, ScriptMode.RequireSuccess, false, Consistency.None, Result.Failed },
        { Ok, Bad, Bad, ScriptMode.RequireSuccess, false, Consistency.None, Result.Failed },
        { Ok, Bad, Ok, ScriptMode.IgnoreExecFailures, false, Consistency.None, Result.Failed },
        { Ok, Bad, Bad, ScriptMode.IgnoreExecFailures, false, Consistency.None, Result.Failed },
        { Bad, No, Ok, ScriptMode.RequireSuccess, false, Consistency.None, Result.Failed },
        { Bad, No, Bad, ScriptMode.RequireSuccess, false, Consistency.None, Result.Failed },
        { Bad, Ok, Ok, ScriptMode.IgnoreExecFailures, true, Consistency.Crash, Result.Warning },
        { Bad, Ok, Bad, ScriptMode.IgnoreExecFailures, true, Consistency.Crash, Result.Warning },
        { Bad, Bad, Ok, ScriptMode.IgnoreExecFailures, false, Consistency.None, Result.Failed },
        { Bad, Bad, Bad, ScriptMode.RequireSuccess, false, Consistency.None, Result.Failed },
    };

    [Theory]
    [MemberData(nameof(ScriptRows))]
    public void Scripts_and_snapshot_decide_as_the_table_of_section_4_4_says(string pre, string snapshot, string post, ScriptMode mode, bool kept, Consistency consistency, Result result)
    {
        var verdict = Outcome.Decide(Facts(pre, snapshot, post), AppMode.RequireSuccess, mode);

        Assert.Equal((kept, consistency, result), (verdict.Keep, verdict.Consistency, verdict.Result));
        Assert.Equal(result != Result.Success, verdict.Reason is not null);
    }

    [Theory]
    [InlineData(Bad, No, Bad, ScriptMode.RequireSuccess)]
    [InlineData(Bad, Ok, Bad, ScriptMode.IgnoreExecFailures)]
    [InlineData(Ok, Ok, Bad, ScriptMode.RequireSuccess)]
    [InlineData(Ok, Bad, Bad, ScriptMode.RequireSuccess)]
    public void A_failed_post_script_says_that_the_application_may_still_be_quiesced(string pre, string snapshot, string post, ScriptMode mode) =>
        Assert.Contains("application may still be quiesced", Outcome.Decide(Facts(pre, snapshot, post), AppMode.RequireSuccess, mode).Reason, StringComparison.Ordinal);

    public static TheoryData<AppMode, bool, bool, Consistency, Result> GuestRows => new()
    {
        // app mode, failed after the snapshot → kept, consistency, result
        { AppMode.RequireSuccess, false, false, Consistency.None, Result.Failed },
        { AppMode.RequireSuccess, true, false, Consistency.None, Result.Failed },
        { AppMode.IgnoreFailures, false, true, Consistency.Crash, Result.Warning },
        { AppMode.IgnoreFailures, true, true, Consistency.Crash, Result.Warning },
        { AppMode.Disabled, false, true, Consistency.Crash, Result.Success },
    };

    [Theory]
    [MemberData(nameof(GuestRows))]
    public void Failed_guest_processing_decides_as_the_table_of_section_2_7_says(AppMode mode, bool after, bool kept, Consistency consistency, Result result)
    {
        var failure = new Failure(FailureCodes.GuestLost, "the guest link is gone");
        var facts = TaskFacts.None with { GuestFailure = failure, FailedAfterSnapshot = after, Prepared = after, Snapshot = after || mode != AppMode.RequireSuccess ? Taken : null };

        var verdict = Outcome.Decide(facts, mode, ScriptMode.RequireSuccess);

        Assert.Equal((kept, consistency, result), (verdict.Keep, verdict.Consistency, verdict.Result));
        if (mode != AppMode.Disabled) Assert.Contains($"{(after ? "after" : "before")} the snapshot", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AppMode.RequireSuccess)]
    [InlineData(AppMode.IgnoreFailures)]
    [InlineData(AppMode.Disabled)]
    public void Guest_processing_that_succeeded_with_its_scripts_is_application_consistent(AppMode mode) =>
        Assert.Equal(new Verdict(Result.Success, Consistency.Application, true, null), Outcome.Decide(Facts(Ok, Ok, Ok), mode, ScriptMode.RequireSuccess));

    [Fact]
    public void A_freeze_that_the_timer_ended_fails_where_success_is_required_and_is_crash_consistent_where_failures_are_ignored()
    {
        var facts = Facts(Ok, Ok, Ok) with { Snapshot = Taken with { Frozen = true, ThawedByTimer = true }, GuestFailure = new Failure(FailureCodes.Freeze, "thawed by the timer"), FailedAfterSnapshot = true };

        Assert.Equal((Result.Failed, false), Pick(Outcome.Decide(facts, AppMode.RequireSuccess, ScriptMode.RequireSuccess)));
        var ignored = Outcome.Decide(facts, AppMode.IgnoreFailures, ScriptMode.RequireSuccess);
        Assert.Equal((Result.Warning, true, Consistency.Crash), (ignored.Result, ignored.Keep, ignored.Consistency));
    }

    [Fact]
    public void Without_any_script_nothing_is_called_application_consistent_and_a_job_that_requires_it_is_warned()
    {
        var facts = TaskFacts.None with { Prepared = true, Snapshot = Taken };
        var required = Outcome.Decide(facts, AppMode.RequireSuccess, ScriptMode.RequireSuccess);
        var disabled = Outcome.Decide(facts with { Snapshot = Taken with { Frozen = true } }, AppMode.Disabled, ScriptMode.RequireSuccess);

        Assert.Equal((Result.Warning, Consistency.Crash), (required.Result, required.Consistency));
        Assert.Contains("nothing quiesced the application", required.Reason, StringComparison.Ordinal);
        Assert.Equal((Result.Success, Consistency.FileSystem), (disabled.Result, disabled.Consistency));
    }

    [Fact]
    public void A_removal_that_failed_makes_a_success_a_warning_and_leaves_a_failure_a_failure()
    {
        var left = new Failure(FailureCodes.Leftover, "the folder could not be removed");

        var success = Outcome.Decide(Facts(Ok, Ok, Ok) with { ReleaseFailure = left }, AppMode.RequireSuccess, ScriptMode.RequireSuccess);
        var failure = Outcome.Decide(Facts(Bad, No, Ok) with { ReleaseFailure = left }, AppMode.RequireSuccess, ScriptMode.RequireSuccess);

        Assert.Equal((Result.Warning, true, Consistency.Application), (success.Result, success.Keep, success.Consistency));
        Assert.Contains("GP-LEFTOVER", success.Reason, StringComparison.Ordinal);
        Assert.Equal(Result.Failed, failure.Result);
    }

    [Fact]
    public void A_cancelled_task_keeps_no_restore_point_even_when_everything_had_gone_well()
    {
        var verdict = Outcome.Decide(Facts(Ok, Ok, Ok) with { Cancelled = true }, AppMode.RequireSuccess, ScriptMode.RequireSuccess);

        Assert.Equal((Result.Failed, false), Pick(verdict));
        Assert.Contains("cancelled", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workflow_that_faulted_never_ends_in_success() =>
        Assert.Equal((Result.Failed, false), Pick(Outcome.Decide(Facts(Ok, Ok, Ok) with { Incident = "a script threw" }, AppMode.IgnoreFailures, ScriptMode.IgnoreExecFailures)));

    [Theory]
    [InlineData(new[] { Result.Success, Result.Success }, Result.Success)]
    [InlineData(new[] { Result.Success, Result.Warning }, Result.Warning)]
    [InlineData(new[] { Result.Warning, Result.Failed, Result.Success }, Result.Failed)]
    [InlineData(new Result[0], Result.Failed)]
    public void A_session_is_as_bad_as_its_worst_task(Result[] tasks, Result expected) => Assert.Equal(expected, Outcome.Worst(tasks));

    private static (Result Result, bool Keep) Pick(Verdict verdict) => (verdict.Result, verdict.Keep);

    private static readonly SnapshotFacts Taken = new(true, "rp-1", "/snapshots/rp-1", "reflink", 1, new SnapshotLegs(1, 0, 1, 0, 1), false, false, null);

    private static TaskFacts Facts(string pre, string snapshot, string post) => TaskFacts.None with
    {
        Prepared = true,
        Pre = Script(pre),
        Post = Script(post),
        Snapshot = snapshot switch { Ok => Taken, No => null, _ => Taken with { Taken = false, Failure = new Failure(FailureCodes.Snapshot, "no room") } },
    };

    private static ScriptFacts Script(string word) => word == Lost
        ? new ScriptFacts(true, false, null, false, null, null, new Failure(FailureCodes.GuestLost, "lost", MayHaveStarted: true), false)
        : new ScriptFacts(true, word == Ok, word == Ok ? 0 : 3, false, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, false);
}
