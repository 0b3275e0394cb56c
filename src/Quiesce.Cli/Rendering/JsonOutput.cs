using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quiesce.Cli.Rendering;

/// <summary>What <c>--json</c> prints: one document in one line.</summary>
internal static class JsonOutput
{
    // Nothing here ends up in a web page, so that a plus sign or a quotation mark may stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write<T>(Terminal terminal, T value, JsonTypeInfo<T> type) => Line(terminal.Out, writer => JsonSerializer.Serialize(writer, value, type));

    /// <summary>Text that is JSON already, such as a server's answer, in one line.</summary>
    public static void WriteText(Terminal terminal, string json)
    {
        using var document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
        Line(terminal.Out, document.WriteTo);
    }

    /// <summary>The answer of a command that has nothing to tell but that it is done.</summary>
    public static void WriteDone(Terminal terminal, bool json, string sentence, params (string Name, string Value)[] members)
    {
        if (!json)
        {
            terminal.Out.WriteLine(sentence);
            return;
        }

        Line(terminal.Out, writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        });
    }

    /// <summary>One document in one line.</summary>
    public static void Line(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            write(writer);
        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
        output.Flush();
    }
}
