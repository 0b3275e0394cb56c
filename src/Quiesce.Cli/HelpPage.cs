using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Quiesce.Cli;

/// <summary>The parser's own help page, followed by the command's example and the exit codes.</summary>
internal sealed class HelpPage(HelpAction page) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        page.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var examples = parseResult.CommandResult.Command is CliCommand command ? command.Example : ["quiesce demo", "quiesce run --machine local --path /srv/app"];
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var line in examples)
            output.WriteLine("  " + line);
        output.WriteLine();
        output.WriteLine(ExitCodes.Table);
        return ExitCodes.Success;
    }

    /// <summary>Puts this page in the place of the parser's for a whole tree.</summary>
    public static void Install(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpPage((HelpAction)option.Action!);
    }
}
