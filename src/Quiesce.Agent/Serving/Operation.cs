using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Agent.Serving;

/// <summary>One request under way or ended. It is carried out once; whoever asks again is given the same reply.</summary>
internal sealed class Operation(string id, string verb, Action<ChannelMessage> tell) : IDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly ManualResetEventSlim ended = new();

    public string Id => id;
    public string Verb => verb;
    public CancellationToken Cancelled => cancellation.Token;

    /// <summary>Null while it runs.</summary>
    public ChannelMessage? Reply { get; private set; }

    /// <summary>Asks it to end; it answers for itself with <c>GP-CANCELLED</c>.</summary>
    public void Cancel() => cancellation.Cancel();

    /// <summary>A sign of life for whoever listens; lost where nobody does.</summary>
    public void Progress(string message, double? fraction = null) => tell(new ChannelMessage { Type = "progress", Id = id, Verb = verb, Message = message, Fraction = fraction });

    public void End(ChannelMessage reply)
    {
        Reply = reply;
        ended.Set();
    }

    /// <summary>False where it still ran when the time was over.</summary>
    public bool Wait(TimeSpan time) => ended.Wait(time);

    public void Dispose()
    {
        cancellation.Dispose();
        ended.Dispose();
    }
}

/// <summary>An operation that ends with a failure in words for the operator.</summary>
internal sealed class OperationException(Failure failure, System.Text.Json.JsonElement? body = null) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;
    /// <summary>What there is to say of a script or snapshot that ran and failed.</summary>
    public System.Text.Json.JsonElement? Body { get; } = body;

    public OperationException(string code, string message) : this(new Failure(code, message)) { }
}
