using System.Text.Json;
using Quiesce.Agent.Freezing;
using Quiesce.Agent.Native;
using Quiesce.Agent.Serving;
using Quiesce.Contracts;
using Quiesce.Contracts.Channel;

namespace Quiesce.Agent;

/// <summary><c>quiesce-agent probe</c>: that this line is printed at all shows that architecture and libraries fit; the rest tells whether the folder serves.</summary>
internal static class Probe
{
    private const long Room = 64L * 1024 * 1024;

    public static int Run(Options options)
    {
        var folder = options.Find("dir") is { } named ? Path.GetFullPath(named) : Path.GetTempPath();
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        var noExec = Files.NoExec(folder);
        var free = Files.FileSystem(folder).Free;
        var problems = new List<string>();
        if (noExec)
            problems.Add($"{folder} lies on a file system mounted noexec; name another folder for the runtime.");
        if (free < Room)
            problems.Add($"{folder} has {free / 1024 / 1024} MB free and the runtime needs {Room / 1024 / 1024} MB; make room or name another folder.");
        EntryPoint.Say(1, JsonSerializer.Serialize(new ProbeReport(Runtime.Version, Runtime.Platform, Environment.MachineName, Environment.UserName, folder, noExec, free, Capabilities.CanFreeze, problems), ContractsJson.Default.ProbeReport));
        return noExec ? EntryPoint.NoExec : free < Room ? EntryPoint.NoRoom : EntryPoint.Success;
    }
}
