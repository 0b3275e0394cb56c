using System.Text.Json.Nodes;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Rest;
using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Storage;

namespace Quiesce.Jobs;

/// <summary>
/// What one step of an instance will write, gathered before the one commit. A burst and a step of compensation fill the same draft, so that both end an instance in the same way.
/// </summary>
internal sealed class InstanceDraft(InstanceRow row, SessionHost? host, DateTimeOffset now)
{
    private readonly List<JournalRecord> _journal = [];

    public InstanceRow Row { get; } = row;
    public SessionHost? Host { get; } = host;
    public DateTimeOffset Now { get; } = now;
    public InstanceState? State { get; set; }
    public string Phase { get; set; } = RunnerPhases.Running;
    public DateTimeOffset? EndedAt { get; set; }
    public HashSet<string> Consumed { get; } = [];
    public List<string> Waiting { get; } = [];
    public List<RespondHttp> Responses { get; } = [];
    public byte[]? Executions { get; set; }
    public List<Broadcast> Broadcasts { get; } = [];
    public List<BookmarkRow> BookmarksAdded { get; } = [];
    public List<string> BookmarksRemoved { get; } = [];
    public List<OutboxRow> OutboxAdded { get; } = [];
    public HashSet<string> OutboxRemoved { get; } = [];
    public List<ObligationRow> ObligationsAdded { get; } = [];
    public List<string> ObligationsDischarged { get; } = [];
    public List<ObligationRow> ObligationsUpdated { get; } = [];
    public List<NewInstance> Children { get; } = [];
    public List<StimulusRow> Stimuli { get; } = [];
    public List<RestorePointRow> RestorePoints { get; } = [];
    public List<string> RestorePointsDeleted { get; } = [];
    public SessionUpdate? Session { get; set; }
    public TaskRow? Task { get; set; }
    public IReadOnlyList<MachineLock> Locks { get; set; } = [];
    public string? Step { get; set; }

    /// <summary>Whether this is the task of a machine.</summary>
    public bool IsTask => Host?.MachineIndex is not null && Row.Id == SessionHost.InstanceId(Host.SessionId, Host.MachineIndex.Value);

    /// <summary>Whether this is the session's own instance.</summary>
    public bool IsSession => Host is not null && Row.Id == Host.SessionId;

    /// <summary>What is known of the task.</summary>
    public TaskFacts Facts
    {
        get => State is null ? TaskFacts.None : FactsOf.Read(State.Properties);
        set
        {
            if (State is null) return;
            var properties = (JsonObject)State.Properties.DeepClone();
            FactsOf.Write(properties, value);
            State = State with { Properties = properties };
        }
    }

    /// <summary>Adds records that the burst made.</summary>
    public void Add(IEnumerable<JournalRecord> records) => _journal.AddRange(records);

    /// <summary>Adds a record of our own; the instance's sequence goes on.</summary>
    public void Log(string eventName, string? message, JsonObject? payload, bool first = false)
    {
        var sequence = first ? 0 : State!.LogSequence + 1;
        if (!first) State = State! with { LogSequence = sequence };
        _journal.Add(new JournalRecord
        {
            Id = $"{Row.Id}-{sequence:x}", ActivityInstanceId = Row.Id, ActivityType = IsSession ? "Quiesce.Session" : "Quiesce.Task",
            Timestamp = Now, Sequence = sequence, EventName = eventName, Message = message, Payload = payload,
        });
    }

    /// <summary>The journal of this step, in order.</summary>
    public IReadOnlyList<JournalRecord> Journal => _journal;

    /// <summary>Sends an operation to this task's guest.</summary>
    public void Send(string operationId, string verb, string? phase, JsonNode body, bool awaitsReply, string? obligation = null)
    {
        OutboxAdded.Add(new OutboxRow(operationId, Row.Id, Requests.OperationKind,
            Requests.Payload(verb, phase, Host!.SessionId, Host.Guest, body, obligation), 0, Now, awaitsReply));
        if (awaitsReply && verb != Verbs.CancelOperation) Step = Steps.Name(verb, phase);
    }

    /// <summary>Everything as one commit: all of it or nothing.</summary>
    public Commit ToCommit(Owner owner, long epoch)
    {
        var state = State!;
        return new Commit
        {
            Owner = owner,
            Epoch = epoch,
            Instance = Row with
            {
                Status = state.Status.ToString(), SubStatus = state.SubStatus.ToString(), Phase = Phase, State = state.ToUtf8(), UpdatedAt = Now,
                FinishedAt = EndedAt, CorrelationId = state.CorrelationId, Name = state.Name, IncidentCount = state.Incidents.Count, IsSystem = state.IsSystem,
            },
            ConsumedStimuli = [.. Consumed], WaitingStimuli = Waiting, BookmarksAdded = BookmarksAdded, BookmarksRemoved = BookmarksRemoved,
            Journal = JournalText.Pack(Row.Id, _journal), Executions = Executions, Broadcasts = Broadcasts, OutboxAdded = OutboxAdded, OutboxRemoved = [.. OutboxRemoved],
            ObligationsAdded = ObligationsAdded, ObligationsDischarged = ObligationsDischarged, ObligationsUpdated = ObligationsUpdated,
            Children = Children, StimuliAdded = Stimuli, Session = Session, Tasks = Task is null ? [] : [Task],
            RestorePoints = RestorePoints, RestorePointsDeleted = RestorePointsDeleted, MachinesLocked = Locks,
        };
    }
}

/// <summary>Where an instance stands, in the runner's words.</summary>
internal static class RunnerPhases
{
    public const string Running = "Running";
    public const string Compensating = Phases.Compensating;
    public const string Ended = "Ended";
}
