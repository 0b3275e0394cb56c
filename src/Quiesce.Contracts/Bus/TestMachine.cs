namespace Quiesce.Contracts.Bus;

/// <summary>Connects, and only that: nothing is copied (R2.7).</summary>
public sealed record TestMachineRequest();

/// <param name="Problems">What would stop a deployment, each with what to do; empty when all is well.</param>
public sealed record TestMachineReply(string Platform, string Host, string Account, IReadOnlyList<string> Problems, double ConnectMs);
