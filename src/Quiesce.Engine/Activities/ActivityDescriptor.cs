using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>Elsa's kinds of activity.</summary>
public enum ActivityKind
{
    Action,
    Trigger,
    Job,
    Task,
}

/// <summary>How an activity connects: a child activity stored inside it, or an outcome that a flowchart connection leaves by.</summary>
public enum PortKind
{
    Embedded,
    Flow,
}

/// <summary>An input of an activity type.</summary>
/// <param name="Name">In Pascal case; the JSON member is the same with a small first letter.</param>
/// <param name="TypeName">Type alias such as <c>String</c> or <c>List&lt;Object&gt;</c>.</param>
public sealed record InputDescriptor(string Name, string TypeName)
{
    /// <summary>True: an expression, evaluated at run time. False: plain JSON that the activity reads while the graph is compiled.</summary>
    public bool IsWrapped { get; init; } = true;

    /// <summary>Used when the document gives no expression. A plain .NET value of the type, or text that converts to it.</summary>
    public object? DefaultValue { get; init; }

    /// <summary>False: the activity evaluates the expression itself, when it wants.</summary>
    public bool AutoEvaluate { get; init; } = true;

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }

    /// <summary>The designer's editor, one of <see cref="UiHints"/>.</summary>
    public string UiHint { get; init; } = UiHints.SingleLine;

    /// <summary>The expression type that the designer starts with.</summary>
    public string DefaultSyntax { get; init; } = "Literal";

    /// <summary>Values that a dropdown or check list offers; for dynamic outcomes those that are always there.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>What the editor needs to know, by hint; <see cref="EditorFacts"/> adds what follows from the rest. Read only: clone it.</summary>
    public JsonObject? UiSpecifications { get; init; }

    /// <summary>Place in the designer's panel; null is the place in the list.</summary>
    public int? Order { get; init; }

    /// <summary>Shown in the designer's panel.</summary>
    public bool IsBrowsable { get; init; } = true;

    /// <summary>A value that must not be stored in execution records.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>An output of an activity type.</summary>
/// <param name="Name">In Pascal case.</param>
/// <param name="TypeName">Type alias.</param>
public sealed record OutputDescriptor(string Name, string TypeName)
{
    public string? DisplayName { get; init; }

    public string? Description { get; init; }
}

/// <summary>A port of an activity type.</summary>
public sealed record PortDescriptor(string Name, PortKind Kind)
{
    public string? DisplayName { get; init; }
}

/// <summary>What an activity type looks like from outside: enough for a designer's toolbox and for the compiler.</summary>
public sealed record ActivityDescriptor
{
    /// <summary>Full type name such as <c>Elsa.WriteLine</c>.</summary>
    public required string TypeName { get; init; }

    public int Version { get; init; } = 1;

    public string Category { get; init; } = "Primitives";

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public ActivityKind Kind { get; init; }

    /// <summary>In the order in which they are evaluated.</summary>
    public IReadOnlyList<InputDescriptor> Inputs { get; init; } = [];

    public IReadOnlyList<OutputDescriptor> Outputs { get; init; } = [];

    /// <summary>Embedded ports: members that hold one child activity each.</summary>
    public IReadOnlyList<PortDescriptor> Ports { get; init; } = [];

    /// <summary>Members that hold a list of child activities, such as <c>activities</c>.</summary>
    public IReadOnlyList<string> ChildLists { get; init; } = [];

    /// <summary>Fixed flow outcomes. Empty means the single outcome <c>Done</c>.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];

    /// <summary>The activity declares variables and is a scope for them.</summary>
    public bool IsContainer { get; init; }

    /// <summary>First choice as the start of a flowchart.</summary>
    public bool IsStart { get; init; }

    /// <summary>Completing it ends the enclosing flowchart or sequence.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Shown in a designer's toolbox.</summary>
    public bool IsBrowsable { get; init; } = true;

    /// <summary>Runs on a background worker in a stock engine unless the document says otherwise; here the same burst goes on.</summary>
    public bool RunAsynchronously { get; init; }

    /// <summary>What a designer is told beside the known members, such as <c>RootType</c> or <c>Resilient</c>. Read only: clone it.</summary>
    public JsonObject? CustomProperties { get; init; }

    /// <summary>What a designer writes into an activity that is dropped on the canvas. Read only: clone it.</summary>
    public JsonObject? ConstructionProperties { get; init; }

    /// <summary>The type name without its namespace.</summary>
    public string ShortName => ActivityNames.ShortType(TypeName);

    public string Namespace => TypeName.Contains('.', StringComparison.Ordinal) ? TypeName[..TypeName.LastIndexOf('.')] : "";
}
