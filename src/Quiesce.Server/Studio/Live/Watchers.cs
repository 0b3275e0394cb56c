namespace Quiesce.Server.Studio.Live;

/// <summary>Which connections watch which instances, and which of those are owed a word. Safe from many threads.</summary>
public sealed class Watchers
{
    private readonly Lock _books = new();
    private readonly Dictionary<string, HashSet<string>> _instancesOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    /// <summary>How many instances somebody watches.</summary>
    public int Instances
    {
        get
        {
            lock (_books)
                return _watched.Count;
        }
    }

    /// <summary>A connection watches an instance from now on; twice is once.</summary>
    public void Add(string connectionId, string instanceId)
    {
        lock (_books)
        {
            if (!_instancesOf.TryGetValue(connectionId, out var watching))
                _instancesOf[connectionId] = watching = new(StringComparer.Ordinal);
            if (!watching.Add(instanceId))
                return;
            if (!_watched.TryGetValue(instanceId, out var watched))
                _watched[instanceId] = watched = new Watched();
            watched.Connections++;
        }
    }

    /// <summary>A connection is gone.</summary>
    public void Remove(string connectionId)
    {
        lock (_books)
        {
            if (!_instancesOf.Remove(connectionId, out var watching))
                return;
            foreach (var instanceId in watching)
                if (_watched.TryGetValue(instanceId, out var watched) && --watched.Connections == 0)
                    _watched.Remove(instanceId);
        }
    }

    /// <summary>The instance changed. True: nobody is telling its watchers yet, so that the caller has to, until <see cref="Take"/> says no.</summary>
    public bool Owe(string instanceId)
    {
        lock (_books)
        {
            if (!_watched.TryGetValue(instanceId, out var watched))
                return false;
            watched.IsOwed = true;
            if (watched.IsBeingTold)
                return false;
            return watched.IsBeingTold = true;
        }
    }

    /// <summary>Takes the word that is owed. False: nothing changed since the last one, or nobody watches any more, and whoever told them is done.</summary>
    public bool Take(string instanceId)
    {
        lock (_books)
        {
            if (!_watched.TryGetValue(instanceId, out var watched))
                return false;
            (watched.IsBeingTold, watched.IsOwed) = (watched.IsOwed, false);
            return watched.IsBeingTold;
        }
    }

    /// <summary>Telling failed: the next change starts anew.</summary>
    public void GiveUp(string instanceId)
    {
        lock (_books)
            if (_watched.TryGetValue(instanceId, out var watched))
                watched.IsBeingTold = false;
    }

    private sealed class Watched
    {
        public int Connections { get; set; }

        public bool IsOwed { get; set; }

        public bool IsBeingTold { get; set; }
    }
}
