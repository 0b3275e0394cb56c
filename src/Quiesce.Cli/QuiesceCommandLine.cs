using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Jobs.Documents;
using Quiesce.Storage;

namespace Quiesce.Cli;

/// <summary>One run of the program: parse, do, and turn whatever happened into an exit code. The only place where errors are shown.</summary>
internal static class QuiesceCommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken stopping)
    {
        var root = CommandTree.Create(terminal);
        // Without a replacer an argument may begin with @ without naming a file of further arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var json = args.Contains(CommandTree.JsonOption);
        if (parsed.Action is ParseErrorAction)
            return Show(terminal, json, CliException.Usage(UsageMessage(parsed)));
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stopping);
        }
        catch (CliException e)
        {
            return Show(terminal, json, e);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Show(terminal, json, new CliException(CliException.Codes.Cancelled, "Cancelled.", ExitCodes.Cancelled));
        }
        catch (RefusedException e)
        {
            return Show(terminal, json, new CliException(e.Code, e.Message, inner: e));
        }
        catch (InvalidJobException e)
        {
            return Show(terminal, json, new CliException(ProblemCodes.Invalid, e.Message, complaints: e.Complaints, inner: e));
        }
        catch (StorageException e)
        {
            return Show(terminal, json, new CliException(ProblemCodes.Storage, e.Message, inner: e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Show(terminal, json, new CliException(e is IOException ? CliException.Codes.Io : CliException.Codes.Access, e.Message + " Check the file or folder and who may use it, then run the command again.", inner: e));
        }
        catch (Exception e)
        {
            // Nothing above knows this one, so it is a defect: the whole story goes to whoever reports it.
            return Show(terminal, json, new CliException(CliException.Codes.Internal, $"A defect in quiesce: please report it with these lines.\n{e}", inner: e));
        }
    }

    private static string UsageMessage(ParseResult parsed)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is System.CommandLine.Parsing.CommandResult command; at = at.Parent)
            names.Insert(0, command.Command is RootCommand ? "quiesce" : command.Command.Name);
        return $"{string.Join(' ', parsed.Errors.Select(e => e.Message))} See: {string.Join(' ', names)} --help";
    }

    private static int Show(Terminal terminal, bool json, CliException failure)
    {
        if (json)
            ShowJson(terminal, failure);
        else
            ShowText(terminal, failure);
        return failure.ExitCode;
    }

    private static void ShowText(Terminal terminal, CliException failure)
    {
        terminal.Error.WriteLine(failure.ExitCode == ExitCodes.Cancelled ? failure.Message : $"Error: {failure.Message}");
        foreach (var complaint in failure.Complaints.Where(c => c.Message != failure.Message))
            terminal.Error.WriteLine("  " + Words.Of(complaint));
    }

    private static void ShowJson(Terminal terminal, CliException failure) => JsonOutput.Line(terminal.Error, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("code", failure.Code);
        writer.WriteString("message", failure.Message);
        writer.WriteNumber("exitCode", failure.ExitCode);
        if (failure.Complaints.Count > 0)
        {
            writer.WritePropertyName("complaints");
            JsonSerializer.Serialize(writer, failure.Complaints, RestJson.Default.IReadOnlyListComplaint);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
