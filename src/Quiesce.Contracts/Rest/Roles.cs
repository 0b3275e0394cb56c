namespace Quiesce.Contracts.Rest;

/// <summary>What a key may do. Each role may do everything that the one before it may.</summary>
public static class Roles
{
    /// <summary>Look at everything apart from keys.</summary>
    public const string Viewer = "viewer";

    /// <summary>Start, stop, change jobs, machines and workflows, restore.</summary>
    public const string Operator = "operator";

    /// <summary>Keys, settings and the audit besides.</summary>
    public const string Administrator = "administrator";

    /// <summary>From the least to the most.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Administrator];

    /// <summary>Whether somebody of one role may do what needs another. Unknown words may do nothing.</summary>
    public static bool Covers(string? has, string needs) => Rank(has) is var rank && rank >= 0 && rank >= Rank(needs) && Rank(needs) >= 0;

    private static int Rank(string? role) => role switch
    {
        Viewer => 0,
        Operator => 1,
        Administrator => 2,
        _ => -1,
    };
}
