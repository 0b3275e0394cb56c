using Dapper;

namespace Quiesce.Storage;

/// <summary>Something a machine's data can be restored from.</summary>
/// <param name="Provider">The provider's name and settings, JSON.</param>
/// <param name="Guest">How the guest that holds it is reached, JSON.</param>
/// <param name="Location">Where it is, in the provider's words.</param>
/// <param name="State">One of <see cref="RestorePointStates"/>.</param>
/// <param name="Method">How it was made, for example reflink or copy.</param>
[method: ExplicitConstructor]
public sealed record RestorePointRow(
    string Id, string SessionId, string Machine, string Job, string Provider, string SourcePath, string Guest, string Location, string Consistency, string? Reason,
    DateTimeOffset CreatedAt, string State, long? Bytes, string? Method);

/// <summary>The states of a restore point.</summary>
public static class RestorePointStates
{
    public const string Creating = "Creating";
    public const string Complete = "Complete";
    public const string Deleting = "Deleting";
}
