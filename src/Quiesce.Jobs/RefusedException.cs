namespace Quiesce.Jobs;

/// <summary>Something that was asked for is not done, and that is nobody's bug: the message says why and what to do next.</summary>
/// <param name="code">One of <see cref="Contracts.Rest.ProblemCodes"/>.</param>
public sealed class RefusedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="Contracts.Rest.ProblemCodes"/>.</summary>
    public string Code { get; } = code;
}
