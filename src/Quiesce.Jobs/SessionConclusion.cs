using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Activities;

namespace Quiesce.Jobs;

/// <summary>What a session came to: as bad as its worst machine (R5.2).</summary>
internal static class SessionConclusion
{
    public static (Result Result, string? Message) Of(IDictionary<string, JsonNode?> properties, SessionHost host)
    {
        if (properties.TryGetValue(ProtectMachines.GateClosed, out var closed) && closed is not null) return (Result.Failed, (string?)closed);
        var tally = properties.TryGetValue(ProtectMachines.Tally, out var node) ? node as JsonObject : null;
        int Count(string word) => (int?)tally?[word] ?? 0;
        var (success, warning, failed) = (Count("success"), Count("warning"), Count("failed"));
        var total = host.Job.Machines.Count;
        var missing = total - success - warning - failed;
        if (success + warning + failed == 0) return (Result.Failed, "no machine's task could start");
        var worst = Outcome.Worst([success > 0 ? Result.Success : Result.None, warning > 0 ? Result.Warning : Result.None, failed + missing > 0 ? Result.Failed : Result.None]);
        return (worst, missing > 0 ? $"{missing} of {total} machines were not started" : failed > 0 ? $"{failed} of {total} machines failed" : warning > 0 ? $"{warning} of {total} machines ended with a warning" : null);
    }
}
