using Quiesce.Engine;

namespace Quiesce.Tests.Engine;

public class HttpRouteTests
{
    [Theory]
    [InlineData("/orders", "/Orders/", "")]
    [InlineData("orders/{id}", "/orders/7", "id=7")]
    [InlineData("/orders/{id:int}", "/orders/-7", "id=-7")]
    [InlineData("/orders/{id?}", "/orders", "")]
    [InlineData("/orders/{page=1}", "/orders", "page=1")]
    [InlineData("/files/{*rest}", "/files/a/b/c", "rest=a/b/c")]
    [InlineData("/files/{name}/report-{month}.csv", "/files/Me/report-2026-01.csv", "name=Me,month=2026-01")]
    [InlineData("/{kind:alpha:length(2,4)}/{id:guid}", "/abc/6f9619ff-8b86-d011-b42d-00cf4fc964ff", "kind=abc,id=6f9619ff-8b86-d011-b42d-00cf4fc964ff")]
    [InlineData("/", "/", "")]
    public void Path_that_fits_gives_its_values(string template, string path, string values) =>
        Assert.Equal(values, string.Join(',', HttpRoute.Parse(template).Match(path)!.Select(v => $"{v.Key}={v.Value}")));

    [Theory]
    [InlineData("/orders", "/orders/7")]
    [InlineData("/orders/{id}", "/orders")]
    [InlineData("/orders/{id:int}", "/orders/seven")]
    [InlineData("/orders/{id:range(1,5)}", "/orders/6")]
    [InlineData("/orders/{id}", "/bills/7")]
    [InlineData("/report-{month}.csv", "/report-.csv")]
    public void Path_that_does_not_fit_is_null(string template, string path) => Assert.Null(HttpRoute.Parse(template).Match(path));

    [Theory]
    [InlineData("/a/{b", "not understood")]
    [InlineData("/a/{b}{c}", "not understood")]
    [InlineData("/a/{}", "no parameter name")]
    [InlineData("/a/{x}/{X}", "occurs twice")]
    [InlineData("/a/{*x}/b", "takes all the rest")]
    [InlineData("/a/{x:prime}", "'prime' is not known here")]
    public void Template_that_is_none_is_refused_with_the_part(string template, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => HttpRoute.Parse(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void Literal_comes_before_parameter_and_parameter_before_the_rest()
    {
        string[] templates = ["/{*all}", "/orders/{id}", "/orders/new", "/orders/{id:int}", "/orders/no-{id}"];

        Assert.Equal(
            ["/orders/new", "/orders/no-{id}", "/orders/{id:int}", "/orders/{id}", "/{*all}"],
            templates.Select(HttpRoute.Parse).OrderBy(r => r.Precedence, StringComparer.Ordinal).Select(r => r.Template));
    }
}
