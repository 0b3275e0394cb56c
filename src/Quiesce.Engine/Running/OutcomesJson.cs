using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Outcomes as the journal shows them.</summary>
internal static class OutcomesJson
{
    public static JsonObject? Write(IReadOnlyList<string> outcomes) =>
        outcomes.Count == 0 ? null : new() { ["Outcomes"] = new JsonArray([.. outcomes.Select(o => JsonValue.Create(o))]) };
}
