using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.EndToEnd.Tests.Agent;

public sealed class ScriptTests : IDisposable
{
    private readonly RunningAgent agent = RunningAgent.Start();
    private readonly AgentLink link;

    public ScriptTests() => link = agent.Attach();

    public void Dispose()
    {
        link.Dispose();
        agent.Dispose();
    }

    private string Path(string name) => System.IO.Path.Combine(agent.Around, name);

    /// <summary>Dead counts as gone: collecting an orphan is up to the system.</summary>
    private static void AssertGone(string pid) => RunningAgent.Until(() =>
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }, $"process {pid} is gone");

    [Fact]
    public void A_script_that_ends_well_tells_output_environment_and_time()
    {
        var reply = link.Run("1", "#!/bin/sh\necho \"phase $QUIESCE_PHASE\"; echo oops >&2; cat; exit 0\n");
        Assert.Null(reply.Failure);
        var script = AgentLink.Script(reply);
        Assert.True(script.Succeeded);
        Assert.Equal("phase pre\n", script.StdOut);
        Assert.Equal("oops\n", script.StdErr);
        Assert.Equal(Environment.UserName, script.Account);
        Assert.InRange(script.DurationMs, 0.1, 30_000);
    }

    [Fact]
    public void A_script_that_fails_tells_both_the_failure_and_its_outcome()
    {
        var reply = link.Run("1", "#!/bin/sh\necho half done\nexit 7\n");
        Assert.Equal(FailureCodes.Script, reply.Failure!.Code);
        Assert.Contains("7", reply.Failure.Message, StringComparison.Ordinal);
        Assert.Equal((7, "half done\n"), (AgentLink.Script(reply).ExitCode, AgentLink.Script(reply).StdOut));
    }

    [Fact]
    public void A_script_without_a_first_line_is_run_by_the_shell() => Assert.Equal("plain\n", AgentLink.Script(link.Run("1", "echo plain\n")).StdOut);

    [Fact]
    public void Text_on_stderr_is_a_failure_only_where_the_job_says_so()
    {
        Assert.Null(link.Run("1", "#!/bin/sh\necho note >&2\n").Failure);
        Assert.Equal(FailureCodes.Script, link.Run("2", "#!/bin/sh\necho note >&2\n", stderrIsFailure: true).Failure!.Code);
    }

    [Fact]
    public void A_script_that_ignores_the_request_to_end_is_killed_with_its_children()
    {
        var reply = link.Run("1", $"#!/bin/sh\ntrap '' TERM\nsh -c 'trap \"\" TERM; echo $$ > {Path("child")}; while :; do sleep 1; done' &\nwhile :; do sleep 1; done\n", timeout: 1);
        var script = AgentLink.Script(reply);
        Assert.True(script.TimedOut);
        Assert.Equal(FailureCodes.Script, reply.Failure!.Code);
        Assert.InRange(script.DurationMs, 10_500, 25_000);
        AssertGone(File.ReadAllText(Path("child")).Trim());
    }

    [Fact]
    public void What_a_script_leaves_running_in_its_group_is_killed_when_it_ends()
    {
        var script = AgentLink.Script(link.Run("1", $"#!/bin/sh\nsleep 600 &\necho $! > {Path("child")}\necho done\n"));
        Assert.Equal("done\n", script.StdOut);
        Assert.InRange(script.DurationMs, 0, 10_000);
        AssertGone(File.ReadAllText(Path("child")).Trim());
    }

    [Fact]
    public void A_silent_script_is_ended_early_where_the_job_says_so()
    {
        var reply = link.Run("1", "#!/bin/sh\necho once\nsleep 600\n", silence: 1);
        Assert.True(AgentLink.Script(reply).TimedOut);
        Assert.Contains("wrote nothing", reply.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_output_keeps_its_first_and_last_64_KiB()
    {
        var output = AgentLink.Script(link.Run("1", "#!/bin/sh\necho first\nhead -c 1000000 /dev/zero | tr '\\0' x\necho last\n")).StdOut;
        Assert.StartsWith("first\n", output, StringComparison.Ordinal);
        Assert.EndsWith("last\n", output, StringComparison.Ordinal);
        Assert.Contains("bytes left out", output, StringComparison.Ordinal);
        Assert.InRange(output.Length, 2 * 65_536, 2 * 65_536 + 100);
    }

    [Theory]
    [InlineData("#!/bin/sh\r\necho hello\r\n", "LF line endings")]
    [InlineData("#!/no/such/interpreter\necho hello\n", "/no/such/interpreter")]
    public void A_script_that_cannot_start_says_why_and_counts_as_not_started(string text, string words)
    {
        var reply = link.Run("1", text);
        Assert.Equal(FailureCodes.Script, reply.Failure!.Code);
        Assert.Contains(words, reply.Failure.Message, StringComparison.Ordinal);
        Assert.False(reply.Body is not null && AgentLink.Script(reply).Started);
    }

    [Fact]
    public void A_script_that_does_not_match_its_hash_is_not_started()
    {
        var request = AgentLink.ScriptRequest($"#!/bin/sh\ntouch {Path("ran")}\n");
        var reply = link.Ask("1", request with { Script = request.Script with { Sha256 = new string('0', 64) } }, ContractsJson.Default.RunScriptRequest);
        Assert.Equal(FailureCodes.Script, reply.Failure!.Code);
        Assert.False(File.Exists(Path("ran")));
    }

    [Fact]
    public void A_pre_script_is_not_started_when_the_entrusted_script_does_not_match_its_hash()
    {
        var request = AgentLink.ScriptRequest($"#!/bin/sh\ntouch {Path("ran")}\n", entrusted: "#!/bin/sh\n");
        var reply = link.Ask("1", request with { Entrusted = request.Entrusted! with { Script = request.Entrusted.Script with { Sha256 = new string('0', 64) } } }, ContractsJson.Default.RunScriptRequest);
        Assert.Equal(FailureCodes.Script, reply.Failure!.Code);
        Assert.False(File.Exists(Path("ran")));
    }

    [Fact]
    public void The_uploaded_copy_is_for_its_owner_only_and_gone_afterwards()
    {
        var output = AgentLink.Script(link.Run("1", "#!/bin/sh\nstat -c '%a' \"$0\"; pwd; echo \"$0\"; exit 3\n")).StdOut.Split('\n');
        Assert.Equal("700", output[0]);
        Assert.Equal(System.IO.Path.Combine(agent.Folder, "scripts"), output[1]);
        Assert.DoesNotContain("test.sh", output[2], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(output[1]));
    }

    [Fact]
    public void A_repeated_request_runs_the_script_once()
    {
        var text = $"#!/bin/sh\necho ran >> {Path("count")}\necho output\n";
        link.Begin("1", text);
        link.Begin("1", text);
        var first = link.ReplyTo("1");
        var again = link.Run("1", text);
        Assert.Equal(AgentLink.Script(first), AgentLink.Script(again));
        Assert.Equal("ran\n", File.ReadAllText(Path("count")));
    }

    [Fact]
    public void A_running_script_can_be_cancelled_and_answers_for_itself()
    {
        link.Begin("1", $"#!/bin/sh\ntouch {Path("on")}\nsleep 600\n");
        RunningAgent.Until(() => File.Exists(Path("on")), "the script runs");
        link.Request("2", new CancelOperationRequest("1"), ContractsJson.Default.CancelOperationRequest);
        Assert.Equal(FailureCodes.Cancelled, link.ReplyTo("1").Failure!.Code);
        Assert.Contains("false", link.Ask("3", new CancelOperationRequest("1"), ContractsJson.Default.CancelOperationRequest).Body!.Value.GetRawText(), StringComparison.Ordinal);
    }
}
