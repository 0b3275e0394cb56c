using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Demo;

/// <summary>How the demo ended.</summary>
/// <param name="Verified">Everything that the demo promises was seen to hold.</param>
/// <param name="Acknowledged">Commits that the application had acknowledged when it was quiesced.</param>
/// <param name="Restored">Rows of the restored database.</param>
/// <param name="Sentence">The verdict in words; where it is not good, what did not hold.</param>
internal sealed record DemoResult(SessionReport Report, bool Verified, long Acknowledged, long Restored, string Sentence)
{
    public int ExitCode => Verified ? ExitCodes.Success : Report.IsCanceled ? ExitCodes.Cancelled : ExitCodes.Failed;
}
