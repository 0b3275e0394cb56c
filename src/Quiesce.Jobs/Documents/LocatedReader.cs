using System.Text;
using System.Text.Json;
using Quiesce.Contracts.Rest;

namespace Quiesce.Jobs.Documents;

/// <summary>Reads JSON strictly (no comments, no trailing commas, no member twice) into nodes that know their line.</summary>
public sealed class LocatedReader
{
    /// <summary>No document of ours is nested deeper than seven; this leaves room and keeps hostile input off the stack.</summary>
    private const int MaxDepth = 32;

    private readonly string _file;
    private readonly byte[] _bytes;
    private readonly List<Complaint> _complaints = [];
    private int _line = 1;
    private int _counted;
    private string _pointer = "";

    private LocatedReader(string file, byte[] bytes) => (_file, _bytes) = (file, bytes);

    /// <summary>The document, or null where it is not JSON; then there is one complaint with the line of the mistake.</summary>
    public static (LocatedNode? Document, IReadOnlyList<Complaint> Complaints) Read(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new LocatedReader(file, Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF')));
        return (reader.Read(), reader._complaints);
    }

    private LocatedNode? Read()
    {
        var json = new Utf8JsonReader(_bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            json.Read();
            var document = Value(ref json);
            json.Read();
            return document;
        }
        catch (JsonException e)
        {
            _complaints.Clear();
            _complaints.Add(new Complaint(_file, (int)(e.LineNumber ?? 0) + 1, _pointer, "This is not JSON: " + Plain(e.Message)));
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a text that is no Unicode, such as half of a surrogate pair.
            _complaints.Clear();
            _complaints.Add(new Complaint(_file, LineAt(json.TokenStartIndex), _pointer, "This is not JSON: a text holds a character that is not Unicode. Write it again."));
            return null;
        }
    }

    private LocatedNode Value(ref Utf8JsonReader json)
    {
        var (at, here) = (LineAt(json.TokenStartIndex), _pointer);
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                return new LocatedNode(JsonValueKind.Object, at, here, null, Members(ref json, here), []);
            case JsonTokenType.StartArray:
                return new LocatedNode(JsonValueKind.Array, at, here, null, [], Items(ref json, here));
            case JsonTokenType.String:
                return new LocatedNode(JsonValueKind.String, at, here, json.GetString(), [], []);
            case JsonTokenType.Number:
                return new LocatedNode(JsonValueKind.Number, at, here, Encoding.UTF8.GetString(json.ValueSpan), [], []);
            default:
                var kind = json.TokenType switch { JsonTokenType.True => JsonValueKind.True, JsonTokenType.False => JsonValueKind.False, _ => JsonValueKind.Null };
                return new LocatedNode(kind, at, here, null, [], []);
        }
    }

    private List<LocatedMember> Members(ref Utf8JsonReader json, string here)
    {
        var members = new List<LocatedMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var (name, at) = (json.GetString()!, LineAt(json.TokenStartIndex));
            _pointer = LocatedNode.Below(here, name);
            if (!names.Add(name))
                _complaints.Add(new Complaint(_file, at, _pointer, $"'{name}' is written twice. Remove one of the two."));
            json.Read();
            members.Add(new LocatedMember(name, at, Value(ref json)));
            _pointer = here;
        }

        return members;
    }

    private List<LocatedNode> Items(ref Utf8JsonReader json, string here)
    {
        var items = new List<LocatedNode>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            _pointer = LocatedNode.Below(here, items.Count.ToString());
            items.Add(Value(ref json));
            _pointer = here;
        }

        return items;
    }

    /// <summary>Tokens come in order, so that each byte is looked at once.</summary>
    private int LineAt(long offset)
    {
        for (; _counted < offset; _counted++)
            if (_bytes[_counted] == (byte)'\n')
                _line++;
        return _line;
    }

    private static string Plain(string message)
    {
        if (message.Contains("trailing comma", StringComparison.Ordinal))
            return "there is a comma after the last entry. Remove it.";
        if (message.Contains("maximum configured depth", StringComparison.Ordinal))
            return $"it is nested deeper than {MaxDepth} levels.";
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
