using Quiesce.Contracts.Rest;

namespace Quiesce.Cli;

/// <summary>A failure that is meant for the user: it is shown without a stack trace. Everything else that reaches the top is a defect of ours.</summary>
/// <param name="code">Stable word for programs: one of <see cref="ProblemCodes"/> or <see cref="Codes"/>.</param>
/// <param name="message">What happened, to what, and what to do next.</param>
internal sealed class CliException(string code, string message, int exitCode = ExitCodes.Failed, IReadOnlyList<Complaint>? complaints = null, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;

    public int ExitCode { get; } = exitCode;

    /// <summary>What is wrong with a document, place by place; empty for every other failure.</summary>
    public IReadOnlyList<Complaint> Complaints { get; } = complaints ?? [];

    public static CliException Usage(string message) => new(Codes.Usage, message, ExitCodes.Usage);

    /// <summary>Codes that the command line adds to those of the server.</summary>
    internal static class Codes
    {
        public const string Usage = "usage";
        public const string NoServer = "no-server";
        public const string ServerLost = "server-lost";
        public const string Endless = "endless";
        public const string Io = "io";
        public const string Access = "access";
        public const string Cancelled = "cancelled";
        public const string Demo = "demo-failed";
        public const string Internal = "internal";
    }
}
