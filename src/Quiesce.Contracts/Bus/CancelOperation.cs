namespace Quiesce.Contracts.Bus;

/// <summary>Ends an operation under way: a script is killed (R4.16), a copy is stopped and its half removed. The operation itself answers, with <c>GP-CANCELLED</c>.</summary>
public sealed record CancelOperationRequest(string TargetOperationId);

/// <param name="Found">False where it had ended or was never started.</param>
public sealed record CancelOperationReply(bool Found);
