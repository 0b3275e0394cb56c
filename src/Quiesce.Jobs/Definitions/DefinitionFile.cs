using System.Security.Cryptography;
using System.Text;

namespace Quiesce.Jobs.Definitions;

/// <summary>What became of a file of the workflows folder.</summary>
/// <param name="Problem">Why it is not in force; null when it is.</param>
public sealed record DefinitionChange(string File, string? DefinitionId, int Version, string? Problem)
{
    /// <summary>What somebody should know who worked on the definition meanwhile; null for nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>A file of the workflows folder as it was when it was last looked at.</summary>
/// <param name="Text">Its content while it is new; not kept.</param>
internal sealed record DefinitionFile(string Path, long Length, DateTimeOffset WrittenAt, string? DefinitionId, string? Text, string? Problem)
{
    /// <summary>A thousand activities with everything a designer adds are two megabytes.</summary>
    private const long MaxBytes = 8 << 20;

    /// <summary>The file now: the known record where nothing changed, null where it vanished meanwhile.</summary>
    public static async Task<DefinitionFile?> LookAsync(string path, DefinitionFile? known, CancellationToken ct)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
                return null;
            if (known is not null && known.Length == info.Length && known.WrittenAt == info.LastWriteTimeUtc)
                return known;
            var now = new DefinitionFile(path, info.Length, info.LastWriteTimeUtc, null, null, null);
            return info.Length > MaxBytes ? now with { Problem = $"It has {info.Length} bytes; at most {MaxBytes} are read." } : now with { Text = await File.ReadAllTextAsync(path, ct) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = $"It cannot be read: {e.Message}";
            return known?.Problem?.EndsWith(problem, StringComparison.Ordinal) == true ? known : new DefinitionFile(path, -1, default, null, null, problem);
        }
    }

    /// <summary>The file that a definition has already, or one named after it.</summary>
    public static string For(string definitionId, string folder, IEnumerable<DefinitionFile> files)
    {
        var known = files.Where(file => file.DefinitionId == definitionId).OrderBy(file => file.Problem is not null).FirstOrDefault();
        if (known is not null)
            return known.Path;
        var name = new string([.. definitionId.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-')]);
        // An id that cannot be a file name gets a mark of its own, so that two of them do not meet in one file.
        return System.IO.Path.Combine(folder, (name == definitionId && name.Length <= 100 ? name : $"{name[..Math.Min(name.Length, 60)]}-{Hash(definitionId)[..8]}") + ".json");
    }

    /// <summary>Writes a file in one step and to the disk: whoever reads it meanwhile, or after a crash, sees the old one or the new one. Null where it cannot be written; the old one is untouched then.</summary>
    /// <param name="unlessSame">The text that the file has: the same is not written again.</param>
    public static DefinitionFile? TryWrite(string path, string json, string definitionId, out string? problem, string? unlessSame = null)
    {
        problem = null;
        var fresh = path + ".new";
        try
        {
            if (json != unlessSame)
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
                // A file that its owner protected is not replaced behind his back: renaming would.
                if (File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
                    throw new UnauthorizedAccessException("The file is read-only.");
                using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write))
                {
                    stream.Write(Encoding.UTF8.GetBytes(json));
                    stream.Flush(flushToDisk: true);
                }

                File.Move(fresh, path, overwrite: true);
            }

            var info = new FileInfo(path);
            return new DefinitionFile(path, info.Length, info.LastWriteTimeUtc, definitionId, null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
            TryDelete(fresh);
            return null;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A remainder is written over the next time; it is no definition, because of its name.
        }
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
