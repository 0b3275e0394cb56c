namespace Quiesce.Engine;

internal sealed record ValueType
{
    public static ValueType Object { get; } = new();
}
