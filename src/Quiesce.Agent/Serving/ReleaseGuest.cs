using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Serving;

/// <summary>
/// Removes the runtime: whatever is still frozen is thawed, whatever runs is ended, a post script that is still owed is run, the folder goes, and after the reply the process.
/// </summary>
internal static class ReleaseGuest
{
    public static ReleaseGuestReply Run(Runtime runtime)
    {
        runtime.StopTaking();
        var record = runtime.Abandon("it was released", keepRecord: false);
        if (Directory.Exists(runtime.Deployment.Folder))
            throw new OperationException(new Failure(FailureCodes.Leftover, $"The folder {runtime.Deployment.Folder} on {Environment.MachineName} could not be removed; remove it by hand.", LeftBehind: runtime.Deployment.Folder));
        runtime.Guardian.Goodbye();
        return new ReleaseGuestReply(true, record is { PostScript.ByOrphanRule: true } or { Thawed: true } ? record : null);
    }
}
