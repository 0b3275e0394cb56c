using System.Globalization;
using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

/// <summary>
/// Which machines of the job one <see cref="ProtectMachines"/> starts. Whatever a drawing says, a session starts each machine once: what an earlier activity began is
/// left out. Indices are kept only where names were chosen, so that the ordinary session keeps nothing per machine.
/// </summary>
internal static class MachineChoice
{
    // "all", or the indices that were begun: beside the tally in the instance, so that every activity of the session sees it.
    private const string Begun = "Quiesce:Begun";
    private const string All = "all";
    private const string Chosen = "chosen";

    /// <summary>Decides, once, when the activity starts.</summary>
    public static void Make(ActivityContext context, SessionHost host)
    {
        var names = Names(context);
        var begun = context.InstanceProperties.TryGetValue(Begun, out var node) ? node : null;
        var before = begun is JsonArray list ? list.Select(index => (int)index!).ToHashSet() : [];
        if (names is not null || begun is not null)
        {
            int[] chosen = begun is JsonValue ? [] : [.. Enumerable.Range(0, host.Job.Machines.Count).Where(index => !before.Contains(index) && (names is null || names.Contains(host.Job.Machines[index].Name)))];
            context.State[Chosen] = Indices(chosen);
            before.UnionWith(chosen);
        }

        context.InstanceProperties[Begun] = names is null || begun is JsonValue ? All : Indices(before.Order());
    }

    /// <summary>How many there are.</summary>
    public static int Count(ActivityContext context, SessionHost host) => context.State[Chosen] is JsonArray chosen ? chosen.Count : host.Job.Machines.Count;

    /// <summary>The place in the job of the nth of them.</summary>
    public static int At(ActivityContext context, int n) => context.State[Chosen] is JsonArray chosen ? (int)chosen[n]! : n;

    private static HashSet<string>? Names(ActivityContext context)
    {
        var names = context.GetInput("Machines") switch
        {
            null => [],
            string text => [text],
            IEnumerable<object?> list => list.Select(name => Convert.ToString(name, CultureInfo.InvariantCulture) ?? ""),
            _ => Array.Empty<string>(),
        };
        var set = names.Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        return set.Count == 0 ? null : set;
    }

    private static JsonArray Indices(IEnumerable<int> indices) => [.. indices.Select(index => (JsonNode)JsonValue.Create(index))];
}
