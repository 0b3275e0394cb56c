using Quiesce.Contracts.Bus;

namespace Quiesce.Proxy.Deploy;

/// <summary>Tells apart why a copied agent does not run, from what the guest's loader and shell said.</summary>
internal static class StartFailure
{
    public static GuestFailureException Of(string machine, string folder, int? exitCode, string errors)
    {
        var said = LastLine(errors);
        if (Has(errors, "Exec format error") || Has(errors, "cannot execute binary file") || Has(errors, "Syntax error") || Has(errors, "ELF"))
            return new(FailureCodes.Start, $"The agent copied to {machine} is for another processor architecture ({said}). Publish the agent for the guest's platform and put it into AgentDownloads.");
        if (Has(errors, "error while loading shared libraries") || Has(errors, "cannot open shared object file") || Has(errors, "GLIBC") || Has(errors, "GLIBCXX"))
            return new(FailureCodes.Start, $"A library that the agent needs is missing on {machine} ({said}). Install it there: on Debian and its kin, apt install libstdc++6 libgcc-s1.");
        if (Has(errors, "No space left on device"))
            return new(FailureCodes.Deploy, $"There is no room in {folder} on {machine} ({said}). Free 64 MB there or set RuntimeFolder to a folder that has it.", retryable: true);
        if (exitCode == 126 || Has(errors, "Permission denied"))
            return new(FailureCodes.Deploy, $"{folder} on {machine} does not allow programs to run ({said}): it is mounted noexec or a policy forbids it. Set RuntimeFolder to a folder that allows it.");
        if (exitCode == 127 || Has(errors, "No such file or directory"))
            return new(FailureCodes.Start, $"The agent's program loader is missing on {machine} ({said}): the guest has another C library than the agent was published for. Publish the agent for it (such as linux-musl-x64).");
        return new(FailureCodes.Start, $"The agent did not start on {machine}{(exitCode is { } code ? $" (exit code {code})" : "")}: {(said.Length == 0 ? "it said nothing" : said)}. See whether a policy or a scanner on the guest blocks {folder}.", retryable: true);
    }

    public static GuestFailureException Late(string machine, TimeSpan limit) =>
        new(FailureCodes.Start, $"The agent on {machine} was started and did not answer within {limit.TotalSeconds:0} s. See whether a policy or a scanner on the guest blocks it, or raise StartTimeout.", retryable: true);

    internal static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? last.TrimEnd('.') : "";

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);
}
