namespace Quiesce.Agent.Serving;

/// <summary>Every operation this runtime was ever asked for, by id: the reason why a repeat starts nothing (R2.15).</summary>
internal sealed class Journal
{
    private readonly Dictionary<string, Operation> operations = [];
    private readonly HashSet<string> lost = [];

    /// <summary>Operations that an earlier runtime of this deployment had begun when it died: they count as started and are never begun again.</summary>
    public void RememberLost(IEnumerable<string> ids)
    {
        lock (operations)
            lost.UnionWith(ids);
    }

    public bool IsLost(string id)
    {
        lock (operations)
            return lost.Contains(id);
    }

    /// <summary>Takes the operation up unless its id is known. True for the one caller who is to carry it out.</summary>
    public bool Begin(string id, Func<Operation> begin, out Operation operation)
    {
        lock (operations)
        {
            if (operations.TryGetValue(id, out operation!))
                return false;
            operations.Add(id, operation = begin());
            return true;
        }
    }

    public Operation? Find(string id)
    {
        lock (operations)
            return operations.GetValueOrDefault(id);
    }

    /// <summary>Those that have not ended.</summary>
    public List<Operation> Running()
    {
        lock (operations)
            return [.. operations.Values.Where(operation => operation.Reply is null)];
    }

    /// <summary>Id to <c>running</c>, <c>finished</c> or <c>lost</c>.</summary>
    public Dictionary<string, string> Describe()
    {
        lock (operations)
        {
            var all = operations.Values.ToDictionary(operation => operation.Id, operation => operation.Reply is null ? "running" : "finished");
            foreach (var id in lost)
                all.TryAdd(id, "lost");
            return all;
        }
    }
}
