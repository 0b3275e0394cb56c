using System.Globalization;

namespace Quiesce.Storage;

/// <summary>Proves that one process alone works on a data folder: an exclusively locked file, which the kernel lets go when the process dies, however it dies.</summary>
public sealed class DataFolderLock : IDisposable
{
    private const string FileName = "quiesce.lock";
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, creating the folder where it is missing.</summary>
    /// <exception cref="StorageException">Another process holds the folder (the message names its process id), or the folder cannot be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        FileStream file;
        try
        {
            Directory.CreateDirectory(folder);
            // Elsewhere than on Windows, FileShare.None is an advisory lock that still lets others read who holds it; on Windows Read does the same.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException(StorageProblem.Unusable, $"The data folder {folder} cannot be written: {e.Message} Give this user write access to it, or choose another folder.", e);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new StorageException(StorageProblem.Locked, $"The data folder {folder} is in use by {Holder(path)}. Stop that process, or give this one a folder of its own.", e);
        }
        catch (IOException e)
        {
            throw new StorageException(StorageProblem.Unusable, $"The data folder {folder} cannot be created: {e.Message} Choose another folder.", e);
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new DataFolderLock(file);
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _file.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var pid = reader.ReadToEnd().Trim();
            return pid.Length == 0 ? "another process" : $"process {pid}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
