using System.Runtime.InteropServices;

namespace Quiesce.Cli.Demo;

/// <summary>The demo's temporary folder: the application, its control pipes, the two scripts, the host's data and the place to restore to. Removed at the end, whatever happened.</summary>
internal sealed class DemoFolder : IDisposable
{
    private DemoFolder(string root) => Root = root;

    public string Root { get; }

    public string Application => Path.Combine(Root, "app");

    public string Database => Path.Combine(Application, DatabaseName);

    public string Control => Path.Combine(Root, "control");

    public string Points => Path.Combine(Root, "restore-points");

    public string Data => Path.Combine(Root, "data");

    public string Restored => Path.Combine(Root, "restored");

    public string RestoredDatabase => Path.Combine(Restored, DatabaseName);

    private const string DatabaseName = "orders.db";

    public static DemoFolder Create()
    {
        if (OperatingSystem.IsWindows())
            throw new CliException(CliException.Codes.Demo, "The demo's scripts need /bin/sh, which Windows has not. Run it on Linux or macOS.");
        var folder = new DemoFolder(Directory.CreateTempSubdirectory("quiesce-demo-").FullName);
        Directory.CreateDirectory(folder.Application);
        Directory.CreateDirectory(folder.Control);
        MakePipe(Path.Combine(folder.Control, DemoWriter.Ask));
        MakePipe(Path.Combine(folder.Control, DemoWriter.Answer));
        return folder;
    }

    /// <summary>Asks the application to stop after the commit in hand, and waits until it says that it has. Built-in commands of the shell only.</summary>
    public string PreScript => Script("quiesce", "quiesced");

    /// <summary>Asks the application to go on.</summary>
    public string PostScript => Script("resume", "resumed");

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // Whatever a process still writes there is temporary by its place; the demo's verdict does not depend on it.
        }
    }

    private string Script(string order, string expected) =>
        $"""
        #!/bin/sh
        control='{Control.Replace("'", "'\\''")}'
        echo {order} > "$control/{DemoWriter.Ask}"
        read -r state commits < "$control/{DemoWriter.Answer}"
        echo "$state after $commits commits"
        [ "$state" = {expected} ]

        """;

    private static void MakePipe(string path)
    {
        if (mkfifo(path, Convert.ToUInt32("600", 8)) != 0)
            throw new CliException(
                CliException.Codes.Demo, $"The named pipe {path} cannot be made ({Marshal.GetLastPInvokeErrorMessage()}). Set TMPDIR to a folder on a local file system and run the demo again.");
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable CA2101, SYSLIB1054, IDE1006 // The C library's own name; its strings are the platform's, which is UTF-8 here.
    private static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
#pragma warning restore CA2101, SYSLIB1054, IDE1006
}
