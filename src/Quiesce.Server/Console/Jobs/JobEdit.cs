using System.Globalization;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Screens;

/// <summary>What the parts of the form share: the draft, what is said of it, and how a change is told.</summary>
public sealed class JobEdit(JobDraft draft, Func<Task> changed)
{
    public JobDraft Draft { get; } = draft;

    /// <summary>What would be said if the draft were applied now.</summary>
    public IReadOnlyList<Complaint> Complaints { get; set; } = [];

    /// <summary>The complaints that belong to a field.</summary>
    public IEnumerable<Complaint> Of(string pointer) => Complaints.Where(complaint => complaint.Path == pointer);

    /// <summary>Sets a member from what a person typed, and has the draft checked.</summary>
    public Task TypeAsync(string pointer, string kind, string typed)
    {
        var text = typed.Trim();
        JsonNode? value = text.Length == 0 ? null : kind switch
        {
            // What is no number stays as it was typed: the complaint says so, and nothing is lost.
            "number" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text),
            "lines" => new JsonArray([.. typed.ReplaceLineEndings("\n").Split('\n').Where(line => line.Length > 0).Select(line => JsonValue.Create(line))]),
            _ => JsonValue.Create(text),
        };
        return SetAsync(pointer, value);
    }

    /// <summary>Sets a member, and has the draft checked.</summary>
    public Task SetAsync(string pointer, JsonNode? value)
    {
        Draft.Set(pointer, value);
        return changed();
    }

    /// <summary>Adds an entry to a list, and has the draft checked.</summary>
    public Task AddAsync(string pointer, JsonNode entry)
    {
        Draft.Add(pointer, entry);
        return changed();
    }

    /// <summary>Something beside the document, a script, was changed: has the draft checked.</summary>
    public Task ChangedAsync() => changed();
}
