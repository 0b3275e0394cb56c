namespace Quiesce.Engine;

internal static class DefinitionReader
{
    public static WorkflowDefinition Read(string json, string source) => throw new NotImplementedException();
}
