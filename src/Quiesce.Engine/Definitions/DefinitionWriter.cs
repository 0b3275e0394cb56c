namespace Quiesce.Engine;

internal static class DefinitionWriter
{
    public static string Write(WorkflowDefinition definition) => throw new NotImplementedException();
}
