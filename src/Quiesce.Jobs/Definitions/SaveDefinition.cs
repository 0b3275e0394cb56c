using System.Text.Json.Nodes;
using Quiesce.Storage;

namespace Quiesce.Jobs.Definitions;

/// <summary>A document to be kept as draft, or to be published.</summary>
public sealed record SaveDefinition
{
    /// <summary>The document as the client has it. Not changed; what the server assigns (id, version, the marks latest and published, times, node ids) is not taken from it.</summary>
    public required JsonObject Document { get; init; }

    /// <summary>Puts it in force at once.</summary>
    public bool Publish { get; init; }

    /// <summary>The version that the edit was based on; null for a new definition, or for a caller who insists.</summary>
    public string? BaseVersionId { get; init; }

    /// <summary>The edit counter of that version that the edit was based on. Null: the one that the document carries (see <see cref="DefinitionDocument.Revision"/>), else the newest.</summary>
    public int? BaseRevision { get; init; }

    /// <summary>Who saves, for those who meet a conflict.</summary>
    public required string By { get; init; }
}

/// <summary>What became of a save.</summary>
/// <param name="Row">The version that holds it now.</param>
/// <param name="AlreadyPublished">It was to be published and was in force with this content already.</param>
/// <param name="UpdatedConsumers">Definitions that use this one as an activity and were pointed at its new version.</param>
/// <param name="Warnings">What was taken over nevertheless, for a person to read.</param>
public sealed record SavedDefinition(DefinitionRow Row, bool AlreadyPublished, IReadOnlyList<string> UpdatedConsumers, IReadOnlyList<string> Warnings);
