using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>Connects, and only that: nothing is copied (R2.7).</summary>
internal static class TestMachine
{
    public static async Task<Answer> HandleAsync(GuestSessions sessions, Operation operation, CancellationToken stopping)
    {
        var begun = sessions.Time.GetTimestamp();
        await using var session = sessions.AdHoc(operation.Request.Guest, operation.Request.OperationId);
        var facts = await session.Channel.ExamineAsync(stopping);
        return Answer.Of(
            new TestMachineReply(facts.Platform, facts.Host, facts.Account, facts.Problems, sessions.Time.GetElapsedTime(begun).TotalMilliseconds),
            ContractsJson.Default.TestMachineReply);
    }
}
