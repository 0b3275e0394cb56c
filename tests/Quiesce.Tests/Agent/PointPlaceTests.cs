using System.Runtime.Versioning;
using Quiesce.Agent.Serving;
using Quiesce.Agent.Snapshots;
using Quiesce.Contracts.Bus;

namespace Quiesce.Tests.Agent;

[SupportedOSPlatform("linux")]
public sealed class PointPlaceTests
{
    private static readonly ProviderSettings Copy = new("directory");

    [Fact]
    public void Without_a_target_points_lie_beside_the_source() => Assert.Equal("/nowhere/.quiesce-snapshots/p1", PointPlace.Of("p1", "/nowhere/data/", Copy, null).Location);

    [Fact]
    public void A_target_takes_them_all() => Assert.Equal("/points/p1", PointPlace.Of("p1", "/nowhere/data", Copy with { Target = "/points" }, null).Location);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("x.incomplete")]
    public void An_id_that_leads_elsewhere_is_refused(string id) => Assert.Throws<OperationException>(() => PointPlace.Of(id, "/nowhere/data", Copy, null));

    [Theory]
    [InlineData("/etc")]
    [InlineData("/points/p1/..")]
    [InlineData("/points/p2")]
    public void A_location_of_something_else_is_refused(string location) => Assert.Throws<OperationException>(() => PointPlace.Of("p1", "/nowhere/data", Copy, location));

    [Fact]
    public void The_root_has_no_place_beside_it() => Assert.Throws<OperationException>(() => PointPlace.Of("p1", "/", Copy, null));
}
