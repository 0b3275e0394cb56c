namespace Quiesce.Contracts.Bus;

/// <summary>Stops the running session of a job by message. Nothing happens when none is running.</summary>
/// <param name="Job">Name of the job.</param>
/// <param name="Now">False: machines in hand finish (R5.21). True: they are cancelled and undone.</param>
public sealed record StopJob(string Job, bool Now = false);
