using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Documents;

namespace Quiesce.Tests.Documents;

public sealed class JobSchemaTests
{
    [Fact]
    public void The_schemas_own_examples_are_valid()
    {
        foreach (var example in JsonNode.Parse(DocumentSchema.Job.Text)!["examples"]!.AsArray())
            Assert.Empty(JobText.Read(example!.ToJsonString()).Errors());
    }

    [Theory]
    [InlineData("", typeof(JobDocument))]
    [InlineData("machine", typeof(MachineEntry))]
    [InlineData("source", typeof(SourceSettings))]
    [InlineData("snapshot", typeof(SnapshotSettings))]
    [InlineData("guestProcessing", typeof(GuestProcessingSettings))]
    [InlineData("scripts", typeof(ScriptSettings))]
    [InlineData("scriptPair", typeof(ScriptPair))]
    [InlineData("retry", typeof(RetrySettings))]
    public void The_schema_has_exactly_the_members_of_the_record(string definition, Type record)
    {
        var root = JsonNode.Parse(DocumentSchema.Job.Text)!;
        var properties = (definition.Length == 0 ? root : root["$defs"]![definition]!)["properties"]!.AsObject().Select(property => property.Key).Where(name => name[0] != '$');
        var members = record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name));

        Assert.Equal(members.Order(StringComparer.Ordinal), properties.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_defaults_that_the_schema_tells_are_those_of_the_records()
    {
        var job = JobText.Read(JobText.Smallest.Replace("\"source\"", "\"snapshot\": {}, \"retry\": {}, \"guestProcessing\": { \"scripts\": {} }, \"source\"", StringComparison.Ordinal)).Job!;
        var document = JsonSerializer.SerializeToNode(job, RestJson.Default.JobDocument)!;
        var schema = JsonNode.Parse(DocumentSchema.Job.Text)!;

        Check(schema, document);
        Check(schema["$defs"]!["machine"]!, document["machines"]![0]!);
        Check(schema["$defs"]!["snapshot"]!, document["snapshot"]!);
        Check(schema["$defs"]!["retry"]!, document["retry"]!);
        Check(schema["$defs"]!["guestProcessing"]!, document["guestProcessing"]!);
        Check(schema["$defs"]!["scripts"]!, document["guestProcessing"]!["scripts"]!);
    }

    [Fact]
    public void A_schema_with_a_keyword_that_nobody_checks_is_refused() =>
        Assert.Contains("'oneOf'", Assert.Throws<NotSupportedException>(() => DocumentSchema.Parse("""{ "properties": { "a": { "oneOf": [] } } }""")).Message, StringComparison.Ordinal);

    private static void Check(JsonNode schema, JsonNode document)
    {
        foreach (var (name, property) in schema["properties"]!.AsObject())
            if (property!["default"] is { } expected)
                Assert.Equal(expected.ToJsonString(), document[name]!.ToJsonString());
    }
}
