using System.Text.Json;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>
/// The executions of one instance: where the latest record of each is, and what the badges on a canvas count. It only grows by what was committed since the last look,
/// so that a viewer that polls costs one question to the store. The records themselves stay there.
/// </summary>
internal sealed class ExecutionBook(string instanceId)
{
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private List<Entry> _inOrder = [];
    private long _revision;

    /// <summary>How many executions it knows.</summary>
    public int Count => _inOrder.Count;

    /// <summary>Takes up what was committed since, and gives the executions in the order in which they began to be touched.</summary>
    public async Task<IReadOnlyList<Entry>> ReadAsync(Store store, CancellationToken ct)
    {
        long known;
        lock (_byId) known = _revision;
        var segments = await store.ExecutionsAsync(instanceId, known, ct).ConfigureAwait(false);
        lock (_byId)
        {
            // Two who look at once read the same rows; the second takes none of them again.
            var added = segments.Where(segment => segment.Revision > _revision).ToList();
            // Whoever holds the list of an earlier look reads on in it undisturbed.
            if (added.Count > 0) _inOrder = [.. _inOrder];
            foreach (var segment in added)
            {
                Take(segment);
                _revision = segment.Revision;
            }

            return _inOrder;
        }
    }

    /// <summary>The execution of that id, of what was read last; null when there is none.</summary>
    public Entry? Find(string executionId)
    {
        lock (_byId) return _byId.GetValueOrDefault(executionId);
    }

    private void Take(ExecutionSegment segment)
    {
        var json = new Utf8JsonReader(segment.Json);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)json.TokenStartIndex;
            Entry entry = new() { Revision = segment.Revision, Start = start };
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName) Member(ref json, entry);
            entry.Length = (int)json.BytesConsumed - start;
            if (_byId.TryGetValue(entry.Id, out var known))
            {
                entry.Place = known.Place;
                _inOrder[entry.Place] = entry;
            }
            else
            {
                entry.Place = _inOrder.Count;
                _inOrder.Add(entry);
            }

            _byId[entry.Id] = entry;
        }
    }

    private void Member(ref Utf8JsonReader json, Entry entry)
    {
        if (json.ValueTextEquals("id"u8)) { json.Read(); entry.Id = json.GetString()!; }
        else if (json.ValueTextEquals("activityId"u8)) { json.Read(); entry.ActivityId = Word(json.GetString()!); }
        else if (json.ValueTextEquals("activityNodeId"u8)) { json.Read(); entry.NodeId = Word(json.GetString()!); }
        else if (json.ValueTextEquals("schedulingActivityExecutionId"u8)) { json.Read(); entry.ScheduledBy = json.GetString(); }
        else if (json.ValueTextEquals("hasBookmarks"u8)) { json.Read(); entry.HasBookmarks = json.GetBoolean(); }
        else if (json.ValueTextEquals("aggregateFaultCount"u8)) { json.Read(); entry.Faults = json.GetInt32(); }
        else if (json.ValueTextEquals("status"u8))
        {
            json.Read();
            (entry.IsCompleted, entry.IsFaulted) = (json.ValueTextEquals("Completed"u8), json.ValueTextEquals("Faulted"u8));
            entry.IsOpen = json.ValueTextEquals("Running"u8) || json.ValueTextEquals("Pending"u8);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    // The same few nodes come again with every round of a loop.
    private string Word(string text)
    {
        if (_words.TryGetValue(text, out var known)) return known;
        return _words[text] = text;
    }

    /// <summary>One execution, and where its latest record is. Never changed once it is in the list.</summary>
    internal sealed class Entry
    {
        public string Id { get; set; } = "";
        public string ActivityId { get; set; } = "";
        public string NodeId { get; set; } = "";
        public string? ScheduledBy { get; set; }
        public bool HasBookmarks { get; set; }
        public bool IsCompleted { get; set; }
        public bool IsOpen { get; set; }
        public bool IsFaulted { get; set; }
        public int Faults { get; set; }
        public long Revision { get; set; }
        public int Start { get; set; }
        public int Length { get; set; }
        public int Place { get; set; }
    }
}
