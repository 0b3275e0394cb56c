using System.Globalization;

namespace Quiesce.Storage;

/// <summary>Proves that one process alone works on a data folder: an exclusively locked file, which the kernel lets go when the process dies, however it dies.</summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, creating the folder where it is missing.</summary>
    /// <exception cref="StorageException">Another process holds the folder (the message names its process id), or the folder cannot be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "quiesce.lock");
        // Beside the locked file, because nobody else may read that one.
        var pidFile = Path.Combine(folder, "quiesce.pid");
        FileStream? file = null;
        try
        {
            CreateFolder(folder);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataFolderLock(file);
        }
        catch (IOException e) when (file is null && File.Exists(path))
        {
            throw new StorageException(StorageProblem.Locked, $"The data folder {folder} is in use by {Holder(pidFile)}. Stop that process, or give this one a folder of its own.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new StorageException(StorageProblem.Unusable, $"The data folder {folder} cannot be written: {e.Message} Give this user write access to it and room on its disk, or choose another folder.", e);
        }
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _file.Dispose();

    // The database holds scripts and the outcome of running them as root: a new folder is its user's alone.
    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Holder(string pidFile)
    {
        try
        {
            return $"process {File.ReadAllText(pidFile).Trim()}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
