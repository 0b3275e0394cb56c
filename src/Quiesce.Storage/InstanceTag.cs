using System.Text;

namespace Quiesce.Storage;

/// <summary>A short hash of an instance's id. The ids of its activity executions begin with it, so that an execution is found by its id alone, without a row for each.</summary>
public static class InstanceTag
{
    /// <summary>How many characters of an execution's id are the tag.</summary>
    public const int Length = 8;

    /// <summary>The tag of an instance: never 0, the same for ever (FNV-1a over the id's UTF-8).</summary>
    public static uint Of(string instanceId)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(instanceId))
            hash = (hash ^ octet) * 16777619u;
        return hash == 0 ? 1 : hash;
    }

    /// <summary>The tag that an execution's id begins with; null when it has none.</summary>
    public static uint? Read(string executionId) =>
        executionId.Length > Length && uint.TryParse(executionId.AsSpan(0, Length), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var tag) ? tag : null;
}
