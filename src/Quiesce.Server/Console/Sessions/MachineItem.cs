using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Screens;

/// <summary>A machine in the list.</summary>
/// <param name="Index">Its place in the job, which names its instance.</param>
/// <param name="Place">Its place in the list as it is sifted.</param>
public sealed record MachineItem(int Index, int Place, TaskReport Task);
