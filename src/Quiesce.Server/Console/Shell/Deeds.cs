using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs;
using Quiesce.Server.Access;
using Quiesce.Storage;
using Radzen;

namespace Quiesce.Server.Screens;

/// <summary>What a visitor does on a page: asked first where it destroys something, checked against their role, and its end told in the notification area.</summary>
public sealed class Deeds(Visitor visitor, NotificationService notifications, DialogService dialogs, Pulse pulse, AuditTrail audit, ILogger<Deeds> log)
{
    /// <summary>How long a notice stays; a refusal stays longer, because it says what to do.</summary>
    private const double NoticeMs = 5_000, RefusalMs = 15_000;

    /// <summary>Does it, and says how it ended. False when it was not done; a page only has to look at that where it goes on from there.</summary>
    /// <param name="role">The role it asks for.</param>
    /// <param name="what">In the infinitive, such as "stop nightly".</param>
    /// <param name="done">What to tell afterwards; null for nothing, where the page shows it anyway.</param>
    public async Task<bool> TryAsync(string role, string what, Func<Task> deed, string? done = null)
    {
        ArgumentNullException.ThrowIfNull(deed);
        if (!await visitor.MayAsync(role))
        {
            await NoteAsync(what, ProblemCodes.Forbidden);
            Refuse(what, $"Your key has not the role '{role}'. Ask an administrator, or log in with another key.");
            return false;
        }

        try
        {
            await deed();
            await NoteAsync(what, AuditTrail.Done);
            pulse.Note();
            if (done is not null)
                notifications.Notify(NotificationSeverity.Success, done, duration: NoticeMs);
            return true;
        }
        catch (RefusedException refused)
        {
            await NoteAsync(what, refused.Code);
            Refuse(what, refused.Message);
        }
        catch (StorageException trouble)
        {
            log.LogError(trouble, "{What} on the console met the database's trouble", what);
            Refuse(what, trouble.Message);
        }

        return false;
    }

    /// <summary>Asks before something that cannot be taken back. True when the visitor said yes.</summary>
    /// <param name="yes">The button's words: the deed itself, never "OK".</param>
    public async Task<bool> ConfirmAsync(string title, string question, string yes) =>
        await dialogs.Confirm(question, title, new ConfirmOptions { OkButtonText = yes, CancelButtonText = "Leave it", CloseDialogOnEsc = true, AutoFocusFirstElement = true }) == true;

    /// <summary>The audit names what was done on the console in the console's words.</summary>
    private async Task NoteAsync(string what, string outcome) => await audit.NoteAsync(await visitor.PrincipalAsync(), what, null, outcome, "console");

    private void Refuse(string what, string why) => notifications.Notify(NotificationSeverity.Error, $"Could not {what}", why, RefusalMs);
}
