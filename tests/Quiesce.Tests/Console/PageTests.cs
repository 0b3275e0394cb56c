using System.Net;
using Quiesce.Contracts.Bus;
using Quiesce.Tests.Server;

namespace Quiesce.Tests.Console;

/// <summary>What the first rendering says, before any script runs.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task A_running_session_is_on_the_list_with_who_started_it()
    {
        var guest = new SimulatedGuest();
        guest.Hold(Verbs.TakeSnapshot);
        await using var server = await RunningServer.StartAsync(guest: guest);
        var session = await server.StartJobAsync("nightly");

        var page = await TextAsync(server, "sessions");

        Assert.Contains($"href=\"/sessions/{session}\"", page, StringComparison.Ordinal);
        Assert.Contains("Running", page, StringComparison.Ordinal);
        Assert.Contains("by local", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_shows_its_counts_and_machines_in_the_first_rendering()
    {
        await using var server = await RunningServer.StartAsync();
        var session = await server.StartJobAsync("nightly");
        var report = await server.EndOfAsync(session);

        var page = await TextAsync(server, $"sessions/{session}?machine={report.Tasks[0].Machine}");

        Assert.Contains("1 of 1 machine done", page, StringComparison.Ordinal);
        Assert.Contains("take snapshot", page, StringComparison.Ordinal);
        Assert.Contains("inside the snapshot", page, StringComparison.Ordinal);
        Assert.Contains(report.Tasks[0].RestorePoint!, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_says_so_and_leads_back()
    {
        await using var server = await RunningServer.StartAsync();
        await server.EndOfAsync(await server.StartJobAsync("nightly"));

        Assert.Contains("No session matches", await TextAsync(server, "sessions?result=Failed"), StringComparison.Ordinal);
        Assert.Contains("/sessions/s", await TextAsync(server, "sessions?result=Success&state=ended&job=nightly"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sessions?page=-7")]
    [InlineData("sessions?page=999999999")]
    [InlineData("sessions?result=%3Cscript%3E&state=x&job=%27%20OR%201=1")]
    public async Task Nonsense_in_the_address_is_an_empty_or_a_first_page(string address)
    {
        await using var server = await RunningServer.StartAsync();

        Assert.DoesNotContain("<script>", await TextAsync(server, address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_does_not_exist_is_named_and_leads_to_those_that_do()
    {
        await using var server = await RunningServer.StartAsync();

        var page = await TextAsync(server, "sessions/nonesuch");

        Assert.Contains("there is no session &#x27;nonesuch&#x27;", page, StringComparison.Ordinal);
        Assert.Contains("All sessions", page, StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(RunningServer server, string address)
    {
        using var response = await server.Client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
