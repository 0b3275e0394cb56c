using Quiesce.Engine;

namespace Quiesce.Jobs.Definitions;

/// <summary>One change between two versions, in words.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c>, <c>changed</c> or <c>layout</c>.</param>
/// <param name="Path">Where: <c>activities/runPre/phase</c>, <c>connections/a.Done→b</c>, <c>variables/count</c>, <c>options/usableAsActivity</c>.</param>
/// <param name="Text">The change as a sentence without a full stop.</param>
public sealed record DefinitionChangeLine(string Kind, string Path, string Text);

/// <summary>What changed in the graph between two versions.</summary>
public static class DefinitionDiff
{
    /// <summary>Every difference that means something, and the moves in one line; empty where the two do and look the same.</summary>
    public static IReadOnlyList<DefinitionChangeLine> Between(WorkflowDefinition a, WorkflowDefinition b) => throw new NotImplementedException();
}
