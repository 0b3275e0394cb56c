using System.CommandLine;
using Quiesce.Cli.Rendering;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Definitions;

namespace Quiesce.Cli.Commands.WorkflowCommands;

internal static class ValidateWorkflowCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "Elsa 3 definitions, or folders of them; - for what is piped in", Arity = ArgumentArity.OneOrMore };
        var with = new Option<DirectoryInfo>("--with") { Description = "A folder with the workflows that these use as activities", HelpName = "FOLDER" };
        with.AcceptExistingOnly();
        return new CliCommand(
            "validate", "Check definitions as publishing would, without a server: every complaint with its line.", "quiesce workflow validate my-snapshot.json", "quiesce workflow validate workflows --json") { files, with }
            .Does(async (parsed, stopping) =>
            {
                var found = WorkflowDocuments.Find(parsed.GetRequiredValue(files));
                List<(string Text, string Name)> documents = [];
                foreach (var file in found)
                    documents.Add(await WorkflowDocuments.ReadAsync(file, stopping));
                var others = documents.ToList();
                foreach (var file in parsed.GetValue(with)?.EnumerateFiles("*.json") ?? [])
                    others.Add((await File.ReadAllTextAsync(file.FullName, stopping), file.Name));
                IReadOnlyList<Complaint> complaints = [.. documents.SelectMany(document => OfflineValidation.Run(document.Text, document.Name, QuiesceActivities.Registry, Readable(others.Where(other => other != document))))];
                var bad = complaints.Where(complaint => complaint.Level == "error").Select(complaint => complaint.File).Distinct().ToList();
                if (bad.Count > 0)
                    throw new CliException(ProblemCodes.Invalid, $"{string.Join(", ", bad)} cannot be published: {complaints.Count(complaint => complaint.Level == "error")} complaint(s). Correct the {(bad.Count == 1 ? "file" : "files")} and check again.", complaints: complaints);
                if (parsed.WantsJson())
                {
                    JsonOutput.Write(terminal, complaints, RestJson.Default.IReadOnlyListComplaint);
                    return ExitCodes.Success;
                }

                foreach (var warning in complaints)
                    terminal.Out.WriteLine(Words.Of(warning));
                foreach (var (_, name) in documents)
                    terminal.Out.WriteLine($"{name} can be used. Take it over with: quiesce workflow import {name}");
                return ExitCodes.Success;
            });
    }

    /// <summary>What cannot be read is nobody's activity; it is complained about where it is checked itself.</summary>
    private static List<WorkflowDefinition> Readable(IEnumerable<(string Text, string Name)> documents)
    {
        List<WorkflowDefinition> definitions = [];
        foreach (var (text, name) in documents)
            try
            {
                definitions.Add(WorkflowDefinition.Read(text, name));
            }
            catch (DefinitionException)
            {
                // Told elsewhere, or none of ours.
            }

        return definitions;
    }
}
