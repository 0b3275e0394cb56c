using System.Globalization;

namespace Quiesce.Engine;

/// <summary>Which version of a definition is meant: a word such as <c>Published</c>, or a number.</summary>
public readonly record struct VersionSelector(string Word, int? Number)
{
    private static readonly string[] Words = ["Latest", "Published", "LatestOrPublished", "LatestAndPublished", "Draft", "AllVersions"];

    /// <summary>The published version: what a start means unless it says otherwise.</summary>
    public static VersionSelector Published { get; } = new("Published", null);

    /// <summary>The newest version, published or not.</summary>
    public static VersionSelector Latest { get; } = new("Latest", null);

    /// <summary>Exactly that version.</summary>
    public static VersionSelector Specific(int version) => new("SpecificVersion", version);

    /// <summary>Reads a selector; blank means Published.</summary>
    /// <exception cref="FormatException">The text is neither one of the words (exact case) nor an integer.</exception>
    public static VersionSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Published;
        if (Words.Contains(text, StringComparer.Ordinal))
            return new(text, null);
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return Specific(number);
        throw new FormatException($"'{text}' does not select a version; use {string.Join(", ", Words)} or a number.");
    }

    /// <summary>The word, or the number: what <see cref="Parse"/> reads.</summary>
    public override string ToString() => Number?.ToString(CultureInfo.InvariantCulture) ?? Word;
}
