using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

public class CorpusTests
{
    public static TheoryData<string> Names => [.. Corpus.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_does_what_it_says(string name)
    {
        var definition = Corpus.Read(name);
        var expected = Corpus.Expected(definition);

        var result = new LocalRun(ActivityRegistry.Standard, []).Run(definition, expected["input"]?.AsObject());

        Assert.Equal(Texts(expected["incidents"]), result.Incidents.Select(i => i.ActivityId));
        Assert.Equal(Texts(expected["lines"]), result.Lines);
        Assert.Equal((string?)expected["subStatus"], result.SubStatus);
        Assert.Equal(result.SubStatus == "Suspended" ? "Running" : "Finished", result.Status);
        Assert.Empty(result.Bookmarks);
        if (expected["canceled"] is { } canceled)
            Assert.Equal(Texts(canceled), result.Journal.Where(j => j.Event == "Canceled").Select(j => j.ActivityId));
        if (expected["journal"] is { } journal)
            Assert.Equal(Texts(journal), result.Journal.Select(j => $"{j.ActivityId} {j.Event}"));
        if (expected["message"] is { } message)
            Assert.Equal((string?)message, result.Incidents[0].Message);
        if (expected["output"] is { } output)
            Assert.True(JsonNode.DeepEquals(output, result.Outputs), result.Outputs.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_does_the_same_when_every_burst_is_stored_and_read_again(string name)
    {
        var definition = Corpus.Read(name);
        var expected = Corpus.Expected(definition);
        var instance = new StoredInstance(definition);

        instance.RunToEnd(expected["input"]?.AsObject());

        Assert.Equal(Texts(expected["lines"]), instance.Lines);
        Assert.Equal((string?)expected["subStatus"], instance.State.SubStatus.ToString());
        Assert.Equal(Enumerable.Range(1, instance.Journal.Count).Select(n => (long)n), instance.Journal.Select(j => j.Sequence));
        Assert.Equal(instance.Journal.Count, instance.Journal.Select(j => j.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_survives_load_and_save(string name)
    {
        var original = Corpus.Read(name);

        var written = original.Write();
        var again = WorkflowDefinition.Read(written, "written");

        Assert.Equal(written, again.Write());
        // Old forms are written in the form of today; what matters is that they still do the same.
        if (Corpus.Expected(original)["rewritten"] is null)
            RoundTrip.AssertKept(original.Document, JsonNode.Parse(written)!);
        var run = new LocalRun(ActivityRegistry.Standard, []);
        var input = Corpus.Expected(original)["input"]?.AsObject();
        Assert.Equal(run.Run(original, input).Journal, run.Run(again, input).Journal);
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(n => (string)n!) ?? [];
}
