using System.Runtime.Versioning;
using Quiesce.Agent.Freezing;

namespace Quiesce.Tests.Agent;

[SupportedOSPlatform("linux")]
public sealed class FreezePlanTests
{
    private const string Table = """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        23 22 0:21 / /proc rw,nosuid shared:2 - proc proc rw
        30 22 254:16 / /srv rw,relatime - ext4 /dev/vdb rw
        31 30 254:32 / /srv/db rw,relatime - xfs /dev/vdc rw
        32 31 254:48 / /srv/db/log\040files rw,relatime - ext4 /dev/vdd rw
        33 30 0:44 / /srv/share rw,relatime - nfs4 server:/export rw
        34 30 254:64 / /srv/old ro,relatime - ext4 /dev/vde rw
        35 22 0:50 / /pool rw,relatime - btrfs /dev/vdf rw
        36 22 254:16 /inner /bound rw,relatime - ext4 /dev/vdb rw
        37 22 0:60 / /layers rw - overlay overlay rw,lowerdir=/a
        """;

    private static FreezePlan Plan(string path, params string[] needed) => FreezePlan.Make(MountTable.Parse(Table), [path], needed);

    [Fact]
    public void The_deepest_is_frozen_first_and_network_and_read_only_ones_are_left_out() =>
        Assert.Equal(["/srv/db/log files", "/srv/db", "/srv"], Plan("/srv").MountPoints);

    [Fact]
    public void The_root_is_frozen_last() => Assert.Equal("/", Plan("/").MountPoints[^1]);

    [Fact]
    public void A_path_inside_freezes_only_what_holds_it_and_what_is_below() => Assert.Equal(["/srv/db/log files", "/srv/db"], Plan("/srv/db").MountPoints);

    [Fact]
    public void One_file_system_mounted_twice_is_frozen_once() =>
        Assert.Single(FreezePlan.Make(MountTable.Parse(Table), ["/bound/x", "/srv/x"], []).MountPoints);

    [Theory]
    [InlineData("/pool/data", "btrfs")]
    [InlineData("/srv/share/x", "nfs4")]
    [InlineData("/layers/x", "overlay")]
    [InlineData("/proc/1", "proc")]
    [InlineData("/srv/old", "read-only")]
    public void What_cannot_be_frozen_is_named(string path, string words)
    {
        var plan = Plan(path);
        Assert.Empty(plan.MountPoints);
        Assert.Contains(words, plan.Impossible, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/srv/db/x", "/srv/db/agent")]
    [InlineData("/srv/db", "/srv/db/log files/agent")]
    [InlineData("/srv", "/bound/agent")]
    public void What_must_stay_writable_is_never_frozen_whatever_name_it_goes_by(string path, string needed) => Assert.Contains(needed, Plan(path, needed).Impossible, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_only_begins_like_a_mount_point_is_not_on_it() => Assert.Equal("/", MountTable.Parse(Table).Holding("/srvx/file")!.MountPoint);

    [Fact]
    public void A_table_full_of_nonsense_holds_nothing() => Assert.Null(MountTable.Parse("x\n\n1 2 3\n- - -\n").Holding("/x"));
}
