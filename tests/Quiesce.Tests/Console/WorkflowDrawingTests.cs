using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Server.Screens;

namespace Quiesce.Tests.Console;

public sealed class WorkflowDrawingTests
{
    [Theory]
    [InlineData("machine-snapshot.json")]
    [InlineData("job-session.json")]
    public async Task A_shipped_workflow_is_drawn_as_the_designer_laid_it_out(string file)
    {
        var definition = WorkflowDefinition.Read(await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "workflows", file)), file);

        var drawing = WorkflowDrawing.Of(WorkflowGraph.Compile(definition, QuiesceActivities.Registry));

        Assert.Equal(definition.Document["root"]!["activities"]!.AsArray().Count, drawing.Activities.Count);
        Assert.Equal(definition.Document["root"]!["connections"]!.AsArray().Count, drawing.Connections.Count);
        Assert.All(drawing.Activities, activity => Assert.True(activity.X >= 0 && activity.X + activity.Width <= drawing.Width && activity.Y >= 0 && activity.Y + activity.Height <= drawing.Height));
        Assert.Equal(drawing.Activities.Count, drawing.Activities.Select(activity => activity.NodeId).Distinct().Count());
    }

    [Fact]
    public void What_has_no_place_is_drawn_along_the_flow()
    {
        var drawing = Draw("""
            { "id": "flow", "type": "Elsa.Flowchart", "version": 1,
              "activities": [ { "id": "a", "type": "Elsa.Start", "version": 1 }, { "id": "b", "type": "Elsa.WriteLine", "version": 1 }, { "id": "c", "type": "Elsa.WriteLine", "version": 1 } ],
              "connections": [ { "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b" } }, { "source": { "activity": "a", "port": "Done" }, "target": { "activity": "c" } } ] }
            """);

        Assert.True(Of(drawing, "a").X < Of(drawing, "b").X);
        Assert.Equal(Of(drawing, "b").X, Of(drawing, "c").X);
        Assert.NotEqual(Of(drawing, "b").Y, Of(drawing, "c").Y);
    }

    [Fact]
    public void A_sequence_is_drawn_as_a_chain()
    {
        var drawing = Draw("""
            { "id": "seq", "type": "Elsa.Sequence", "version": 1, "activities": [ { "id": "first", "type": "Elsa.WriteLine", "version": 1 }, { "id": "second", "type": "Elsa.WriteLine", "version": 1 } ] }
            """);

        var connection = Assert.Single(drawing.Connections);
        Assert.Equal(("first", "second"), (connection.From, connection.To));
    }

    [Fact]
    public void A_circle_of_connections_and_one_that_leads_nowhere_are_drawn_once()
    {
        var drawing = Draw("""
            { "id": "flow", "type": "Elsa.Flowchart", "version": 1,
              "activities": [ { "id": "a", "type": "Elsa.WriteLine", "version": 1 }, { "id": "b", "type": "Elsa.WriteLine", "version": 1 } ],
              "connections": [ { "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b" } }, { "source": { "activity": "b", "port": "Done" }, "target": { "activity": "a" } } ] }
            """);

        Assert.Equal(2, drawing.Activities.Count);
        Assert.Equal(2, drawing.Connections.Count);
    }

    [Fact]
    public void A_name_that_a_person_gave_is_the_title_and_a_numbered_one_is_not()
    {
        var drawing = Draw("""
            { "id": "seq", "type": "Elsa.Sequence", "version": 1, "activities": [
              { "id": "x1", "name": "WriteLine1", "type": "Elsa.WriteLine", "version": 1 }, { "id": "x2", "name": "TellTheTeam", "type": "Elsa.WriteLine", "version": 1 },
              { "id": "x3", "type": "Elsa.WriteLine", "version": 1, "metadata": { "displayText": "Say <hello>" } } ] }
            """);

        Assert.DoesNotContain("1", Of(drawing, "x1").Title, StringComparison.Ordinal);
        Assert.Equal("Tell the team", Of(drawing, "x2").Title);
        Assert.Equal("Say <hello>", Of(drawing, "x3").Title);
    }

    private static DrawnActivity Of(WorkflowDrawing drawing, string id) => drawing.Activities.Single(activity => activity.Id == id);

    private static WorkflowDrawing Draw(string root) =>
        WorkflowDrawing.Of(WorkflowGraph.Compile(WorkflowDefinition.Read($$"""{ "id": "v", "definitionId": "d", "version": 1, "root": {{root}} }""", "test"), QuiesceActivities.Registry));
}
