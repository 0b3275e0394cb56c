using Quiesce.Contracts.Bus;
using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy.Channels;

/// <summary>
/// A way into one guest: <see cref="LocalChannel"/> for this machine, <see cref="SshChannel"/> for others. Every method that needs a connection makes it;
/// trouble is a <see cref="GuestFailureException"/> whose code tells an unreachable guest from refused credentials, a failed copy and a failed start.
/// </summary>
internal interface IGuestChannel : IAsyncDisposable
{
    /// <summary><c>local</c> or <c>ssh</c>.</summary>
    string Transport { get; }

    /// <summary>Connects and authenticates, copies nothing, and says what is there and what would stop a deployment (R2.7).</summary>
    Task<GuestFacts> ExamineAsync(CancellationToken stopping);

    /// <summary>Deploys and starts a runtime, or finds the one that this deployment already has (R2.6).</summary>
    Task StartAsync(Deployment deployment, PrepareGuestRequest settings, Action<string> report, CancellationToken stopping);

    /// <summary>Attaches to the deployment's runtime and waits for its hello. Null where no runtime answers for it any more.</summary>
    Task<GuestLink?> AttachAsync(Deployment deployment, CancellationToken stopping);

    /// <summary>What a deployment without an answering runtime still has on the guest.</summary>
    Task<Remains> RemainsAsync(Deployment deployment, CancellationToken stopping);

    /// <summary>
    /// Follows the orphan rule for a runtime that died together with its guardian: what it had frozen, quiesced or half made is undone and a record is left.
    /// Does nothing where there is nothing to undo, no program to do it, or somebody is doing it.
    /// </summary>
    Task UndoAsync(Deployment deployment, CancellationToken stopping);

    /// <summary>Removes the folder of a deployment that has no process any more.</summary>
    Task RemoveAsync(Deployment deployment, CancellationToken stopping);

    /// <summary>Every readable result record of our account's runtimes on this guest.</summary>
    Task<IReadOnlyList<OrphanRecord>> ReadOrphansAsync(CancellationToken stopping);

    /// <summary>Removes one result record. Removing a missing one is success.</summary>
    Task RemoveOrphanAsync(Deployment deployment, CancellationToken stopping);
}

/// <summary>What a guest is, as far as connecting tells.</summary>
internal sealed record GuestFacts(string Platform, string Host, string Account, IReadOnlyList<string> Problems);

/// <summary>What is left of a deployment: nothing, a folder nobody works in, or a folder in which the orphan rule is still at work.</summary>
internal enum Remains
{
    Nothing,
    Folder,
    Busy,
}
