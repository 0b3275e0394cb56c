using System.Text.Json;
using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Agent.Scripts;

/// <summary>The post script that was handed over before the pre script was started, kept in the private folder until it is discharged.</summary>
internal static class EntrustedScriptFile
{
    private static string FileIn(string folder) => Path.Combine(folder, "entrusted.json");

    /// <exception cref="Serving.OperationException">GP-SCRIPT: it does not match its hash; then the pre script must not be started either.</exception>
    public static void Store(string folder, EntrustedScript script)
    {
        ScriptUpload.Check(script.Script);
        // Under its final name only when it is whole.
        var next = FileIn(folder) + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(script, ContractsJson.Default.EntrustedScript));
        File.Move(next, FileIn(folder), overwrite: true);
    }

    public static EntrustedScript? Find(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FileIn(folder)), ContractsJson.Default.EntrustedScript);
        }
        catch (Exception notThere) when (notThere is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public static void Discharge(string folder) => File.Delete(FileIn(folder));
}
