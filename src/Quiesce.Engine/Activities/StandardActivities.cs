namespace Quiesce.Engine;

/// <summary>Elsa's own activities, each once.</summary>
internal static class StandardActivities
{
    public static IEnumerable<IActivity> Create() => [];
}
