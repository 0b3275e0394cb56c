using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands;

internal static class ConsoleCommand
{
    public static Command Create(Terminal terminal)
    {
        var open = new Option<bool>("--open") { Description = "Open the link in this account's browser too" };
        var data = ServerAddress.DataOption();
        return new CliCommand("console", "Print a link that logs a browser on this machine in: once, within ten minutes.", "quiesce console --open") { open, data }
            .Does(async (parsed, stopping) =>
            {
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                var link = await server.LoginLinkAsync(stopping);
                if (parsed.WantsJson())
                    JsonOutput.Write(terminal, link, RestJson.Default.LoginLink);
                else
                    terminal.Out.WriteLine(link.Url);
                if (parsed.GetValue(open))
                    Open(link.Url);
                return ExitCodes.Success;
            });
    }

    /// <summary>By whatever the system opens addresses with.</summary>
    private static void Open(string url)
    {
        var program = OperatingSystem.IsWindows() ? "explorer" : OperatingSystem.IsMacOS() ? "open" : "xdg-open";
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(program) { ArgumentList = { url }, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception e)
        {
            throw new CliException(CliException.Codes.Io, $"The browser cannot be opened with {program} ({e.Message}). Open the link by hand.", inner: e);
        }
    }
}
