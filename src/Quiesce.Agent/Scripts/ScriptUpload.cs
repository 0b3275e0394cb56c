using System.Security.Cryptography;
using System.Text;
using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Scripts;

/// <summary>A script as it arrives: checked against its hash, looked at for what makes it fail for certain, and written under a random name for its owner only (R4.6, R4.11).</summary>
internal static class ScriptUpload
{
    /// <summary>The bytes, or a failure that says what does not match.</summary>
    /// <exception cref="OperationException">GP-SCRIPT: the hash differs, the content is no base64, or its first line cannot work.</exception>
    public static byte[] Check(ScriptFile? script)
    {
        if (script?.Content is null || script.Sha256 is null)
            throw new OperationException(FailureCodes.Protocol, "The request holds no script: it needs name, content and sha256.");
        byte[] content;
        try
        {
            content = Convert.FromBase64String(script.Content);
        }
        catch (FormatException)
        {
            throw new OperationException(FailureCodes.Script, $"The content of script {script.Name} is no base64; it was not started. Send it again.");
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (!string.Equals(hash, script.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new OperationException(FailureCodes.Script, $"Script {script.Name} arrived with sha256 {hash}, but {script.Sha256} was announced; it was not started. Apply the job again, then repeat.");
        if (Interpreter(content) is { } line && line.Contains('\r'))
            throw new OperationException(FailureCodes.Script,
                $"The first line of script {script.Name} ends in a carriage return, so its interpreter '{line.TrimEnd('\r')}\\r' does not exist; it was not started. Save it with LF line endings (sed -i 's/\\r$//' {script.Name}).");
        return content;
    }

    /// <summary>What stands after <c>#!</c>, or null where there is no such line.</summary>
    public static string? Interpreter(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("#!"u8))
            return null;
        var line = content[2..];
        var end = line.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? line : line[..end]).TrimStart(' ', '\t');
    }

    /// <summary>Writes the copy that is run, mode 0700, under a name nobody can guess. The caller removes it, whatever the outcome.</summary>
    public static string Write(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        try
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            });
            file.Write(content);
        }
        catch (IOException full)
        {
            File.Delete(path);
            throw new OperationException(FailureCodes.Script, $"Script {name} could not be written to {folder} on {Environment.MachineName}; it was not started: {full.Message} Make room there or name another folder for scripts.");
        }
        return path;
    }

    /// <summary>Why a script that is there could not be started, in words that say what to do.</summary>
    public static string WhyNot(int error, string name, string path, byte[] content)
    {
        var interpreter = Interpreter(content)?.Split(' ', '\t')[0];
        return error switch
        {
            Posix.ENOENT when interpreter is not null => $"the interpreter '{interpreter}' named in the first line of {name} is not on this machine. Install it or change the line.",
            Posix.EACCES when Files.NoExec(path) => $"the folder {Path.GetDirectoryName(path)} lies on a file system mounted noexec. Name another folder for scripts (serve --scripts DIR).",
            Posix.EACCES when interpreter is not null => $"the interpreter '{interpreter}' named in the first line of {name} may not be executed by {Environment.UserName}.",
            _ => $"{PosixException.Words(error)}.",
        };
    }
}
