namespace Quiesce.Server.Screens;

/// <summary>An entry of the navigation.</summary>
/// <param name="Href">Where it leads.</param>
/// <param name="Title">Its name.</param>
/// <param name="Short">Its name where there is little room.</param>
/// <param name="Icon">A name that <c>Icon.razor</c> draws.</param>
/// <param name="Key">The key after <c>g</c>.</param>
/// <param name="Leaves">It is not a page of this console: the browser loads it anew.</param>
public sealed record NavEntry(string Href, string Title, string Short, string Icon, char Key, bool Leaves = false)
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<NavEntry> All { get; } =
    [
        new("/sessions", "Sessions", "Sessions", "sessions", 's'),
        new("/jobs", "Jobs", "Jobs", "jobs", 'j'),
        new("/machines", "Machines", "Machines", "machines", 'm'),
        new("/restore-points", "Restore points", "Points", "points", 'r'),
        new("/proxies", "Proxies", "Proxies", "proxies", 'p'),
        new("/studio/workflows/definitions", "Workflows", "Flows", "workflows", 'w', Leaves: true),
        new("/settings", "Settings", "Settings", "settings", 't'),
    ];
}
