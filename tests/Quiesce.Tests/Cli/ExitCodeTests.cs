using Quiesce.Cli;
using Quiesce.Contracts.Rest;

namespace Quiesce.Tests.Cli;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(Result.Success, false, true, 0)]
    [InlineData(Result.Failed, false, true, 1)]
    [InlineData(Result.Warning, false, true, 3)]
    [InlineData(Result.None, false, true, 1)]
    [InlineData(Result.Success, true, true, 130)]
    [InlineData(Result.Failed, true, true, 130)]
    [InlineData(Result.None, false, false, 1)]
    public void A_session_gives_the_exit_code_of_its_result(Result result, bool cancelled, bool ended, int expected)
    {
        var report = Reports.Session(result) with { IsCanceled = cancelled, EndedAt = ended ? Reports.Start.AddSeconds(3) : null };

        Assert.Equal(expected, ExitCodes.Of(report));
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("job")]
    [InlineData("job start")]
    [InlineData("job start a --frobnicate")]
    [InlineData("job apply no-such-file.json")]
    [InlineData("machine add db1")]
    [InlineData("machine add db1 --connect local --platform amiga")]
    [InlineData("workflow run no-such-file.json")]
    public async Task A_usage_error_gives_2_and_names_the_help_page(string line)
    {
        var run = await CliRun.OfAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_a_usage_error_is_one_object_on_stderr()
    {
        var run = await CliRun.OfAsync("job", "start", "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Equal("usage", run.ErrorJson.GetProperty("code").GetString());
        Assert.Contains("NAME", run.ErrorJson.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
