namespace Quiesce.Proxy.Channels;

/// <summary>Makes words and scripts that a guest's login shell, whichever it is, passes on unchanged.</summary>
internal static class RemoteShell
{
    /// <summary>The last line that a script run by <see cref="WithStatus"/> prints: ssh's own exit code 255 could be the script's or the link's.</summary>
    public const string StatusMark = "quiesce-status ";

    /// <summary>One word, whatever it holds.</summary>
    public static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>Several words as one command.</summary>
    public static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>A script under a plain POSIX shell.</summary>
    public static string Run(string script) => "exec /bin/sh -c " + Quote(script);

    /// <summary>A script under a plain POSIX shell that ends by printing how it ended.</summary>
    public static string WithStatus(string script) => Run($"(\n{script}\n)\nprintf '\\n{StatusMark}%s\\n' \"$?\"");
}
