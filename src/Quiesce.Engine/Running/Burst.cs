namespace Quiesce.Engine;

/// <summary>Moves an instance: a pure function from a state and what happened to everything that must be written.</summary>
public static class Burst
{
    /// <summary>Uses the stimuli, in order, until nothing more can be done.</summary>
    /// <param name="graph">The compiled definition that the instance began with.</param>
    /// <param name="state">Null for a new instance; then one stimulus must be a Start. A state that does not fit the graph becomes an incident of the workflow.</param>
    /// <param name="stimuli">What happened. Those that match nothing come back as unmatched.</param>
    /// <param name="context">Clock, ids, other definitions, limits.</param>
    /// <exception cref="InvalidOperationException">There is no state and no Start.</exception>
    /// <exception cref="OperationCanceledException">The host's token ended the burst; nothing has happened.</exception>
    public static BurstResult Run(WorkflowGraph graph, InstanceState? state, IReadOnlyList<Stimulus> stimuli, BurstContext context)
    {
        BurstRun run;
        Stimulus? start = null;
        if (state is null)
        {
            start = stimuli.FirstOrDefault(s => s.Kind == StimulusKind.Start)
                ?? throw new InvalidOperationException(
                    $"No instance of '{graph.Definition.DefinitionId}' to move: there is no state and no stimulus that starts one.");
            run = BurstRun.Begin(graph, start, context);
        }
        else
        {
            run = BurstRun.Load(graph, state, context);
        }

        var consumed = new List<string>(stimuli.Count);
        var waiting = new List<Stimulus>();
        if (start is not null)
        {
            run.Start();
            consumed.Add(start.Id);
        }

        foreach (var stimulus in stimuli)
            if (!ReferenceEquals(stimulus, start))
                waiting.Add(stimulus);

        // A stimulus may create the bookmark that an earlier one came too soon for, so those are tried again.
        var progress = true;
        while (progress && waiting.Count > 0)
        {
            progress = false;
            for (var i = 0; i < waiting.Count; i++)
            {
                if (!run.TryUse(waiting[i]))
                    continue;
                consumed.Add(waiting[i].Id);
                waiting.RemoveAt(i--);
                progress = true;
            }
        }

        return run.Finish(consumed, [.. waiting.Select(s => s.Id)]);
    }
}
