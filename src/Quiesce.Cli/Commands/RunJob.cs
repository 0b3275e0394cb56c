using Quiesce.Cli.Hosting;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Commands;

/// <summary>The job document that the options of <c>quiesce run</c> stand for.</summary>
internal static class RunJob
{
    public const string Name = "run";

    internal sealed record Wishes(
        string Connect, string Path, string Provider, FileInfo? Pre, FileInfo? Post, string Workflow, FileInfo? Identity, string? Create, string? Delete, string? Restore);

    /// <exception cref="CliException">The options do not fit together (exit code 2).</exception>
    public static async Task<ApplyJob> BuildAsync(Wishes wishes, CancellationToken cancellation)
    {
        Check(wishes);
        // Names are the files' own, as they show in reports; where both are called the same the second is told apart.
        var preName = wishes.Pre?.Name;
        var postName = wishes.Post is { } post && post.Name == preName && post.FullName != wishes.Pre!.FullName ? "post-" + post.Name : wishes.Post?.Name;
        var job = new JobDocument
        {
            Name = Name,
            Workflow = wishes.Workflow,
            Machines = [new MachineEntry { Name = MachineName(wishes.Connect), Connect = wishes.Connect, Identity = wishes.Identity?.FullName }],
            Source = new SourceSettings { Path = wishes.Path },
            // Two runs on different paths are one job: nothing that somebody made by hand is deleted for its number.
            Snapshot = new SnapshotSettings { Provider = wishes.Provider, Keep = 0, Create = Shell(wishes.Create), Delete = Shell(wishes.Delete), Restore = Shell(wishes.Restore) },
            GuestProcessing = new GuestProcessingSettings
            {
                // Without scripts nobody asked for more than the file system can give; with them less than that is a failure.
                Mode = preName is null && postName is null ? AppMode.Disabled : AppMode.RequireSuccess,
                Scripts = preName is null && postName is null ? null : new ScriptSettings { Linux = new ScriptPair { Pre = preName, Post = postName } },
            },
            // Somebody sits before it and decides about a second try.
            Retry = new RetrySettings { Count = 0 },
        };
        var scripts = new Dictionary<string, byte[]>();
        if (preName is not null)
            scripts[preName] = await File.ReadAllBytesAsync(wishes.Pre!.FullName, cancellation);
        if (postName is not null)
            scripts[postName] = await File.ReadAllBytesAsync(wishes.Post!.FullName, cancellation);
        return JobText.Of(job, "the options of quiesce run", scripts);
    }

    private static void Check(Wishes wishes)
    {
        if (!Path.IsPathRooted(wishes.Path))
            throw CliException.Usage($"--path must be absolute, and is '{wishes.Path}'. Write it from the root of the machine, such as {Path.GetFullPath(wishes.Path)}.");
        string?[] commands = [wishes.Create, wishes.Delete, wishes.Restore];
        if (wishes.Provider == "command" && commands.Any(string.IsNullOrWhiteSpace))
            throw CliException.Usage("--provider command needs --create, --delete and --restore: a snapshot that cannot be restored or deleted is none. See: quiesce run --help");
        if (wishes.Provider != "command" && commands.Any(c => c is not null))
            throw CliException.Usage($"--create, --delete and --restore belong to --provider command, and the provider is {wishes.Provider}.");
    }

    private static string[]? Shell(string? command) => command is null ? null : ["/bin/sh", "-c", command];

    /// <summary>The host as a machine's name: letters, digits, dot, dash and underscore.</summary>
    private static string MachineName(string connect)
    {
        var host = Uri.TryCreate(connect, UriKind.Absolute, out var address) && address.Host.Length > 0 ? address.Host : connect;
        var name = string.Concat(host.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).TrimStart('.', '-', '_');
        return name.Length == 0 ? "machine" : name;
    }
}
