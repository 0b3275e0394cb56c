using System.Text.Json;
using Quiesce.Cli;

namespace Quiesce.Tests.Cli;

/// <summary>One run of the command line inside the test, with its own stdout, stderr and environment.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public JsonElement OutJson => JsonSerializer.Deserialize<JsonElement>(Out);

    public JsonElement ErrorJson => JsonSerializer.Deserialize<JsonElement>(Error).GetProperty("error");

    public static Task<CliRun> OfAsync(params string[] args) => OfAsync(new Dictionary<string, string>(), args);

    public static async Task<CliRun> OfAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await QuiesceCommandLine.RunAsync(args, TerminalOf(output, error, environment), CancellationToken.None);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    public static Terminal TerminalOf(TextWriter output, TextWriter error, IReadOnlyDictionary<string, string>? environment = null) =>
        new() { Out = output, Error = error, IsLive = false, Environment = name => environment?.GetValueOrDefault(name) };
}
