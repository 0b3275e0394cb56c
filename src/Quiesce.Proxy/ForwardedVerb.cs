using System.Text.Json;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Proxy;

/// <summary>Hands an operation to the deployment's runtime as it is and brings the answer back.</summary>
internal static class ForwardedVerb
{
    /// <summary>Has the runtime do it; null where the runtime is gone.</summary>
    /// <param name="limit">Longest wait for the reply; null for as long as progress is made.</param>
    public static Task<Answer?> AskAsync(GuestSession session, Operation operation, TimeSpan? limit, CancellationToken stopping) =>
        AskAsync(session, operation, operation.Request.OperationId, operation.Request.Verb, operation.Request.Body, limit, stopping);

    public static async Task<Answer?> AskAsync(GuestSession session, Operation operation, string id, string verb, JsonElement body, TimeSpan? limit, CancellationToken stopping)
    {
        operation.InHandOf = session;
        try
        {
            return await session.InvokeAsync(operation, id, verb, body, limit, stopping) is { } reply ? Read(session, verb, reply) : null;
        }
        finally
        {
            operation.InHandOf = null;
        }
    }

    private static Answer Read(GuestSession session, string verb, ChannelMessage reply) =>
        reply is { Body: null, Failure: null }
            ? throw new GuestFailureException(FailureCodes.Protocol, $"The runtime on {session.Guest.Machine} answered {verb} with neither a result nor a failure. Publish the agent again from the same release as this proxy.", mayHaveStarted: true)
            : new Answer(reply.Body, reply.Failure);

    /// <summary>The reply's body as the verb's own record, or the failure that came instead.</summary>
    public static T Result<T>(Answer answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string machine)
    {
        if (answer.Failure is { } failure)
            throw new GuestFailureException(failure);
        try
        {
            if (answer.Body is { } body && body.Deserialize(type) is { } result)
                return result;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new GuestFailureException(FailureCodes.Protocol, $"The runtime on {machine} answered with a body that is not the expected one. Publish the agent again from the same release as this proxy.", mayHaveStarted: true);
    }
}
