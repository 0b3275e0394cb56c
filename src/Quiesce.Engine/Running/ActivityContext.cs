using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>One execution of an activity, and what the activity may use while it runs.</summary>
public sealed class ActivityContext
{
    public string WorkflowInstanceId => throw new NotImplementedException();

    public string ActivityInstanceId => throw new NotImplementedException();

    public ActivityNode Node => throw new NotImplementedException();

    public string ActivityId => Node.Id;

    public DateTimeOffset Now => throw new NotImplementedException();

    public object? Host => throw new NotImplementedException();

    public ActivityStatus Status => throw new NotImplementedException();

    public bool IsCancelling => throw new NotImplementedException();

    public string? CorrelationId { get; set; }

    public string? WorkflowInstanceName { get; set; }

    public IDictionary<string, JsonNode?> InstanceProperties => throw new NotImplementedException();

    public JsonObject State => throw new NotImplementedException();

    public string NewId() => throw new NotImplementedException();

    public T? GetInput<T>(string name) => throw new NotImplementedException();

    public object? GetInput(string name) => throw new NotImplementedException();

    public void SetOutput(string name, object? value) => throw new NotImplementedException();

    public object? GetWorkflowInput(string name) => throw new NotImplementedException();

    public object? GetVariable(string name) => throw new NotImplementedException();

    public void SetVariable(string name, object? value) => throw new NotImplementedException();

    public Bookmark CreateBookmark(
        string name,
        JsonNode? payload,
        bool includeActivityInstanceId = true,
        bool autoBurn = true,
        DateTimeOffset? dueAt = null,
        string? tag = null) => throw new NotImplementedException();

    public void ClearBookmarks() => throw new NotImplementedException();

    public void Emit(Effect effect) => throw new NotImplementedException();

    public void Log(string eventName, string? message = null, JsonNode? payload = null) => throw new NotImplementedException();

    public void Schedule(ActivityNode? child, string? tag = null, params ReadOnlySpan<DynamicVariable> variables) => throw new NotImplementedException();

    public void Complete(params string[] outcomes) => throw new NotImplementedException();
}

/// <summary>A variable that exists only for one scheduled child, such as <c>CurrentValue</c>.</summary>
public readonly record struct DynamicVariable(string Name, object? Value);
