namespace Quiesce.Server.Screens;

/// <summary>Light, dark, or whatever the visitor's system prefers. Kept in a cookie, so that the first paint is right already; nothing else is in it.</summary>
public sealed record Theme(string Word)
{
    /// <summary>Written by <c>console.js</c>.</summary>
    public const string Cookie = "theme";

    /// <summary>Follows the system.</summary>
    public static Theme System { get; } = new("system");

    /// <summary>The theme that a cookie names; anything else is the system's.</summary>
    public static Theme Of(string? cookie) => cookie is "light" or "dark" ? new Theme(cookie) : System;

    /// <summary>When the light style sheets are in force.</summary>
    public string LightMedia => Word switch { "light" => "all", "dark" => "not all", _ => "not (prefers-color-scheme: dark)" };

    /// <summary>When the dark ones are.</summary>
    public string DarkMedia => Word switch { "light" => "not all", "dark" => "all", _ => "(prefers-color-scheme: dark)" };

    /// <summary>What the browser may draw of its own, such as scroll bars.</summary>
    public string ColorScheme => Word == "system" ? "light dark" : Word;
}
