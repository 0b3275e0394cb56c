namespace Quiesce.Engine;

/// <summary>Moves an instance: a pure function from a state and what happened to everything that must be written.</summary>
public static class Burst
{
    /// <summary>Uses the stimuli, in order, until nothing more can be done.</summary>
    /// <param name="graph">The compiled definition that the instance began with.</param>
    /// <param name="state">Null for a new instance; then one stimulus must be a Start.</param>
    /// <param name="stimuli">What happened. Those that match nothing come back as unmatched.</param>
    /// <param name="context">Clock, ids, other definitions, limits.</param>
    /// <exception cref="InvalidOperationException">There is no state and no Start.</exception>
    public static BurstResult Run(WorkflowGraph graph, InstanceState? state, IReadOnlyList<Stimulus> stimuli, BurstContext context) =>
        throw new NotImplementedException();
}
