namespace Quiesce.Storage;

/// <summary>A server process that works on instances. It stays the owner of what it claimed as long as it renews its lease.</summary>
/// <param name="Id">New for every process start.</param>
/// <param name="Name">For people: host and process id.</param>
/// <param name="Lease">How long others wait without a renewal before they take over. Renew about three times in this span.</param>
public sealed record Owner(string Id, string Name, TimeSpan Lease);
