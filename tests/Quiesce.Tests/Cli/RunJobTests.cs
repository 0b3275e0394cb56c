using System.Text.Json;
using Quiesce.Cli;
using Quiesce.Cli.Commands;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Cli;

public sealed class RunJobTests
{
    [Fact]
    public async Task The_options_become_one_machine_that_keeps_every_point_and_does_not_retry_by_itself()
    {
        var job = await JobOfAsync(Wishes() with { Connect = "ssh://backup@10.20.0.11:22", Workflow = "mine" });

        Assert.Equal(("10.20.0.11", "ssh://backup@10.20.0.11:22", "mine"), (job.Machines.Single().Name, job.Machines.Single().Connect, job.Workflow));
        Assert.Equal((0, 0), (job.Snapshot.Keep, job.Retry.Count));
    }

    [Fact]
    public async Task Without_scripts_nobody_asked_for_application_processing()
    {
        Assert.Equal(AppMode.Disabled, (await JobOfAsync(Wishes())).GuestProcessing.Mode);
    }

    [Fact]
    public async Task Scripts_of_the_same_name_from_two_folders_stay_two_scripts()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));
        Directory.CreateDirectory(folder.File("b"));
        await File.WriteAllTextAsync(folder.File("a/db.sh"), "pre");
        await File.WriteAllTextAsync(folder.File("b/db.sh"), "post");

        var apply = await RunJob.BuildAsync(Wishes() with { Pre = new FileInfo(folder.File("a/db.sh")), Post = new FileInfo(folder.File("b/db.sh")) }, CancellationToken.None);

        var pair = JsonSerializer.Deserialize(apply.Document, RestJson.Default.JobDocument)!.GuestProcessing.Scripts!.Linux!;
        Assert.Equal("pre"u8.ToArray(), Convert.FromBase64String(apply.Scripts[pair.Pre!]));
        Assert.Equal("post"u8.ToArray(), Convert.FromBase64String(apply.Scripts[pair.Post!]));
    }

    [Theory]
    [InlineData("relative/path", "directory", null)]
    [InlineData("/srv/app", "command", null)]
    [InlineData("/srv/app", "command", "make it")]
    [InlineData("/srv/app", "btrfs", "make it")]
    public async Task Options_that_do_not_fit_together_are_a_usage_error(string path, string provider, string? create)
    {
        var refused = await Assert.ThrowsAsync<CliException>(() => RunJob.BuildAsync(Wishes() with { Path = path, Provider = provider, Create = create }, CancellationToken.None));

        Assert.Equal(2, refused.ExitCode);
    }

    private static RunJob.Wishes Wishes() => new("local", "/srv/app", "directory", null, null, "machine-snapshot", null, null, null, null);

    private static async Task<JobDocument> JobOfAsync(RunJob.Wishes wishes) =>
        JsonSerializer.Deserialize((await RunJob.BuildAsync(wishes, CancellationToken.None)).Document, RestJson.Default.JobDocument)!;
}
