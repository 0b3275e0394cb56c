using System.CommandLine;
using System.Text.Json;

namespace Quiesce.Cli.Client;

/// <summary>Where a server listens, and the key it lets us in with.</summary>
/// <param name="DataFolder">The folder the address was found in, or null where it came from the environment.</param>
internal sealed record ServerAddress(Uri Url, string ApiKey, string? DataFolder)
{
    public const string ServerFile = "server.json";
    public const string KeyFile = "local.key";

    public static Option<string?> DataOption() => new("--data")
    {
        Description = "Data folder of the server on this machine (default: $QUIESCE_DATA, else $XDG_DATA_HOME/quiesce). Elsewhere: set QUIESCE_URL and QUIESCE_API_KEY",
        HelpName = "DIR",
    };

    /// <summary>The folder a server keeps its things in unless told otherwise.</summary>
    public static string DefaultDataFolder(Terminal terminal) =>
        terminal.Variable("QUIESCE_DATA")
        ?? Path.Combine(terminal.Variable("XDG_DATA_HOME") ?? Path.Combine(Home(terminal), ".local", "share"), "quiesce");

    /// <summary>The folder that <c>quiesce run</c> keeps its sessions in unless told otherwise.</summary>
    public static string DefaultRunFolder(Terminal terminal) =>
        Path.Combine(terminal.Variable("XDG_STATE_HOME") ?? Path.Combine(Home(terminal), ".local", "state"), "quiesce", "run");

    /// <summary>An explicit folder wins, then <c>QUIESCE_URL</c>, then the default folder.</summary>
    /// <exception cref="CliException">No server is known there; the message says how to start one.</exception>
    public static ServerAddress Find(Terminal terminal, string? dataFolder)
    {
        if (dataFolder is null && terminal.Variable("QUIESCE_URL") is { } url)
            return FromEnvironment(terminal, url);
        var folder = Path.GetFullPath(dataFolder ?? DefaultDataFolder(terminal));
        return new ServerAddress(ReadUrl(folder), ReadKey(folder), folder);
    }

    internal static CliException NoServer(string folder) => new(
        CliException.Codes.NoServer,
        $"No Quiesce server runs on the data folder {folder}. Start one: quiesce serve --data {folder}. For a server elsewhere set QUIESCE_URL and QUIESCE_API_KEY.");

    private static ServerAddress FromEnvironment(Terminal terminal, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            throw CliException.Usage($"QUIESCE_URL is '{url}', which is no http or https address. Set it to something like http://server:5080.");
        var key = terminal.Variable("QUIESCE_API_KEY")
            ?? throw CliException.Usage($"QUIESCE_URL names {url}, but QUIESCE_API_KEY is not set. Set it to the administrator key that the server showed at its first start.");
        return new ServerAddress(parsed, key, null);
    }

    private static Uri ReadUrl(string folder)
    {
        var file = Path.Combine(folder, ServerFile);
        if (!File.Exists(file))
            throw NoServer(folder);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return new Uri(document.RootElement.GetProperty("url").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or UriFormatException or InvalidOperationException or ArgumentNullException)
        {
            throw new CliException(CliException.Codes.NoServer, $"{file} does not say where the server listens ({e.Message}). Start the server again: quiesce serve --data {folder}.", inner: e);
        }
    }

    private static string ReadKey(string folder)
    {
        var file = Path.Combine(folder, KeyFile);
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (FileNotFoundException)
        {
            throw NoServer(folder);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CliException(
                CliException.Codes.Access, $"The local key {file} belongs to the account that runs the server. Run this command as that account, or set QUIESCE_URL and QUIESCE_API_KEY.", inner: e);
        }
    }

    private static string Home(Terminal terminal) => terminal.Variable("HOME") ?? System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
}
