using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Serving;

/// <summary>Asks an operation under way to end; it answers for itself (R4.16).</summary>
internal static class CancelOperation
{
    public static CancelOperationReply Run(Runtime runtime, CancelOperationRequest request)
    {
        if (runtime.Journal.Find(request.TargetOperationId ?? "") is not { Reply: null } operation)
            return new CancelOperationReply(false);
        operation.Cancel();
        return new CancelOperationReply(true);
    }
}
