using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>A guest's trouble on its way to becoming the <see cref="Failure"/> of a reply. It never leaves this room.</summary>
internal sealed class GuestFailureException(Failure failure) : Exception(failure.Message)
{
    public GuestFailureException(string code, string message, bool retryable = false, bool mayHaveStarted = false, string? leftBehind = null)
        : this(new Failure(code, message, retryable, mayHaveStarted, leftBehind))
    {
    }

    public Failure Failure { get; } = failure;
}
