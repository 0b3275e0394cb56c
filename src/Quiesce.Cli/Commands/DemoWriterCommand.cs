using System.CommandLine;
using Quiesce.Cli.Demo;

namespace Quiesce.Cli.Commands;

/// <summary>The application that <c>quiesce demo</c> protects, as a process of its own. Not for people, so it is not listed.</summary>
internal static class DemoWriterCommand
{
    public const string Name = "demo-writer";

    public static Command Create(Terminal terminal)
    {
        var database = new Option<string>("--database") { Description = "The SQLite file to commit to", Required = true, HelpName = "FILE" };
        var control = new Option<string>("--control") { Description = "The folder with the pipes for its orders", Required = true, HelpName = "DIR" };
        var command = new CliCommand(Name, "The application of the demo: commits to a database until its standard input ends.", "quiesce demo-writer --database app/orders.db --control control")
        { database, control }
            // Ctrl-C reaches every process of the terminal; the application goes on until its parent has seen the session to its end and lets go of it.
            .Does((parsed, _) => Task.Run(() => DemoWriter.Run(parsed.GetRequiredValue(database), parsed.GetRequiredValue(control), terminal.Out, Console.In)));
        command.Hidden = true;
        return command;
    }
}
