namespace Quiesce.Engine;

/// <summary>Something that a definition chooses by the name of a type.</summary>
public sealed record TypeFact(string TypeName, string DisplayName, string Description);

/// <summary>Something that a definition chooses by name.</summary>
public sealed record NameFact(string Name, string DisplayName, string Description);

/// <summary>A type that variables, inputs and outputs may have.</summary>
public sealed record VariableTypeFact(string TypeName, string DisplayName, string Category, string Description);

/// <summary>Where variables may live.</summary>
/// <param name="TypeName">As definitions name it.</param>
/// <param name="DisplayName">For the designer.</param>
/// <param name="Priority">The highest is offered first.</param>
/// <param name="Deprecated">Read, and no longer offered for new variables.</param>
public sealed record StorageDriverFact(string TypeName, string DisplayName, double Priority, bool Deprecated);

/// <summary>A type of expression.</summary>
/// <param name="Type">As definitions name it.</param>
/// <param name="DisplayName">For the designer.</param>
/// <param name="IsBrowsable">Offered in the designer; all that stored inputs may use are listed, these or not.</param>
/// <param name="MonacoLanguage">The language of the code editor; null when it needs none.</param>
public sealed record ExpressionFact(string Type, string DisplayName, bool IsBrowsable, string? MonacoLanguage);

/// <summary>What this engine offers a designer to choose from, besides activities.</summary>
public static class HostFacts
{
    /// <summary>For <c>options.incidentStrategyType</c>.</summary>
    public static IReadOnlyList<TypeFact> IncidentStrategies { get; } =
    [
        new("Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core", "Fault", "The workflow is faulted as soon as one of its activities faults."),
        new("Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core", "Continue with incidents", "Other branches go on; the faulted activity never completes."),
    ];

    /// <summary>For <c>options.activationStrategyType</c>.</summary>
    public static IReadOnlyList<TypeFact> ActivationStrategies { get; } =
    [
        new("Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, Elsa.Workflows.Core", "Always", "Always allows a new instance."),
        new("Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime", "Singleton", "Only when no instance of this definition is running."),
        new("Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, Elsa.Workflows.Runtime", "Correlated singleton", "Only when no instance of this definition with the same correlation id is running."),
        new("Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, Elsa.Workflows.Runtime", "Correlation", "Only when no instance of any definition with the same correlation id is running."),
    ];

    /// <summary>For <c>customProperties.logPersistenceConfig</c>.</summary>
    public static IReadOnlyList<TypeFact> LogPersistenceStrategies { get; } =
    [
        new("Elsa.Workflows.LogPersistence.Strategies.Inherit, Elsa.Workflows.Core", "Inherit", "As the activity or the workflow around it says."),
        new("Elsa.Workflows.LogPersistence.Strategies.Include, Elsa.Workflows.Core", "Include", "The value is kept in the execution record."),
        new("Elsa.Workflows.LogPersistence.Strategies.Exclude, Elsa.Workflows.Core", "Exclude", "The value is left out of the execution record."),
    ];

    /// <summary>For <c>options.commitStrategyName</c>. Here every burst is committed as a whole whatever is chosen.</summary>
    public static IReadOnlyList<NameFact> WorkflowCommitStrategies { get; } =
    [
        new("WorkflowExecuting", "Workflow executing", "Committed before the workflow runs."),
        new("WorkflowExecuted", "Workflow executed", "Committed after the workflow ran."),
        new("ActivityExecuting", "Activity executing", "Committed before each activity."),
        new("ActivityExecuted", "Activity executed", "Committed after each activity."),
    ];

    /// <summary>For <c>customProperties.commitStrategyName</c>. Here every burst is committed as a whole whatever is chosen.</summary>
    public static IReadOnlyList<NameFact> ActivityCommitStrategies { get; } =
    [
        new("CommitAlways", "Always", "Committed before and after the activity."),
        new("CommitNever", "Never", "Never committed because of the activity."),
        new("Executing", "Executing", "Committed before the activity."),
        new("Executed", "Executed", "Committed after the activity."),
    ];

    /// <summary>For <c>storageDriverTypeName</c>.</summary>
    public static IReadOnlyList<StorageDriverFact> StorageDrivers { get; } =
    [
        new("Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", "Workflow Instance", 5, false),
        new("Elsa.Workflows.MemoryStorageDriver, Elsa.Workflows.Core", "Memory", 0, false),
        new("Elsa.Workflows.Services.WorkflowStorageDriver, Elsa.Workflows.Core", "Workflow", 0, true),
    ];

    /// <summary>For variables, inputs and outputs.</summary>
    public static IReadOnlyList<VariableTypeFact> VariableTypes { get; } =
    [
        new("Object", "Object", "Primitives", "Any value."),
        new("String", "String", "Primitives", "Text."),
        new("Boolean", "Boolean", "Primitives", "True or false."),
        new("Int16", "Int16", "Primitives", "A whole number of 16 bits."),
        new("Int32", "Int32", "Primitives", "A whole number of 32 bits."),
        new("Int64", "Int64", "Primitives", "A whole number of 64 bits."),
        new("Single", "Single", "Primitives", "A number with about 7 digits."),
        new("Double", "Double", "Primitives", "A number with about 16 digits."),
        new("Decimal", "Decimal", "Primitives", "A number with 28 decimal digits."),
        new("Guid", "Guid", "Primitives", "A globally unique id."),
        new("DateTime", "DateTime", "Primitives", "A date and time."),
        new("DateTimeOffset", "DateTimeOffset", "Primitives", "A date and time with its offset from UTC."),
        new("TimeSpan", "TimeSpan", "Primitives", "A span of time."),
        new("ByteArray", "Byte array", "Data", "Bytes."),
        new("JSON", "JSON", "Data", "An object of any shape."),
        new("JsonObject", "JSON object", "Data", "A JSON object."),
        new("JsonArray", "JSON array", "Data", "A JSON array."),
        new("JsonNode", "JSON node", "Data", "Any JSON."),
        new("JsonElement", "JSON element", "Data", "Any JSON."),
        new("StringDictionary", "String dictionary", "Data", "Names and texts."),
        new("ObjectDictionary", "Object dictionary", "Data", "Names and values."),
        new("HttpRequest", "HTTP request", "HTTP", "A request as an HTTP endpoint puts it out."),
        new("HttpResponseMessage", "HTTP response", "HTTP", "A response as an HTTP request puts it out."),
        new("HttpHeaders", "HTTP headers", "HTTP", "Names and values."),
        new("HttpFile", "HTTP file", "HTTP", "A file that was sent or received."),
        new("HttpFile[]", "HTTP files", "HTTP", "Files that were sent."),
    ];

    /// <summary>For expressions. Those that are not evaluated here are listed too, so that a designer shows what documents hold.</summary>
    public static IReadOnlyList<ExpressionFact> Expressions { get; } =
    [
        new("Literal", "Literal", true, null),
        new("Object", "Object", true, "json"),
        new("Json", "JSON", false, "json"),
        new("JavaScript", "JavaScript", true, "javascript"),
        new("Variable", "Variable", true, null),
        new("Input", "Input", true, null),
        new("Delegate", "Delegate", false, null),
        new("Liquid", "Liquid (not run here)", false, "liquid"),
        new("CSharp", "C# (not run here)", false, "csharp"),
        new("Python", "Python (not run here)", false, "python"),
        new("Secret", "Secret (not run here)", false, null),
    ];
}
