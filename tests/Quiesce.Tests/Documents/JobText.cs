using System.Text;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Documents;

namespace Quiesce.Tests.Documents;

/// <summary>Job files for tests.</summary>
internal static class JobText
{
    public const string Nightly = """
        {
          "name": "nightly-db",
          "workflow": "machine-snapshot",
          "maxConcurrentMachines": 4,
          "machines": [
            { "name": "db1", "connect": "ssh://backup@10.20.0.11:22", "identity": "keys/db1", "platform": "linux" },
            { "name": "here", "connect": "local" }
          ],
          "source": { "path": "/var/lib/app" },
          "snapshot": { "provider": "btrfs", "keep": 7 },
          "guestProcessing": {
            "mode": "RequireSuccess",
            "scripts": { "mode": "RequireSuccess", "timeoutSeconds": 600, "linux": { "pre": "quiesce-db.sh", "post": "resume-db.sh" } }
          },
          "retry": { "count": 3, "waitSeconds": 600 }
        }
        """;

    public const string Smallest = """{ "name": "small", "machines": [ { "name": "here", "connect": "local" } ], "source": { "path": "/data" } }""";

    /// <summary>Without scripts a job that asks for application processing ends with a warning; this one asks for none.</summary>
    public static readonly string Plain = Smallest.Replace("\"source\"", "\"guestProcessing\": { \"mode\": \"Disabled\" }, \"source\"", StringComparison.Ordinal);

    public static readonly IReadOnlyDictionary<string, byte[]> Scripts = new Dictionary<string, byte[]>
    {
        ["quiesce-db.sh"] = "#!/bin/sh\necho hold\n"u8.ToArray(),
        ["resume-db.sh"] = "#!/bin/sh\necho go\n"u8.ToArray(),
    };

    public static ApplyJob Apply(string document, IReadOnlyDictionary<string, byte[]>? scripts = null, string? folder = "/etc/quiesce") =>
        new(document, "job.json", (scripts ?? Scripts).ToDictionary(pair => pair.Key, pair => Convert.ToBase64String(pair.Value)), folder);

    public static JobFile Read(string document, IReadOnlyDictionary<string, byte[]>? scripts = null, string? folder = "/etc/quiesce") =>
        JobFile.Read(Apply(document, scripts, folder), workflow => workflow == "machine-snapshot");

    /// <summary>The errors as "line pointer: message".</summary>
    public static IReadOnlyList<string> Errors(this JobFile file) => Lines(file, "error");

    public static IReadOnlyList<string> Warnings(this JobFile file) => Lines(file, "warning");

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static IReadOnlyList<string> Lines(JobFile file, string level) =>
        [.. file.Complaints.Where(complaint => complaint.Level == level).Select(complaint => $"{complaint.Line} {complaint.Path}: {complaint.Message}")];
}
