namespace Quiesce.Engine;

/// <summary>Where a variable's value lives while its scope is open.</summary>
internal sealed class VariableSlot(string id, string name, ValueType type, StorageDriver driver)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    public ValueType Type { get; } = type;

    /// <summary>Only <see cref="StorageDriver.WorkflowInstance"/> survives a suspension.</summary>
    public StorageDriver Driver { get; } = driver;

    public object? Value { get; set; }

    public bool IsDeclared { get; private init; }

    public static VariableSlot Of(VariableDefinition definition) =>
        new(definition.Id, definition.Name, definition.Type, definition.Driver) { Value = DefaultOf(definition), IsDeclared = true };

    public static object? DefaultOf(VariableDefinition definition) =>
        definition.DefaultText is null ? null : ValueConverter.Convert(definition.DefaultText, definition.Type);

    public void Set(object? value) => Value = ValueConverter.Convert(value, Type);
}

/// <summary>A variable that exists only for one scheduled child, such as <c>CurrentValue</c>. It survives suspensions.</summary>
public readonly record struct DynamicVariable(string Name, object? Value);
