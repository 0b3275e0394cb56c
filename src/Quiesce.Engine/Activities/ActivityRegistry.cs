using System.Collections.Frozen;
using Quiesce.Engine.Activities;

namespace Quiesce.Engine;

/// <summary>The activity types that a host knows. Immutable.</summary>
public sealed class ActivityRegistry
{
    private readonly FrozenDictionary<string, IActivity> byType;

    /// <exception cref="ArgumentException">Two activities have the same type name.</exception>
    public ActivityRegistry(IEnumerable<IActivity> activities)
    {
        All = [.. activities];
        byType = All.ToFrozenDictionary(a => a.Descriptor.TypeName, StringComparer.Ordinal);
    }

    /// <summary>Elsa's own activities.</summary>
    public static ActivityRegistry Standard { get; } = new(StandardActivities.Create());

    /// <summary>Every activity, in the order of registration.</summary>
    public IReadOnlyList<IActivity> All { get; }

    /// <summary>This registry with more types; one of the same name replaces the earlier.</summary>
    public ActivityRegistry With(params IActivity[] more)
    {
        var names = more.Select(a => a.Descriptor.TypeName).ToHashSet(StringComparer.Ordinal);
        return new([.. All.Where(a => !names.Contains(a.Descriptor.TypeName)), .. more]);
    }

    /// <summary>The activity of that type, or null.</summary>
    public IActivity? Find(string typeName) => byType.GetValueOrDefault(typeName);
}
