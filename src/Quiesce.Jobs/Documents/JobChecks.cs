using System.Security.Cryptography;
using Quiesce.Contracts.Rest;
using Quiesce.Storage;

namespace Quiesce.Jobs.Documents;

/// <summary>What no schema can say: the parts of a job against each other, against its script files and against the server.</summary>
internal sealed class JobChecks(ApplyJob apply, LocatedNode document, Func<string, bool> hasWorkflow, IReadOnlyDictionary<string, string?>? follows)
{
    private readonly List<Complaint> _complaints = [];
    private readonly Dictionary<string, ScriptRow> _scripts = new(StringComparer.Ordinal);

    public IReadOnlyList<Complaint> Complaints => [.. _complaints.Distinct()];

    public IReadOnlyList<ScriptRow> Scripts => [.. _scripts.Values.DistinctBy(script => script.Sha256)];

    /// <summary>The job with hashes and absolute key files filled in.</summary>
    public JobDocument Complete(JobDocument job)
    {
        if (!hasWorkflow(job.Workflow))
            Complain("/workflow", $"There is no published workflow '{job.Workflow}' on this server. `quiesce workflow list` shows those that are.");
        CheckNames(job);
        CheckSnapshot("/snapshot", job.Snapshot);
        if (job.Schedule is { } schedule)
            new ScheduleChecks(job.Name, schedule, follows, (path, message, level) => Complain(path, message, level)).Run();
        return job with
        {
            GuestProcessing = Complete("/guestProcessing", job.GuestProcessing)!,
            Machines = [.. job.Machines.Select((machine, index) => Complete($"/machines/{index}", machine))],
        };
    }

    private MachineEntry Complete(string path, MachineEntry machine)
    {
        if (ConnectAddress.Complaint(machine.Connect) is { } wrong)
            Complain($"{path}/connect", wrong);
        if (machine.Snapshot is { } snapshot)
            CheckSnapshot($"{path}/snapshot", snapshot);
        return machine with { Identity = KeyFile(path, machine), GuestProcessing = Complete($"{path}/guestProcessing", machine.GuestProcessing) };
    }

    private GuestProcessingSettings? Complete(string path, GuestProcessingSettings? settings)
    {
        if (settings?.Scripts is not { } scripts)
            return settings;
        return settings with
        {
            Scripts = scripts with
            {
                Linux = Complete($"{path}/scripts/linux", "linux", scripts.Linux),
                Windows = Complete($"{path}/scripts/windows", "windows", scripts.Windows),
            },
        };
    }

    private ScriptPair? Complete(string path, string platform, ScriptPair? pair) =>
        pair is null ? null : pair with { PreSha256 = Take($"{path}/pre", platform, pair.Pre), PostSha256 = Take($"{path}/post", platform, pair.Post) };

    /// <summary>Takes a script over; its hash, or null where there is none or it cannot be taken.</summary>
    private string? Take(string path, string platform, string? name)
    {
        if (name is null)
            return null;
        if (ScriptCheck.Name(name, platform) is { } unfit)
            Complain(path, unfit.Message, unfit.Level);
        if (!apply.Scripts.TryGetValue(name, out var base64))
        {
            Complain(path, $"The script file '{name}' was not sent. It has to exist; its name is relative to the job file.");
            return null;
        }

        byte[] content;
        try
        {
            content = Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            Complain(path, $"The content sent for the script file '{name}' is not base64.");
            return null;
        }

        if (ScriptCheck.Content(name, platform, content) is { } complaint)
            Complain(path, complaint.Message, complaint.Level);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        _scripts[name] = new ScriptRow(hash, name, content);
        return hash;
    }

    private void CheckNames(JobDocument job)
    {
        // Case does not tell machines apart: folders of restore points are named after them, also on Windows.
        var first = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, name) in job.Machines.Select((machine, index) => (index, machine.Name)))
            if (!first.TryAdd(name, index))
                Complain($"/machines/{index}/name", $"The machine '{name}' is already entry {first[name] + 1} of the list, on line {document.Nearest($"/machines/{first[name]}/name").Line}. Give each machine a name of its own.");
    }

    private void CheckSnapshot(string path, SnapshotSettings snapshot)
    {
        foreach (var (verb, command) in new[] { ("create", snapshot.Create), ("delete", snapshot.Delete), ("restore", snapshot.Restore) })
        {
            if (snapshot.Provider == "command" && command is null)
                Complain(path, $"The provider 'command' needs '{verb}': program and arguments, each an entry of its own.");
            else if (snapshot.Provider == "command" && command![0].Length == 0)
                Complain($"{path}/{verb}/0", $"The program of '{verb}' must not be empty.");
            else if (snapshot.Provider != "command" && command is not null)
                Complain($"{path}/{verb}", $"'{verb}' is used by the provider 'command' only, not by '{snapshot.Provider}'.", "warning");
        }

        if (snapshot is { Provider: "btrfs", Freeze: "always" })
            Complain($"{path}/freeze", "A btrfs snapshot hangs on a frozen file system, and is atomic without a freeze. Write auto or never.");
    }

    private string? KeyFile(string path, MachineEntry machine)
    {
        if (machine.Identity is not { } name)
            return null;
        if (!Path.IsPathFullyQualified(name) && (apply.BaseFolder is null || !Path.IsPathFullyQualified(apply.BaseFolder)))
        {
            Complain($"{path}/identity", $"The key file '{name}' is on the server, which does not know the folder of the job file. Write its absolute path there.");
            return name;
        }

        var file = Path.IsPathFullyQualified(name) ? Path.GetFullPath(name) : Path.GetFullPath(name, apply.BaseFolder!);
        if (!File.Exists(file))
            Complain($"{path}/identity", $"There is no key file {file} on the server now; sessions of '{machine.Name}' will fail until there is.", "warning");
        return file;
    }

    private void Complain(string path, string message, string level = "error") =>
        _complaints.Add(new Complaint(apply.FileName, document.Nearest(path).Line, path, message, level));
}
