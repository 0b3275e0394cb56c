using Quiesce.Contracts.Rest;
using Quiesce.Jobs;

namespace Quiesce.Server.Access;

/// <summary>The folder that holds everything of a server, closed to other accounts: it holds keys, and scripts that run as root.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder, or closes the one that is there.</summary>
    /// <exception cref="RefusedException">It cannot be made or closed.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else if (!Directory.Exists(folder))
                Directory.CreateDirectory(folder, OwnerOnly);
            else if (File.GetUnixFileMode(folder).HasFlag(UnixFileMode.StickyBit))
                throw new RefusedException(ProblemCodes.Invalid, $"{folder} is shared by all accounts of this machine and cannot be a data folder. Name a folder in it.");
            else
                File.SetUnixFileMode(folder, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(ProblemCodes.Storage, $"The data folder {folder} cannot be made or closed to others: {e.Message} Give this account write access, or choose another folder.", e);
        }
    }

    /// <summary>Writes a file that only this account can read, in one step.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        // An old file of that name would keep its mode.
        File.Delete(path + ".new");
        await using (var writer = new StreamWriter(path + ".new", options))
            await writer.WriteAsync(text.AsMemory(), ct);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Puts the shipped definitions into a workflows folder. A file that is there is somebody's, whatever it holds.</summary>
    public static void FillWorkflows(string shipped, string folder)
    {
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(shipped))
            return;
        foreach (var file in Directory.EnumerateFiles(shipped, "*.json"))
            if (Path.Combine(folder, Path.GetFileName(file)) is var target && !File.Exists(target))
                File.Copy(file, target);
    }
}
