using System.CommandLine;
using System.IO.Compression;
using Quiesce.Cli.Client;
using Quiesce.Cli.Rendering;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class ExportWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { Description = "The definition: its version in force, or ID@latest, ID@3", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every definition, into the folder or .zip file of --out" };
        var to = new Option<string>("--out") { Description = "Write to this file or folder instead of printing", HelpName = "PATH" };
        var data = ServerAddress.DataOption();
        return new CliCommand(
            "export", "Print a definition as the JSON that Elsa opens, or write it to a file.",
            "quiesce workflow export machine-snapshot > machine-snapshot.json", "quiesce workflow export machine-snapshot@2 --out old.json", "quiesce workflow export --all --out workflows.zip") { id, all, to, data }
            .Does(async (parsed, stopping) =>
            {
                var (name, path) = (parsed.GetValue(id), parsed.GetValue(to));
                if (parsed.GetValue(all) == (name is not null) || (parsed.GetValue(all) && path is null))
                    throw CliException.Usage("Name one definition, or write --all with --out FOLDER or --out FILE.zip.");
                using var server = ServerClient.Connect(terminal, parsed.GetValue(data));
                if (name is null)
                    await WriteAllAsync(await server.WorkflowArchiveAsync(stopping), path!, stopping);
                else
                {
                    var text = (await ExportAsync(server, name, stopping)).TrimEnd();
                    if (path is null)
                    {
                        // The document is the answer with and without --json, byte for byte.
                        terminal.Out.WriteLine(text);
                        return ExitCodes.Success;
                    }

                    path = Directory.Exists(path) ? Path.Combine(path, $"{name.Split('@')[0]}.json") : path;
                    await File.WriteAllTextAsync(path, text + "\n", stopping);
                }

                JsonOutput.WriteDone(terminal, parsed.WantsJson(), $"Written to {path}", ("path", path!));
                return ExitCodes.Success;
            });
    }

    private static Task<string> ExportAsync(ServerClient server, string name, CancellationToken stopping)
    {
        var at = name.LastIndexOf('@');
        return at > 0 ? server.ExportWorkflowAsync(name[..at], name[(at + 1)..], stopping) : server.ExportWorkflowAsync(name, null, stopping);
    }

    private static async Task WriteAllAsync(byte[] archive, string path, CancellationToken stopping)
    {
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            await File.WriteAllBytesAsync(path, archive, stopping);
            return;
        }

        Directory.CreateDirectory(path);
        using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        // Names only: whatever a server says, nothing is written outside the folder.
        foreach (var entry in zip.Entries)
            await entry.ExtractToFileAsync(Path.Combine(path, Path.GetFileName(entry.Name)), overwrite: true, stopping);
    }
}
