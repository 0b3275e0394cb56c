namespace Quiesce.Cli.Commands.WorkflowCommands;

/// <summary>Definitions as somebody names them on the command line: files, folders of files, or <c>-</c> for what is piped in.</summary>
internal static class WorkflowDocuments
{
    public const string Piped = "-";

    /// <summary>The files that are meant: those of a folder in the order of their names.</summary>
    /// <exception cref="CliException">One is not there, or a folder has none.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> named)
    {
        List<string> found = [];
        foreach (var name in named)
            if (Directory.Exists(name))
                found.AddRange(Directory.EnumerateFiles(name, "*.json").Order(StringComparer.Ordinal) is var files && files.Any() ? files : throw CliException.Usage($"There is no .json file in the folder {name}."));
            else
                found.Add(name == Piped || File.Exists(name) ? name : throw CliException.Usage($"There is no file {name}."));
        return found;
    }

    /// <summary>The text, and the name for complaints about it.</summary>
    public static async Task<(string Text, string Name)> ReadAsync(string file, CancellationToken cancellation) =>
        file == Piped ? (await Console.In.ReadToEndAsync(cancellation), "the input") : (await File.ReadAllTextAsync(file, cancellation), Path.GetFileName(file));
}
