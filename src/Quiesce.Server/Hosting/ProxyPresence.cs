using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Hosting;

/// <summary>A guest interaction proxy in this process, as whoever composes server and proxy makes it known.</summary>
/// <param name="Summary">What it is and how busy it is now.</param>
public sealed record ProxyPresence(Func<ProxySummary> Summary);
