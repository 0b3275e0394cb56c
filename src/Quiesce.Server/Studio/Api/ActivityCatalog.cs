using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Server.Studio;

/// <summary>
/// Every descriptor that Studio may need: the engine's, the workflows' that are used as activities, and one for exactly each other (type, version) that a stored
/// definition contains. Studio looks a node up by both and draws an empty canvas when one is missing; so nothing is rewritten, and nothing is ever missing.
/// Asked for after every save, hence kept until something changes.
/// </summary>
internal sealed class ActivityCatalog : IDisposable
{
    private readonly DefinitionCatalog _definitions;
    private readonly ShownActivities _shown;
    private readonly Machines _machines;
    private int _changes;
    private volatile Kept? _kept;

    public ActivityCatalog(DefinitionCatalog definitions, ShownActivities shown, Machines machines)
    {
        (_definitions, _shown, _machines) = (definitions, shown, machines);
        _definitions.Changed += Note;
    }

    public void Dispose() => _definitions.Changed -= Note;

    /// <summary>The whole list as UTF-8 JSON, with an ETag that changes with its content.</summary>
    public async Task<(byte[] Json, string ETag)> ListAsync(CancellationToken ct)
    {
        var (changes, types) = (Volatile.Read(ref _changes), _shown.Types);
        var machines = string.Join('\n', await _machines.NamesAsync(ct));
        if (_kept is { } kept && kept.Changes == changes && ReferenceEquals(kept.Types, types) && kept.Machines == machines)
            return (kept.Json, kept.ETag);
        var items = Compose(types, machines.Length == 0 ? [] : machines.Split('\n'));
        var json = StudioJson.ToUtf8(new JsonObject { ["items"] = items, ["count"] = items.Count });
        var etag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 12))}\"";
        _kept = new Kept(changes, types, machines, json, etag);
        return (json, etag);
    }

    /// <summary>The editor settings of one input as they are now; empty where there is no such input.</summary>
    public async Task<JsonObject> OptionsAsync(string typeName, string inputName, CancellationToken ct)
    {
        var input = _definitions.Registry.Find(typeName)?.Descriptor.Inputs.FirstOrDefault(one => string.Equals(one.Name, inputName, StringComparison.OrdinalIgnoreCase));
        return input is null ? [] : ActivityDescriptorJson.UiSpecifications(input, Choices(input, await _machines.NamesAsync(ct)));
    }

    private JsonArray Compose(IEnumerable<(string Type, int Version)> shown, string[] machines)
    {
        var descriptors = new Dictionary<(string, int), JsonObject>();
        // Two of the same type and version would fail Studio's start: the engine's own win.
        foreach (var activity in _definitions.Registry.All)
            Add(activity.Descriptor);
        foreach (var descriptor in _definitions.WorkflowActivities())
            Add(descriptor);
        foreach (var structural in (string[])["Elsa.Workflow", "Elsa.StateMachine", "Elsa.NotFoundActivity"])
            Add(new ActivityDescriptor { TypeName = structural, IsBrowsable = false, IsContainer = true, Category = "Workflows" });
        foreach (var (type, version) in shown.Order())
            if (type.Length > 0 && !descriptors.ContainsKey((type, version)))
                descriptors[(type, version)] = Other(descriptors, type, version);
        return new JsonArray([.. descriptors.OrderBy(one => one.Key.Item1, StringComparer.Ordinal).ThenBy(one => one.Key.Item2).Select(one => one.Value)]);

        void Add(ActivityDescriptor descriptor) => descriptors.TryAdd((descriptor.TypeName, descriptor.Version), ActivityDescriptorJson.Of(descriptor, input => Choices(input, machines)));
    }

    /// <summary>Another version of a known type is that type: Studio's palette shows the highest version, and hides the type when that one is hidden.</summary>
    private static JsonObject Other(Dictionary<(string Type, int Version), JsonObject> descriptors, string type, int version)
    {
        var known = descriptors.Where(one => one.Key.Type == type).OrderByDescending(one => one.Key.Version).Select(one => one.Value).FirstOrDefault();
        if (known is null)
            return ActivityDescriptorJson.Unknown(type, version);
        var copy = known.DeepClone().AsObject();
        copy["version"] = version;
        return copy;
    }

    private static IReadOnlyList<string>? Choices(InputDescriptor input, IReadOnlyList<string> machines) => input.Name is "Machine" or "Machines" && input.UiHint is "dropdown" or "checklist" ? machines : null;

    private void Note(string definitionId) => Interlocked.Increment(ref _changes);

    private sealed record Kept(int Changes, object Types, string Machines, byte[] Json, string ETag);
}
