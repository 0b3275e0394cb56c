using Quiesce.Contracts.Rest;
using Quiesce.EndToEnd.Tests.Agent;

namespace Quiesce.EndToEnd.Tests.Crash;

/// <summary>The server is killed while the guest's file system, an ext4 of our own, is frozen around the user's own create program.</summary>
public sealed class FrozenKillTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(60, true)]
    [InlineData(60, false)]
    public async Task A_frozen_file_system_is_thawed_when_the_server_dies(int thawAfterSeconds, bool comesBack)
    {
        using var disk = new LoopFileSystem("ext4", 32);
        var application = disk.In("app");
        Directory.CreateDirectory(application);
        await File.WriteAllTextAsync(Path.Combine(application, "data.txt"), "precious");
        await using var site = new CrashSite(application, graceSeconds: comesBack ? 60 : 2, folder => Settings(folder, thawAfterSeconds));
        site.Folder.Script("create.sh", $"mkdir -p {site.Points}/$QUIESCE_RESTORE_POINT_ID\ncp $QUIESCE_SOURCE_PATH/data.txt {site.Points}/$QUIESCE_RESTORE_POINT_ID/\n[ ! -p {site.Gate} ] || {{ : > {site.Folder.At("frozen")}; read word < {site.Gate}; }}\necho {site.Points}/$QUIESCE_RESTORE_POINT_ID");
        site.Folder.Script("delete.sh", $"rm -rf {site.Points}/$QUIESCE_RESTORE_POINT_ID");
        await site.BlockAsync();
        await site.ServeAsync();
        await site.ApplyAsync();
        var session = await site.StartAsync("first");
        await site.UntilAsync("frozen");
        Assert.True(disk.IsFrozen());

        await site.KillAsync();
        if (thawAfterSeconds == 2 || !comesBack)
            // Nobody is there: the guest's own timer, or the orphan rule after the grace time.
            await CrashSite.UntilAsync(() => !disk.IsFrozen(), "the guest to thaw by itself");
        if (!comesBack)
            await CrashSite.UntilAsync(() => site.Processes().Count == 0, "the orphan rule");
        await site.ServeAsync();
        var report = await Aftermath.CheckAsync(site, session);

        Assert.False(disk.IsFrozen());
        Assert.Equal(Result.Failed, report.Result);
        Assert.Equal(1, site.Starts("post", session));
        Assert.Empty(SiteProcesses.With(site.Folder.At("create.sh")));
        site.LetPass();
        await Aftermath.CheckNextAsync(site, session);
    }

    private static string Settings(Cli.TestFolder folder, int thawAfterSeconds) => $$"""
        { "provider": "command", "freeze": "always", "thawAfterSeconds": {{thawAfterSeconds}},
          "create": ["/bin/sh", "{{folder.At("create.sh")}}"], "delete": ["/bin/sh", "{{folder.At("delete.sh")}}"], "restore": ["/bin/false"] }
        """;
}
