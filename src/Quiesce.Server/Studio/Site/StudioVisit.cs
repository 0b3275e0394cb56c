namespace Quiesce.Server.Studio.Site;

/// <summary>Who looks at a page, and how.</summary>
/// <param name="User">Who is logged in; null when nobody has to.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c> or <c>system</c>: the console's cookie.</param>
/// <param name="Stamp">Where the shell's files are (<see cref="StudioShell.Stamp"/>).</param>
internal sealed record StudioVisit(string? User, string Theme, string Stamp);
