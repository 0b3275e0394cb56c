using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quiesce.Engine.JavaScript;

namespace Quiesce.Tests.JavaScript;

/// <summary>Runs a script on a fresh engine with tight limits and shows its value as JSON.</summary>
internal static class ScriptRun
{
    public static readonly ScriptLimits Tight = new(TimeSpan.FromSeconds(20), 1_000_000, 48L * 1024 * 1024, 400);

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static ScriptEngine NewEngine() => new(Tight, TimeProvider.System);

    public static object? Value(string source) => NewEngine().Run(Script.Parse(source), CancellationToken.None);

    public static void Gives(string source, string expected)
    {
        string actual;
        try
        {
            actual = JsonSerializer.Serialize(Value(source), Json);
        }
        catch (ScriptException e)
        {
            actual = "! " + e.Message;
        }

        if (expected.StartsWith('!'))
            Assert.StartsWith(expected, actual);
        else
            Assert.Equal(expected, actual);
    }
}
