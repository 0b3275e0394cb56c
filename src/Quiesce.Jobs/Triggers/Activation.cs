using Quiesce.Storage;

namespace Quiesce.Jobs.Triggers;

/// <summary>Elsa's activation strategies: whether an instance may start while another one runs. Long and short names are the same; an unknown one allows every start.</summary>
public static class Activation
{
    /// <summary>What must hold in the transaction that starts the instance; null: nothing. A missing correlation id is no filter: any running instance is then in the way.</summary>
    public static StartGuard? GuardOf(string? strategy, string definitionId, string? correlationId) => Short(strategy) switch
    {
        "Singleton" => new StartGuard(definitionId, null),
        "CorrelatedSingleton" => new StartGuard(definitionId, correlationId),
        "Correlation" => new StartGuard(null, correlationId),
        _ => null,
    };

    // "Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime" and "SingletonStrategy" and "Singleton" are one.
    private static string Short(string? strategy)
    {
        if (string.IsNullOrWhiteSpace(strategy)) return "";
        var name = strategy.Split(',', 2)[0].Trim();
        name = name[(name.LastIndexOf('.') + 1)..];
        return name.EndsWith("Strategy", StringComparison.Ordinal) ? name[..^"Strategy".Length] : name;
    }
}
