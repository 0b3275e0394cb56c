namespace Quiesce.Jobs.Documents;

/// <summary>What can be said of a script file before anybody runs it (R4.5, R4.6).</summary>
internal static class ScriptCheck
{
    /// <summary>A script is a few lines; whoever needs more installs it in the guest and calls it.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly string[] Linux = [".sh"];
    private static readonly string[] Windows = [".exe", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".wsf"];

    /// <summary>Complaints about the name, as words and level.</summary>
    public static (string Message, string Level)? Name(string name, string platform)
    {
        var allowed = platform == "windows" ? Windows : Linux;
        return allowed.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
            ? null
            : ($"'{name}' cannot be run on {platform}: its name has to end in {string.Join(", ", allowed)}.", "error");
    }

    /// <summary>Complaints about the content, as words and level.</summary>
    public static (string Message, string Level)? Content(string name, string platform, byte[] content)
    {
        if (content.Length == 0)
            return ($"The script file '{name}' is empty.", "error");
        if (content.Length > MaxBytes)
            return ($"The script file '{name}' has {content.Length} bytes; at most {MaxBytes} are taken over. Install the program in the guest and call it from a short script.", "error");
        if (platform == "windows")
            return IsBatch(name) && HasBareLineFeed(content) ? ($"'{name}' has Unix line ends, which the command processor may misread. Save it with CRLF.", "warning") : null;

        var firstLine = content.AsSpan(0, content.AsSpan().IndexOf((byte)'\n') is var end and >= 0 ? end : content.Length);
        if (firstLine.StartsWith("#!"u8) && firstLine.Contains((byte)'\r'))
            return ($"The first line of '{name}' ends in a carriage return, so that the guest would not find its interpreter. Save the file with Unix line ends (LF).", "error");
        return content.AsSpan().IndexOf("\r\n"u8) >= 0 ? ($"'{name}' has Windows line ends, which a shell takes for part of each command. Save it with Unix line ends (LF).", "warning") : null;
    }

    private static bool IsBatch(string name) => Path.GetExtension(name).ToLowerInvariant() is ".bat" or ".cmd";

    private static bool HasBareLineFeed(ReadOnlySpan<byte> content)
    {
        for (var i = 0; i < content.Length; i++)
            if (content[i] == (byte)'\n' && (i == 0 || content[i - 1] != (byte)'\r'))
                return true;
        return false;
    }
}
