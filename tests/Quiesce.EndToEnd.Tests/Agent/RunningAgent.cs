using System.Diagnostics;
using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.EndToEnd.Tests.Agent;

/// <summary>One real agent process with a folder of its own. Whatever a test did to it, nothing is left when it is disposed.</summary>
public sealed class RunningAgent : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private RunningAgent(string around, string deploymentId, Process process, ReadyLine ready)
    {
        Around = around;
        DeploymentId = deploymentId;
        Process = process;
        Ready = ready;
    }

    /// <summary>The folder beside which records are left.</summary>
    public string Around { get; }
    public string Folder => Path.Combine(Around, "d");
    public string DeploymentId { get; }
    public Process Process { get; }
    public ReadyLine Ready { get; }
    public string RecordFile => Path.Combine(Around, $"quiesce-orphan-{DeploymentId}.json");

    /// <summary>The build output that belongs to this test run.</summary>
    public static string Program
    {
        get
        {
            var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
            return Path.Combine(Repository, "src", "Quiesce.Agent", "bin", configuration, "net10.0", "quiesce-agent");
        }
    }

    public static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Workflows.sln")))
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside their repository.");
            return folder;
        }
    }

    public static RunningAgent Start(int grace = 60, int expiry = 600, string? program = null, string? around = null, params string[] more)
    {
        around = around is null ? Directory.CreateTempSubdirectory("quiesce-agent-test-").FullName : Directory.CreateDirectory(around).FullName;
        var id = $"t{Guid.NewGuid():N}";
        var (process, ready) = Launch(program ?? Program, around, id, grace, expiry, more);
        Assert.True(ready.Ready, ready.Failure?.Message);
        return new RunningAgent(around, id, process, ready);
    }

    /// <summary>Starts the same deployment once more.</summary>
    public ReadyLine StartAgain()
    {
        var (process, ready) = Launch(Program, Around, DeploymentId, 60, 600, []);
        using (process)
            if (ready.AlreadyRunning)
                Assert.True(process.WaitForExit(Bound));
        return ready;
    }

    public AgentLink Attach() => new(Path.Combine(Folder, "s"));

    public bool IsAlive => !Process.HasExited;

    public OrphanRecord WaitForRecord()
    {
        Until(() => File.Exists(RecordFile), "the orphan rule leaves a record");
        return JsonSerializer.Deserialize(File.ReadAllBytes(RecordFile), ContractsJson.Default.OrphanRecord)!;
    }

    /// <summary>The processes that still have this deployment's folder in their command line.</summary>
    public IReadOnlyList<int> Processes()
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var pid) && File.ReadAllText($"{folder}/cmdline").Contains(Around, StringComparison.Ordinal))
                    found.Add(pid);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }
        return found;
    }

    /// <summary>The direct children of the serving process.</summary>
    public IReadOnlyList<(int Id, string CommandLine)> Children()
    {
        var ids = File.ReadAllText($"/proc/{Process.Id}/task/{Process.Id}/children") + string.Concat(Directory.GetDirectories($"/proc/{Process.Id}/task").Select(task => File.ReadAllText($"{task}/children")));
        return [.. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).Distinct().Select(id => (id, File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')))];
    }

    /// <summary>Waits for something to become true, at most half a minute.</summary>
    public static void Until(Func<bool> condition, string what, TimeSpan? within = null) =>
        Assert.True(SpinWait.SpinUntil(condition, within ?? Bound), $"waited in vain until {what}");

    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill();
        Process.WaitForExit(Bound);
        Process.Dispose();
        SpinWait.SpinUntil(() => Processes().Count == 0, Bound);
        // Not every file name that a test makes is text, and only such can .NET remove.
        LoopFileSystem.Run("rm", "-rf", Around);
    }

    private static (Process, ReadyLine) Launch(string program, string around, string id, int grace, int expiry, string[] more)
    {
        Assert.True(File.Exists(program), $"{program} is missing: build src/Quiesce.Agent first");
        var start = new ProcessStartInfo(program, ["serve", "--dir", Path.Combine(around, "d"), "--deployment", id, "--grace", $"{grace}", "--expiry", $"{expiry}", .. more])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadLine();
        return (process, JsonSerializer.Deserialize(line!, ContractsJson.Default.ReadyLine)!);
    }
}
