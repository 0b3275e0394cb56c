using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quiesce.Jobs;

/// <summary>Keeps the facts of a task among the properties of its instance, where they survive a suspension.</summary>
internal static class FactsOf
{
    private const string Key = "Quiesce:Facts";
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault };

    public static TaskFacts Read(IDictionary<string, JsonNode?> properties) =>
        properties.TryGetValue(Key, out var node) && node is not null ? node.Deserialize<TaskFacts>(Json) ?? TaskFacts.None : TaskFacts.None;

    public static void Write(IDictionary<string, JsonNode?> properties, TaskFacts facts) => properties[Key] = JsonSerializer.SerializeToNode(facts, Json);
}
