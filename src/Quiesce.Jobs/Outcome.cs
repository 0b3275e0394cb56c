using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs;

/// <summary>What a task came to.</summary>
/// <param name="Keep">Whether the restore point stays.</param>
/// <param name="Reason">Why it is less than asked or why it failed; null when all is well.</param>
public sealed record Verdict(Result Result, Consistency Consistency, bool Keep, string? Reason);

/// <summary>The outcome tables of the domain rules (sections 2.7 and 4.4) as one pure function. Never silently less: every downgrade carries its reason (R2.19).</summary>
public static class Outcome
{
    /// <summary>Concludes a task from what is known of it.</summary>
    public static Verdict Decide(TaskFacts facts, AppMode appMode, ScriptMode scriptMode)
    {
        var verdict = Conclude(facts, appMode, scriptMode);
        if (facts.Discarded) verdict = verdict with { Keep = false, Consistency = Consistency.None };
        if (facts.ReleaseFailure is { } left)
            // R2.10: a failed removal makes a success a warning, never a failure.
            verdict = verdict with { Result = verdict.Result == Result.Success ? Result.Warning : verdict.Result, Reason = Join(verdict.Reason, $"{FailureCodes.Leftover}: {left.Message}") };
        return verdict;
    }

    /// <summary>R5.2: the session is as bad as its worst task; a session without any task that could start has failed.</summary>
    public static Result Worst(IEnumerable<Result> results)
    {
        var worst = Result.None;
        foreach (var result in results)
            if (result > worst) worst = result;
        return worst == Result.None ? Result.Failed : worst;
    }

    private static Verdict Conclude(TaskFacts facts, AppMode appMode, ScriptMode scriptMode)
    {
        if (facts.Cancelled) return Failed("cancelled by user", facts);
        if (facts.Incident is { } incident) return Failed($"the workflow faulted: {incident}", facts);
        var guestFailure = appMode == AppMode.Disabled && !Scripted(facts) ? null : facts.GuestFailure;

        if (guestFailure is { } failure && appMode == AppMode.RequireSuccess)
            return Failed($"guest processing failed {(facts.FailedAfterSnapshot ? "after" : "before")} the snapshot, and the job requires it: {failure.Code}: {failure.Message}", facts);
        if (facts.Pre is { Succeeded: false } pre && scriptMode == ScriptMode.RequireSuccess)
            return Failed($"the pre-snapshot script {pre.Describe()}", facts);
        if (facts.Snapshot is not { Taken: true } snapshot)
            return Failed(facts.Snapshot?.Failure is { } lost ? $"the snapshot failed: {lost.Code}: {lost.Message}"
                : facts.GuestFailure is { } first ? $"no snapshot was taken: {first.Code}: {first.Message}" : "no snapshot was taken", facts);

        if (guestFailure is { } ignored)
            return new Verdict(Result.Warning, Consistency.Crash, true, Join($"guest processing failed {(facts.FailedAfterSnapshot ? "after" : "before")} the snapshot and the job ignores it: {ignored.Code}: {ignored.Message}", Quiesced(facts)));
        if (facts.Pre is { Succeeded: false } ignoredPre)
            return new Verdict(Result.Warning, Consistency.Crash, true, Join($"the pre-snapshot script {ignoredPre.Describe()}", Quiesced(facts)));
        if (facts.Pre is { Succeeded: true })
            return facts.Post switch
            {
                { Succeeded: false } post => new Verdict(scriptMode == ScriptMode.RequireSuccess ? Result.Failed : Result.Warning, Consistency.Application, true,
                    $"the restore point is good, but the post-snapshot script {post.Describe()}: the application may still be quiesced, look at it now"),
                _ => new Verdict(Result.Success, Consistency.Application, true, null),
            };
        return Unscripted(snapshot, appMode);
    }

    private static bool Scripted(TaskFacts facts) => facts.Pre is not null;

    // Nothing but the file system was asked to hold still: say what that is worth, and warn where the job requires more.
    private static Verdict Unscripted(SnapshotFacts snapshot, AppMode appMode)
    {
        var consistency = snapshot.Frozen && !snapshot.ThawedByTimer ? Consistency.FileSystem : Consistency.Crash;
        return appMode == AppMode.Disabled
            ? new Verdict(Result.Success, consistency, true, null)
            : new Verdict(Result.Warning, consistency, true, "the job asks for application processing but has no pre-snapshot script for this machine, so nothing quiesced the application");
    }

    private static Verdict Failed(string reason, TaskFacts facts) => new(Result.Failed, Consistency.None, false, Join(reason, Quiesced(facts)));

    private static string? Quiesced(TaskFacts facts) => facts.MayStillBeQuiesced && facts.Post is not null ? "the application may still be quiesced" : null;

    private static string Join(string? first, string? second) => first is null ? second ?? "" : second is null ? first : $"{first}; {second}";
}
