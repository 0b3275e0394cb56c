using Spectre.Console;

namespace Quiesce.Cli;

/// <summary>Everything of the surrounding process that a command may look at or write to, so that a test can be the process.</summary>
internal sealed class Terminal
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a live tree may be drawn: stdout is a terminal, and neither <c>NO_COLOR</c> nor <c>TERM=dumb</c> asks for plain lines.</summary>
    public required bool IsLive { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spectre's console over <see cref="Out"/>, without colour where the terminal is not live.</summary>
    public IAnsiConsole Console => field ??= CreateConsole();

    public static Terminal OfProcess()
    {
        static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name);
        var plain = System.Console.IsOutputRedirected || !string.IsNullOrEmpty(Variable("NO_COLOR")) || Variable("TERM") is "dumb";
        return new Terminal { Out = System.Console.Out, Error = System.Console.Error, IsLive = !plain, Environment = Variable };
    }

    /// <summary>A variable that is set to something, else null.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    private IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsLive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsLive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsLive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Out),
        });
        // Lines that go to a file or a pipe are never broken at a width that nobody has.
        if (!IsLive)
            console.Profile.Width = 4096;
        return console;
    }
}
