namespace Quiesce.Contracts.Rest;

/// <summary>A key of the API, without itself: only its hash is kept.</summary>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="IsYours">The one that asked with it.</param>
public sealed record KeySummary(string Id, string Name, string Role, DateTimeOffset CreatedAt, string? CreatedBy, DateTimeOffset? LastUsed, bool IsYours);

/// <summary>A key to make.</summary>
/// <param name="Name">Who it stands for in sessions and in the audit.</param>
public sealed record NewKey(string Name, string Role);

/// <summary>A key that was made now.</summary>
/// <param name="Key">The key itself: the only time that anybody can read it.</param>
public sealed record CreatedKey(string Id, string Name, string Role, string Key);

/// <summary>A link that logs a browser in as the key that asked for it: once, and for a short time.</summary>
public sealed record LoginLink(string Url, DateTimeOffset ExpiresAt);
