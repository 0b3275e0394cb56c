using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Quiesce.Engine;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Jobs.Triggers;

/// <summary>
/// What may start a workflow: the triggers of every published definition, kept up as definitions change. In memory, computed from the definitions; only when a timer is due
/// next is stored (<see cref="TriggerTimers"/>). Safe from many threads.
/// </summary>
public sealed class PublishedTriggers : IDisposable
{
    private readonly DefinitionCatalog _definitions;
    private readonly ILogger<PublishedTriggers> _log;
    private readonly Lock _gate = new();
    private readonly Channel<string> _changed = Channel.CreateUnbounded<string>();
    private ImmutableDictionary<string, ImmutableList<(PublishedTrigger Trigger, TriggerSchedule? Schedule)>> _byDefinition =
        ImmutableDictionary<string, ImmutableList<(PublishedTrigger, TriggerSchedule?)>>.Empty;
    private volatile ILookup<string, PublishedTrigger> _byHash = Array.Empty<PublishedTrigger>().ToLookup(trigger => trigger.Hash);
    private volatile ILookup<string, PublishedTrigger> _byName = Array.Empty<PublishedTrigger>().ToLookup(trigger => trigger.Name);

    public PublishedTriggers(DefinitionCatalog definitions, ILogger<PublishedTriggers> log)
    {
        (_definitions, _log) = (definitions, log);
        _definitions.Changed += OnChanged;
        Reload();
    }

    /// <summary>Definitions whose triggers changed, for whoever keeps their timers.</summary>
    internal ChannelReader<string> Changed => _changed.Reader;

    /// <summary>The triggers that wait for what has this hash, by definition and place.</summary>
    public IReadOnlyList<PublishedTrigger> Find(string hash) => [.. _byHash[hash]];

    /// <summary>The triggers of a kind, such as <c>Elsa.HttpEndpoint</c>.</summary>
    public IReadOnlyList<PublishedTrigger> Named(string name) => [.. _byName[name]];

    /// <summary>The timer triggers of a definition.</summary>
    internal IReadOnlyList<(PublishedTrigger Trigger, TriggerSchedule Schedule)> Timers(string definitionId)
    {
        lock (_gate)
            return [.. _byDefinition.GetValueOrDefault(definitionId, []).Where(one => one.Schedule is not null).Select(one => (one.Trigger, one.Schedule!))];
    }

    /// <summary>The definitions that have any trigger.</summary>
    internal IReadOnlyList<string> Definitions
    {
        get
        {
            lock (_gate) return [.. _byDefinition.Keys];
        }
    }

    /// <inheritdoc />
    public void Dispose() => _definitions.Changed -= OnChanged;

    private void Reload()
    {
        foreach (var summary in _definitions.List())
            if (summary.IsPublished) Read(summary.Id);
        Index();
    }

    private void OnChanged(string definitionId)
    {
        Read(definitionId);
        Index();
        _changed.Writer.TryWrite(definitionId);
    }

    private void Read(string definitionId)
    {
        var triggers = Of(definitionId);
        lock (_gate) _byDefinition = triggers.Count == 0 ? _byDefinition.Remove(definitionId) : _byDefinition.SetItem(definitionId, triggers);
    }

    private ImmutableList<(PublishedTrigger, TriggerSchedule?)> Of(string definitionId)
    {
        if (_definitions.Row(definitionId, VersionSelector.Published) is not { } row || _definitions.Graph(row) is not { } graph) return [];
        var records = TriggerIndex.Of(graph);
        if (records.Count > 0 && SessionOnly.Reason(graph, _definitions.Find) is { } reason)
        {
            _log.LogWarning("The triggers of workflow {Definition} version {Version} start nothing: {Reason}", definitionId, row.Version, reason);
            return [];
        }

        foreach (var broken in records.Where(record => record.Problem is not null))
            _log.LogWarning("Trigger {Activity} of workflow {Definition} version {Version} starts nothing: {Problem}", broken.ActivityId, definitionId, row.Version, broken.Problem);
        return [.. records.Where(record => record.Problem is null).Select(record => (
            new PublishedTrigger(definitionId, row.Version, row.VersionId, record.ActivityId, record.Name, record.Hash, record.Payload, graph.Definition.Options.ActivationStrategyType, graph.Definition.IsSystem),
            record.Schedule))];
    }

    private void Index()
    {
        lock (_gate)
        {
            var all = _byDefinition.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.Select(one => one.Trigger)).ToList();
            _byHash = all.ToLookup(trigger => trigger.Hash, StringComparer.Ordinal);
            _byName = all.ToLookup(trigger => trigger.Name, StringComparer.Ordinal);
        }
    }
}
