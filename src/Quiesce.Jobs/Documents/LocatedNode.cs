using System.Text.Json;

namespace Quiesce.Jobs.Documents;

/// <summary>A JSON value that knows where it stands in its file, so that every complaint can say so.</summary>
/// <param name="Line">1-based line on which the value begins.</param>
/// <param name="Pointer">RFC 6901 pointer; empty for the document itself.</param>
/// <param name="Text">The text of a string, or the digits of a number as written.</param>
public sealed record LocatedNode(JsonValueKind Kind, int Line, string Pointer, string? Text, IReadOnlyList<LocatedMember> Members, IReadOnlyList<LocatedNode> Items)
{
    /// <summary>The member of an object by its exact name; null where there is none.</summary>
    public LocatedNode? this[string name] => Members.FirstOrDefault(member => member.Name == name)?.Value;

    /// <summary>The node that a pointer names, or the nearest one above it that exists.</summary>
    public LocatedNode Nearest(string pointer)
    {
        var node = this;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var next = node.Kind == JsonValueKind.Array && int.TryParse(name, out var index) ? node.Items.ElementAtOrDefault(index) : node[name];
            if (next is null)
                return node;
            node = next;
        }

        return node;
    }

    internal static string Below(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}

/// <param name="Line">1-based line of the name.</param>
public sealed record LocatedMember(string Name, int Line, LocatedNode Value);
