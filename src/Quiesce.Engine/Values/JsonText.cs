using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quiesce.Engine;

/// <summary>How the engine writes JSON.</summary>
internal static class JsonText
{
    // Nesting in documents costs two levels per container; see DefinitionReader for the limit that people meet.
    public const int MaxDepth = 512;

    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth * 2 };

    public static JsonSerializerOptions Pretty { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true, MaxDepth = MaxDepth * 2 };

    public static JsonDocumentOptions Reading { get; } = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
}
