using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Documents;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>The machines of this server: those that were added by themselves, and those of the jobs.</summary>
public sealed class Machines(Store store, JobCatalog jobs, Operations operations, TimeProvider time)
{
    /// <summary>Connecting has its own, shorter limits at the edge; this is for an answer that got lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly JsonTypeInfo<MachineEntry> WithoutNulls =
        new RestJson(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }).MachineEntry;

    /// <summary>All machines by name. One that was added by itself wins over the entry of the same name in a job.</summary>
    public async Task<IReadOnlyList<MachineSummary>> ListAsync(CancellationToken ct)
    {
        var points = await store.RestorePointCountsAsync(ct);
        var newest = await store.NewestRestorePointsAsync(ct);
        var left = (await store.LeftoversAsync(ct)).GroupBy(row => row.Machine).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var ofJobs = await jobs.MachinesAsync(ct);
        var job = ofJobs.GroupBy(entry => entry.Machine.Name).ToDictionary(group => group.Key, group => group.First().Job, StringComparer.Ordinal);
        var list = new SortedDictionary<string, MachineSummary>(StringComparer.Ordinal);
        foreach (var row in await store.MachinesAsync(ct))
            list[row.Name] = Summary(Entry(row), row);
        foreach (var (_, machine) in ofJobs)
            if (!list.ContainsKey(machine.Name)) list[machine.Name] = Summary(machine, null);
        return [.. list.Values];

        MachineSummary Summary(MachineEntry machine, MachineRow? row)
        {
            var last = newest.TryGetValue(machine.Name, out var found) ? found : ((DateTimeOffset At, string Consistency)?)null;
            return new(machine.Name, machine.Connect, machine.Identity, machine.Platform, row?.LastTestResult, row?.LastTestAt, points.GetValueOrDefault(machine.Name), last?.At,
                Enum.TryParse<Consistency>(last?.Consistency, out var reached) ? reached : Consistency.None, left.GetValueOrDefault(machine.Name), job.GetValueOrDefault(machine.Name));
        }
    }

    /// <summary>The names of all machines, in order. Cheaper than <see cref="ListAsync"/>, for choices that are offered again and again.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken ct) =>
        [.. (await store.MachinesAsync(ct)).Select(row => row.Name).Concat((await jobs.MachinesAsync(ct)).Select(entry => entry.Machine.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Adds a machine, or changes the one of the same name.</summary>
    /// <exception cref="RefusedException">Name or address is none.</exception>
    public async Task<MachineSummary> AddAsync(MachineEntry machine, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var (document, _) = LocatedReader.Read("the machine", JsonSerializer.Serialize(machine, WithoutNulls));
        var complaint = DocumentSchema.Job.CheckPart("machine", "the machine", document!) is [var first, ..] ? first.Message : ConnectAddress.Complaint(machine.Connect);
        if (complaint is null && machine.Identity is { } identity && !Path.IsPathFullyQualified(identity))
            complaint = $"The key file '{identity}' has to be an absolute path on the server.";
        if (complaint is not null)
            throw new RefusedException(ProblemCodes.Invalid, $"The machine is not added: {complaint}");
        await store.PutMachineAsync(machine.Name, JsonSerializer.Serialize(machine, RestJson.Default.MachineEntry));
        return (await ListAsync(ct)).First(entry => entry.Name == machine.Name);
    }

    /// <summary>Removes a machine that was added by itself. Its restore points stay.</summary>
    /// <exception cref="RefusedException">There is none, or it belongs to a job.</exception>
    public async Task RemoveAsync(string name, CancellationToken ct)
    {
        if (await store.DeleteMachineAsync(name))
            return;
        throw (await jobs.MachinesAsync(ct)).FirstOrDefault(entry => entry.Machine.Name == name) is { Job: { } job }
            ? new RefusedException(ProblemCodes.Conflict, $"The machine '{name}' belongs to the job '{job}'. Take it out of the job's file and apply the job again.")
            : Unknown(name);
    }

    /// <summary>Connects to a machine, and only that (R2.7). An unreachable machine is an answer, not an exception.</summary>
    /// <exception cref="RefusedException">There is no such machine.</exception>
    public async Task<MachineTest> TestAsync(string name, CancellationToken ct)
    {
        var entry = await store.MachineAsync(name, ct) is { } row ? Entry(row) : (await jobs.MachinesAsync(ct)).FirstOrDefault(candidate => candidate.Machine.Name == name).Machine ?? throw Unknown(name);
        var id = $"test-{Guid.NewGuid():n}";
        var guest = new Guest(entry.Name, entry.Connect, entry.Identity, entry.Platform, id);
        var reply = await operations.AskAsync(id, guest, Verbs.TestMachine, new TestMachineRequest(), ContractsJson.Default.TestMachineRequest, Patience, ct);
        var test = reply is { Failure: null, Body: { } answer }
            ? Reached(name, answer.Deserialize(ContractsJson.Default.TestMachineReply)!)
            : new MachineTest(name, false, null, null, null, [reply.Failure?.Message ?? "The answer was empty."], reply.Failure?.Code ?? FailureCodes.Protocol);
        var words = test.Reachable ? (test.Problems.Count == 0 ? "ok" : string.Join("; ", test.Problems)) : $"{test.Code}: {test.Problems[0]}";
        // A machine of a job has no row of its own until it is tested.
        if (!await store.SetMachineTestAsync(name, words, time.GetUtcNow()))
        {
            await store.PutMachineAsync(name, JsonSerializer.Serialize(entry, RestJson.Default.MachineEntry));
            await store.SetMachineTestAsync(name, words, time.GetUtcNow());
        }

        return test;
    }

    private static MachineTest Reached(string name, TestMachineReply reply) => new(name, true, reply.Platform, reply.Host, reply.Account, reply.Problems, null);

    private static MachineEntry Entry(MachineRow row) => JsonSerializer.Deserialize(row.Json, RestJson.Default.MachineEntry)!;

    private static RefusedException Unknown(string name) => new(ProblemCodes.NotFound, $"There is no machine '{name}'. `quiesce machine list` shows those there are.");
}
