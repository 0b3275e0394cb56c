using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

public class CorpusTests
{
    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. Corpus.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_does_what_it_says(string name)
    {
        var one = new CorpusCase(name);
        var expected = one.Expected;

        var result = one.Run();

        Assert.Equal(CorpusCase.Texts(expected["incidents"]), result.Incidents.Select(i => i.ActivityId));
        Assert.Equal(CorpusCase.Texts(expected["lines"]), result.Lines);
        Assert.Equal((string?)expected["subStatus"], result.SubStatus);
        Assert.Equal(result.SubStatus == "Suspended" ? "Running" : "Finished", result.Status);
        Assert.Empty(result.Bookmarks);
        if (expected["canceled"] is { } canceled)
            Assert.Equal(CorpusCase.Texts(canceled), result.Journal.Where(j => j.Event == "Canceled").Select(j => j.ActivityId));
        if (expected["journal"] is { } journal)
            Assert.Equal(CorpusCase.Texts(journal), result.Journal.Select(j => $"{j.ActivityId} {j.Event}"));
        if (expected["message"] is { } message)
            Assert.Equal((string?)message, result.Incidents[0].Message);
        if (expected["output"] is { } output)
            Assert.True(JsonNode.DeepEquals(output, result.Outputs), result.Outputs.ToJsonString());
        if (expected["effects"] is { } effects)
            Assert.Equal(CorpusCase.Texts(effects), result.Effects.Select(CorpusCase.Text));
        foreach (var (activity, record) in expected["records"]?.AsObject() ?? [])
            AssertRecord(record!.AsObject(), result.Executions.First(e => e.ActivityId == activity));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_does_the_same_when_every_burst_is_stored_and_read_again(string name)
    {
        var one = new CorpusCase(name);
        var instance = new StoredInstance(one.Definition, registry: one.Registry) { Http = one.Answer };

        instance.RunToEnd(one.Start);

        Assert.Equal(CorpusCase.Texts(one.Expected["lines"]), instance.Lines);
        Assert.Equal((string?)one.Expected["subStatus"], instance.State.SubStatus.ToString());
        Assert.Equal(Enumerable.Range(1, instance.Journal.Count).Select(n => (long)n), instance.Journal.Select(j => j.Sequence));
        Assert.Equal(instance.Journal.Count, instance.Journal.Select(j => j.Id).Distinct().Count());
        if (one.Expected["effects"] is { } effects)
            Assert.Equal(CorpusCase.Texts(effects), instance.Effects.Select(CorpusCase.Text));
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
        Assert.Equal(new CorpusCase(original).Run().Journal, new CorpusCase(again).Run().Journal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Document_is_started_by_what_it_says_and_refused_for_what_it_says(string name)
    {
        var one = new CorpusCase(name);
        var graph = WorkflowGraph.Compile(one.Definition, one.Registry);

        var triggers = TriggerIndex.Of(graph).Select(t => $"{t.ActivityId} {t.Name} {t.Payload?.ToJsonString(Plain) ?? "-"}");
        var refusals = graph.Refusals(_ => null);

        if (one.Expected["triggers"] is { } expected)
            Assert.Equal(CorpusCase.Texts(expected), triggers);
        if (one.Expected["refusals"] is JsonObject refused)
            Assert.Equal(refused.Select(r => $"{r.Key}: {r.Value}"), refusals.Select(r => $"{r.ActivityId}: {r.Reason}"));
    }

    private static void AssertRecord(JsonObject expected, ActivityExecutionRecord record)
    {
        var actual = new JsonObject { ["state"] = record.ActivityState?.DeepClone(), ["outputs"] = record.Outputs?.DeepClone(), ["status"] = record.Status.ToString() };
        foreach (var (member, value) in expected)
            Assert.True(JsonNode.DeepEquals(value, actual[member]), $"{record.ActivityId} {member}: {actual[member]?.ToJsonString()}");
    }
}
