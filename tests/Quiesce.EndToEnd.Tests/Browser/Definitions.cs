namespace Quiesce.EndToEnd.Tests.Browser;

/// <summary>Small workflows of the tests' own.</summary>
internal static class Definitions
{
    /// <summary>Says something, waits, says something else: long enough to be watched.</summary>
    public static string Greeting(string id = "greeting", string name = "Greeting", string delay = "00:00:04", string secondType = "Elsa.WriteLine") => $$"""
        { "id": "{{id}}-1", "definitionId": "{{id}}", "name": "{{name}}", "version": 1, "isLatest": true, "isPublished": true, "toolVersion": "3.8.0.0",
          "variables": [], "inputs": [], "outputs": [], "outcomes": [], "customProperties": {}, "options": {},
          "root": { "id": "flow", "nodeId": "Workflow1:flow", "name": "Flowchart1", "type": "Elsa.Flowchart", "version": 1, "customProperties": {}, "metadata": {}, "start": "hello",
            "activities": [
              { "id": "hello", "nodeId": "Workflow1:flow:hello", "name": "Hello", "type": "Elsa.WriteLine", "version": 1, "metadata": { "designer": { "position": { "x": 60, "y": 120 } } },
                "text": { "typeName": "String", "expression": { "type": "Literal", "value": "Hello" } } },
              { "id": "wait", "nodeId": "Workflow1:flow:wait", "name": "Wait", "type": "Elsa.Delay", "version": 1, "metadata": { "designer": { "position": { "x": 400, "y": 120 } } },
                "timeSpan": { "typeName": "TimeSpan", "expression": { "type": "Literal", "value": "{{delay}}" } } },
              { "id": "bye", "nodeId": "Workflow1:flow:bye", "name": "Bye", "type": "{{secondType}}", "version": 1, "metadata": { "designer": { "position": { "x": 400, "y": 260 } } },
                "text": { "typeName": "String", "expression": { "type": "Literal", "value": "Bye" } }, "kept": { "as": "it is" } } ],
            "connections": [
              { "source": { "activity": "hello", "port": "Done" }, "target": { "activity": "wait", "port": "In" } },
              { "source": { "activity": "wait", "port": "Done" }, "target": { "activity": "bye", "port": "In" } } ] } }
        """;

    /// <summary>As files of a workflows folder.</summary>
    public static Dictionary<string, string> Files(params string[] definitions) => definitions.Select((text, index) => (text, index)).ToDictionary(one => $"test-{one.index}.json", one => one.text);
}
