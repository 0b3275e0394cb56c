namespace Quiesce.Contracts.Bus;

/// <summary>Deploys the throw-away runtime into the guest and starts it, or finds the one that this deployment id already has (R2.6).</summary>
/// <param name="GraceSeconds">How long the runtime outlives a broken link before the orphan rule.</param>
/// <param name="ExpirySeconds">When the manifest expires and the runtime removes itself whatever happens (R2.11).</param>
public sealed record PrepareGuestRequest(int GraceSeconds, int ExpirySeconds);

/// <summary>The guest is ready.</summary>
/// <param name="RuntimeVersion">Version of the runtime that answered.</param>
/// <param name="Platform">What the guest says it is, such as <c>linux-x64</c>.</param>
/// <param name="Host">The guest's own host name.</param>
/// <param name="Account">The account the runtime runs as.</param>
/// <param name="Transport"><c>local</c> or <c>ssh</c>.</param>
/// <param name="PrepareMs">Connect, copy, verify and start, in milliseconds.</param>
/// <param name="Orphans">Result records of earlier runtimes that ended by the orphan rule, collected and removed now.</param>
public sealed record PrepareGuestReply(string RuntimeVersion, string Platform, string Host, string Account, string Transport, double PrepareMs, IReadOnlyList<OrphanRecord> Orphans);

/// <summary>What a runtime left behind when it ended without a goodbye: a few hundred bytes that tell what happened instead of leaving it to a guess.</summary>
/// <param name="Operations">Operation ids with <c>finished</c>, <c>killed</c> or <c>running</c>.</param>
/// <param name="Thawed">Whether it had to thaw.</param>
/// <param name="PreScript">How the pre script ended, if it was started; without an exit code where that is unknown.</param>
/// <param name="PostScript">How the post script ended: the entrusted one that the rule ran (<c>ByOrphanRule</c>), or the one that was asked for before.</param>
public sealed record OrphanRecord(string DeploymentId, DateTimeOffset EndedAt, string Reason, IReadOnlyDictionary<string, string> Operations, bool Thawed, RunScriptReply? PreScript, RunScriptReply? PostScript);
