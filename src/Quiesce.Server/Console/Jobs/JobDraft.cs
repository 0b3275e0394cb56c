using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;

namespace Quiesce.Server.Screens;

/// <summary>
/// A job while it is edited: one text, seen as a form and as JSON. The form reads and writes members by their pointer and leaves every other member as it is, known here or not; while the
/// text is no JSON, only the text can be edited. Scripts stand beside it, by the name that the document has for them.
/// </summary>
public sealed class JobDraft
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, byte[]> _scripts = new(StringComparer.Ordinal);
    private JsonObject? _root;

    public JobDraft(string text, IReadOnlyDictionary<string, byte[]>? scripts = null)
    {
        Write(text);
        foreach (var (name, content) in scripts ?? new Dictionary<string, byte[]>())
            _scripts[name] = content;
    }

    /// <summary>The document.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Whether the text is an object in JSON, so that the form can show it.</summary>
    public bool IsReadable => _root is not null;

    /// <summary>Takes another text, whatever it is.</summary>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text.ReplaceLineEndings("\n");
        try
        {
            _root = JsonNode.Parse(Text) as JsonObject;
            // A member that comes twice is found only when somebody looks.
            _ = _root?.ToJsonString();
            _ = _root is null ? 0 : Count(_root);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            _root = null;
        }
    }

    /// <summary>The value of a member as a person types it; empty where it is not there.</summary>
    public string Get(string pointer) => Find(pointer) switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray items when items.All(item => item is JsonValue) => string.Join('\n', items.Select(item => item!.GetValueKind() == JsonValueKind.String ? (string)item! : item.ToJsonString())),
        var node => node.ToJsonString(),
    };

    /// <summary>Whether a member is true.</summary>
    public bool IsTrue(string pointer, bool otherwise = false) => Find(pointer) is { } node ? node.GetValueKind() == JsonValueKind.True : otherwise;

    /// <summary>Whether a member is there.</summary>
    public bool Has(string pointer) => Find(pointer) is not null;

    /// <summary>How many entries a list has; 0 where there is none.</summary>
    public int Length(string pointer) => Find(pointer) is JsonArray items ? items.Count : 0;

    /// <summary>Sets a member, making the objects above it; null takes it away, and objects that it leaves empty with it.</summary>
    public void Set(string pointer, JsonNode? value)
    {
        if (_root is null) return;
        var parts = Parts(pointer);
        JsonNode at = _root;
        foreach (var part in parts[..^1])
        {
            var next = Member(at, part);
            if (next is null or JsonValue)
            {
                if (value is null || at is not JsonObject parent) return;
                parent[part] = next = new JsonObject();
            }

            at = next;
        }

        if (at is JsonArray items && int.TryParse(parts[^1], out var index) && index >= 0 && index < items.Count)
        {
            if (value is null) items.RemoveAt(index);
            else items[index] = value;
        }
        else if (at is JsonObject owner)
        {
            if (value is null) owner.Remove(parts[^1]);
            else owner[parts[^1]] = value;
        }

        if (value is null && at is JsonObject { Count: 0 } && parts.Length > 1 && !int.TryParse(parts[^2], out _)) Set(pointer[..pointer.LastIndexOf('/')], null);
        else Text = _root.ToJsonString(Indented);
    }

    /// <summary>Adds an entry to a list, making it.</summary>
    public void Add(string pointer, JsonNode entry)
    {
        if (Find(pointer) is JsonArray items)
        {
            items.Add(entry);
            Text = _root!.ToJsonString(Indented);
        }
        else
        {
            Set(pointer, new JsonArray(entry));
        }
    }

    /// <summary>The part of the document at a pointer, as what it stands for; null where it is not there or is something else.</summary>
    public T? Read<T>(string pointer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return Find(pointer).Deserialize(type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A script as text; null where there is none or it is no text.</summary>
    public string? Script(string name)
    {
        try
        {
            return _scripts.TryGetValue(name, out var content) && !content.Contains((byte)0) ? Strict.GetString(content) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>How many bytes a script has; null where there is none of that name.</summary>
    public int? ScriptLength(string name) => _scripts.TryGetValue(name, out var content) ? content.Length : null;

    /// <summary>Sets a script.</summary>
    public void SetScript(string name, byte[] content) => _scripts[name] = content;

    /// <summary>Gives a script another name.</summary>
    public void RenameScript(string from, string to)
    {
        if (to.Length > 0 && from != to && _scripts.Remove(from, out var content)) _scripts.TryAdd(to, content);
    }

    /// <summary>What is sent to be checked or applied.</summary>
    public ApplyJob ToApply() => new(Text, "job.json", _scripts.ToDictionary(script => script.Key, script => Convert.ToBase64String(script.Value)), null);

    private static int Count(JsonNode node) => node switch
    {
        JsonObject members => 1 + members.Sum(member => member.Value is null ? 1 : Count(member.Value)),
        JsonArray items => 1 + items.Sum(item => item is null ? 1 : Count(item)),
        _ => 1,
    };

    private static string[] Parts(string pointer) => [.. pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static JsonNode? Member(JsonNode? node, string part) => node switch
    {
        JsonObject members => members.TryGetPropertyValue(part, out var value) ? value : null,
        JsonArray items => int.TryParse(part, out var index) && index >= 0 && index < items.Count ? items[index] : null,
        _ => null,
    };

    private JsonNode? Find(string pointer) => Parts(pointer).Aggregate((JsonNode?)_root, Member);
}
