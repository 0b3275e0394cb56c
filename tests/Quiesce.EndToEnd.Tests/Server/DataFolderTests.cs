using System.Text.Json;
using Quiesce.EndToEnd.Tests.Cli;

namespace Quiesce.EndToEnd.Tests.Server;

public sealed class DataFolderTests
{
    [Fact]
    public async Task A_second_process_on_a_data_folder_is_refused_with_the_first_ones_id_until_that_is_killed()
    {
        using var folder = new TestFolder();
        await using var first = await ServeAsync(folder);
        var pid = Told(folder).GetProperty("pid").GetInt32();

        await using var second = await QuiesceProcess.RunAsync(folder, Arguments(folder));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"is in use by process {pid}", second.Error, StringComparison.Ordinal);
        Assert.Equal(pid, Told(folder).GetProperty("pid").GetInt32());

        first.Signal("KILL");
        await first.EndAsync();
        await using var third = await ServeAsync(folder);
        Assert.NotEqual(pid, Told(folder).GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task A_data_folder_that_is_damaged_is_refused_in_words()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "quiesce.db"), new string('x', 10_000));

        await using var server = await QuiesceProcess.RunAsync(folder, Arguments(folder));

        Assert.Equal(1, server.ExitCode);
        Assert.Contains("quiesce.db", server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
    }

    private static string[] Arguments(TestFolder folder) => ["serve", "--data", folder.Data, "--urls", "http://127.0.0.1:0"];

    private static async Task<QuiesceProcess> ServeAsync(TestFolder folder)
    {
        var server = QuiesceProcess.Start(folder, Arguments(folder));
        await server.SaysAsync("Stop with Ctrl-C.");
        return server;
    }

    private static JsonElement Told(TestFolder folder) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(folder.Data, "server.json")));
}
