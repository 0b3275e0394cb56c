using System.Text.Json.Nodes;
using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

/// <summary>Flowcharts that nobody would draw: whatever they do, they must end, and do the same whether or not they are stored in between.</summary>
public class RandomFlowchartTests
{
    private static readonly string[] Outcomes = ["Done", "True", "False", "A", "B"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Flowchart_ends_and_does_the_same_when_stored_in_between(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var definition = WorkflowDefinition.Read(Document(random).ToJsonString(), $"seed {seed}, round {round}");
            var context = new BurstContext { MaxActivities = 500 };

            var inMemory = new LocalRun(ActivityRegistry.Standard, [], context) { MaxBursts = 40 };
            LocalRunResult? result = null;
            try
            {
                result = inMemory.Run(definition);
            }
            catch (TimeoutException)
            {
                // A loop through a Delay waits for ever: that is what was drawn.
                continue;
            }

            var stored = new StoredInstance(definition, context);
            stored.RunToEnd(Stimulus.Start("start"));

            Assert.Equal(result.Journal.Select(j => $"{j.ActivityId} {j.Event}"), stored.Journal.Select(j => $"{j.ActivityId} {j.EventName}"));
            Assert.Equal(result.SubStatus, stored.State.SubStatus.ToString());
            Assert.Equal(result.Journal, inMemory.Run(WorkflowDefinition.Read(definition.Write(), "written")).Journal);
        }
    }

    private static JsonObject Document(Random random)
    {
        var count = random.Next(3, 12);
        var activities = new JsonArray();
        for (var i = 0; i < count; i++)
            activities.Add(Activity(random, $"a{i}"));
        var connections = new JsonArray();
        for (var i = 0; i < count * 2; i++)
        {
            connections.Add(new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = $"a{random.Next(count)}", ["port"] = Outcomes[random.Next(Outcomes.Length)] },
                ["target"] = new JsonObject { ["activity"] = $"a{random.Next(count)}", ["port"] = "In" },
            });
        }

        var document = new JsonObject { ["root"] = new JsonObject { ["id"] = "f", ["type"] = "Elsa.Flowchart", ["activities"] = activities, ["connections"] = connections } };
        if (random.Next(2) == 0)
            document["options"] = new JsonObject { ["incidentStrategyType"] = "ContinueWithIncidentsStrategy" };
        return document;
    }

    private static JsonObject Activity(Random random, string id)
    {
        var (type, member, value) = random.Next(11) switch
        {
            0 => ("Elsa.FlowDecision", "condition", (JsonNode)(random.Next(2) == 0)),
            1 => ("Elsa.FlowFork", "branches", new JsonArray("A", "B")),
            2 => ("Elsa.FlowJoin", "mode", "WaitAll"),
            3 => ("Elsa.FlowJoin", "mode", "WaitAny"),
            4 => ("Elsa.FlowJoin", "mode", "WaitAllActive"),
            5 or 6 => ("Elsa.Delay", "timeSpan", "00:00:01"),
            7 when random.Next(3) == 0 => ("Elsa.Fault", "message", "no"),
            8 when random.Next(3) == 0 => ("Elsa.End", "x", 1),
            _ => ("Elsa.WriteLine", "text", id),
        };
        return new() { ["id"] = id, ["type"] = type, [member] = value };
    }
}
