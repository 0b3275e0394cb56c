using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Native;
using Quiesce.Agent.Orphans;
using Quiesce.Agent.Serving;

[assembly: SupportedOSPlatform("linux")]
[assembly: InternalsVisibleTo("Quiesce.Tests")]

namespace Quiesce.Agent;

/// <summary>The command line of the guest side. Exit codes are in the README of this folder.</summary>
internal static class EntryPoint
{
    public const int Success = 0, Failed = 1, Usage = 2, NotRunning = 3, NoExec = 10, NoRoom = 11;

    public static int Main(string[] arguments)
    {
        try
        {
            switch (arguments)
            {
                case ["serve", ..]:
                    return Serve.Run(new Options(arguments));
                case ["attach", ..]:
                    return Attach.Run(new Options(arguments));
                case ["orphan", ..]:
                    return OrphanCommand.Run(new Options(arguments));
                case ["thaw-timer", ..]:
                    return ThawTimerCommand.Run(arguments.AsSpan(1));
                case ["probe", ..]:
                    return Probe.Run(new Options(arguments));
                case ["--version"]:
                    Say(1, Runtime.Version);
                    return Success;
                default:
                    Say(2, """
                        quiesce-agent: the guest side of Quiesce.
                          quiesce-agent serve --dir DIR --deployment ID [--grace SECONDS] [--expiry SECONDS] [--scripts DIR]
                          quiesce-agent attach --dir DIR          join stdin and stdout to a serving runtime
                          quiesce-agent orphan --dir DIR          undo and remove what a runtime that died left behind
                          quiesce-agent probe [--dir DIR]         what this guest is and whether it can hold a runtime
                          quiesce-agent --version
                        """);
                    return arguments is ["--help"] or ["-h"] ? Success : Usage;
            }
        }
        catch (UsageException wrong)
        {
            Say(2, $"quiesce-agent: {wrong.Message} See quiesce-agent --help.");
            return Usage;
        }
        catch (IOException failed)
        {
            Say(2, $"quiesce-agent: {failed.Message}");
            return Failed;
        }
    }

    /// <summary>One line to a descriptor, without the weight of the console.</summary>
    public static void Say(int fd, string line) => Posix.TryWrite(fd, Encoding.UTF8.GetBytes(line + "\n"));
}

/// <summary>A command line that cannot be understood.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary><c>--name value</c> pairs after the command.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> values = [];

    public Options(string[] arguments)
    {
        for (var i = 1; i < arguments.Length; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == arguments.Length)
                throw new UsageException($"'{arguments[i]}' is not an option with a value.");
            values[arguments[i][2..]] = arguments[i + 1];
        }
    }

    public string? Find(string name) => values.GetValueOrDefault(name);

    public string Need(string name) => Find(name) is { Length: > 0 } value ? value : throw new UsageException($"--{name} is missing.");

    public int Seconds(string name, int otherwise) => Find(name) is not { } text ? otherwise
        : int.TryParse(text, out var seconds) && seconds > 0 ? seconds : throw new UsageException($"--{name} takes a whole number of seconds above 0, not '{text}'.");

    /// <summary>The folder named by <c>--dir</c>, absolute.</summary>
    public string Folder => Path.GetFullPath(Need("dir"));
}
