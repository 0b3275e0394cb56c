using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Access;
using Quiesce.Storage;

namespace Quiesce.Server.Hosting;

/// <summary>How long sessions and the audit are kept: the settings, and the hourly round that keeps to them (R5.25). Restore points are the jobs' own business.</summary>
public sealed class Retention(Store store, AuditTrail audit, TimeProvider time, ILogger<Retention> log) : BackgroundService
{
    private const string Key = "retention";
    private const int Longest = 5200;
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>What is in force.</summary>
    public async Task<ServerSettings> SettingsAsync(CancellationToken ct) =>
        await store.SettingAsync(Key, ct) is { } json ? JsonSerializer.Deserialize(json, RestJson.Default.ServerSettings)! : new ServerSettings();

    /// <summary>Changes what is in force; in force at once, the next round deletes what is too old then.</summary>
    /// <param name="check">Looks at what was in force so far, and throws where the change must not be.</param>
    /// <exception cref="RefusedException">A period is none.</exception>
    public async Task<ServerSettings> ChangeAsync(ServerSettings settings, Func<ServerSettings, Task>? check, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SessionWeeks is < 0 or > Longest || settings.AuditDays is < 0 or > Longest * 7)
            throw new RefusedException(ProblemCodes.Invalid, $"sessionWeeks is {settings.SessionWeeks} and auditDays {settings.AuditDays}; they go from 0, which is for ever, to {Longest} weeks and {Longest * 7} days.");
        await _changing.WaitAsync(ct);
        try
        {
            if (check is not null)
                await check(await SettingsAsync(ct));
            await store.SetSettingAsync(Key, JsonSerializer.Serialize(settings, RestJson.Default.ServerSettings));
            return settings;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Deletes what is too old now. How many sessions went.</summary>
    public async Task<int> KeepToAsync(CancellationToken ct)
    {
        var settings = await SettingsAsync(ct);
        var (now, deleted) = (time.GetUtcNow(), 0);
        if (settings.AuditDays > 0)
            await store.TrimAuditAsync(now.AddDays(-settings.AuditDays));
        if (settings.SessionWeeks == 0)
            return 0;
        while (await store.SessionsEndedBeforeAsync(now.AddDays(-7 * settings.SessionWeeks), 100, ct) is { Count: > 0 } old)
            foreach (var session in old)
                if (await DeleteAsync(session))
                    deleted++;
        return deleted;
    }

    /// <summary>Deletes an ended session; its audit record says what it was (R5.26).</summary>
    public async Task<bool> DeleteAsync(SessionRow session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!await store.DeleteSessionAsync(session.Id))
            return false;
        await audit.NoteAsync(null, "ForgetSession", $"sessions/{session.Id}", AuditTrail.Done, $"job {session.Job}, {session.Result}, started {session.StartedAt:u} by {session.InitiatedBy}, ended {session.EndedAt:u}");
        return true;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _changing.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await RoundAsync(stoppingToken);
                await Task.Delay(Round, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what is too old is so at the next start too.
        }
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        try
        {
            if (await KeepToAsync(stopping) is > 0 and var deleted)
                log.LogInformation("{Count} sessions were older than they are kept, and are deleted", deleted);
        }
        catch (StorageException e)
        {
            log.LogError(e, "What is older than it is kept could not be deleted; the next try is in {Round}", Round);
        }
    }
}
