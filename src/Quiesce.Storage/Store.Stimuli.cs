namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>Adds stimuli. A repeat of an id is ignored, also when the first was consumed; so is one for an instance that has ended or does not exist. True when at least one was new.</summary>
    public Task<bool> AddStimuliAsync(IReadOnlyList<StimulusRow> rows) => throw new NotImplementedException();

    /// <summary>All unconsumed stimuli of an instance, also waiting ones and future timers, oldest first.</summary>
    public Task<IReadOnlyList<StimulusRow>> StimuliAsync(string instanceId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Bookmarks with this hash in all unfinished instances, oldest first; with a correlation id only those of it or of none.</summary>
    public Task<IReadOnlyList<BookmarkRow>> BookmarksByHashAsync(string hash, string? correlationId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>The bookmarks of an instance, oldest first.</summary>
    public Task<IReadOnlyList<BookmarkRow>> BookmarksAsync(string instanceId, CancellationToken ct) => throw new NotImplementedException();
}
