using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy;

/// <summary>One operation under way in this process.</summary>
internal sealed class Operation(OperationRequest request, Action<OperationProgress> progress, TimeProvider time, CancellationTokenSource cancel)
{
    public OperationRequest Request => request;

    /// <summary>Whether a runtime may have seen it, now or on an earlier sending: what cannot be told counts as started.</summary>
    public bool Sent { get; set; } = request.Attempt > 1;

    /// <summary>Whether it is in the hands of a runtime right now.</summary>
    public GuestSession? InHandOf { get; set; }

    /// <summary>Ends what of it happens in this process.</summary>
    public CancellationTokenSource Cancel => cancel;

    /// <summary>Tells whoever watches. Progress may be lost by contract, and a listener that throws must not end a guest's link.</summary>
    public void Report(string level, string message, double? fraction = null)
    {
        try
        {
            progress(new OperationProgress(request.OperationId, request.InstanceId, request.SessionId, message, fraction, level, time.GetUtcNow()));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Its own trouble.
        }
    }

    /// <summary>The verb's own request.</summary>
    /// <exception cref="GuestFailureException">GP-PROTOCOL: it is not readable as one.</exception>
    public T Body<T>(JsonTypeInfo<T> type)
    {
        try
        {
            if (request.Body.Deserialize(type) is { } body)
                return body;
        }
        catch (JsonException e)
        {
            throw new GuestFailureException(FailureCodes.Protocol, $"The body of {request.Verb} {request.OperationId} for {request.Guest.Machine} is not readable: {e.Message}");
        }
        throw new GuestFailureException(FailureCodes.Protocol, $"{request.Verb} {request.OperationId} for {request.Guest.Machine} came without a body.");
    }
}

/// <summary>How an operation ended, before it is addressed: a body, a failure, or both.</summary>
internal sealed record Answer(JsonElement? Body, Failure? Failure = null)
{
    public static Answer Of<T>(T body, JsonTypeInfo<T> type, Failure? failure = null) => new(JsonSerializer.SerializeToElement(body, type), failure);
}
