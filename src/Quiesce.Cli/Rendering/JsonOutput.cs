using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quiesce.Cli.Rendering;

/// <summary>What <c>--json</c> prints: one document in one line.</summary>
internal static class JsonOutput
{
    public static void Write<T>(Terminal terminal, T value, JsonTypeInfo<T> type)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));
        terminal.Out.Flush();
    }

    /// <summary>Text that is JSON already, such as a server's answer, in one line.</summary>
    public static void WriteText(Terminal terminal, string json)
    {
        using var document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            document.WriteTo(writer);
        terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>The answer of a command that has nothing to tell but that it is done.</summary>
    public static void WriteDone(Terminal terminal, bool json, string sentence, params (string Name, string Value)[] members)
    {
        if (!json)
        {
            terminal.Out.WriteLine(sentence);
            return;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
