using Quiesce.Contracts;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.Tests.Proxy;

public sealed class LinkTests
{
    [Fact]
    public async Task A_reply_comes_back_under_the_operations_own_id()
    {
        await using var proxy = new ProxyFixture();
        proxy.Agent().Answers(Verbs.RunScript, ProxyFixture.Json(ProxyFixture.ScriptReply(), ContractsJson.Default.RunScriptReply));

        var reply = await proxy.HandleAsync(ProxyFixture.Script());

        Assert.Null(reply.Failure);
        Assert.Equal("op-1", reply.OperationId);
        Assert.Equal("instance-1", reply.InstanceId);
        Assert.Equal("out", reply.Body!.Value.GetProperty("stdOut").GetString());
    }

    [Fact]
    public async Task A_repeated_operation_joins_the_one_under_way_and_later_gets_the_stored_reply()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        var hold = new TaskCompletionSource();
        agent.OnRequest = async (_, _) =>
        {
            await hold.Task;
            return true;
        };

        var first = proxy.HandleAsync(ProxyFixture.Script());
        await ProxyFixture.Until(() => !agent.Asked.IsEmpty);
        var second = proxy.HandleAsync(ProxyFixture.Script(attempt: 2));
        hold.SetResult();
        await Task.WhenAll(first, second);
        await proxy.HandleAsync(ProxyFixture.Script(attempt: 3));

        Assert.Single(agent.Asked);
    }

    [Fact]
    public async Task A_link_cut_in_mid_operation_is_mended_and_the_script_runs_once()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        var cut = 0;
        agent.OnRequest = (link, request) =>
        {
            if (Interlocked.Exchange(ref cut, 1) != 0)
                return Task.FromResult(true);
            agent.Reply(request);
            link.Cut();
            return Task.FromResult(false);
        };

        var reply = await proxy.HandleAsync(ProxyFixture.Script());

        Assert.Null(reply.Failure);
        Assert.Equal(["op-1", "op-1"], agent.Asked);
        Assert.Single(agent.Done);
        Assert.Contains(proxy.Progress, p => p.Level == "warning" && p.Message.Contains("Reconnect attempt 1 of 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_the_last_reconnect_attempt_the_guest_is_lost_and_the_script_counts_as_started()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        agent.OnRequest = (link, _) =>
        {
            link.Cut();
            return Task.FromResult(false);
        };

        var reply = await proxy.HandleAsync(ProxyFixture.Script());

        Assert.Equal(FailureCodes.GuestLost, reply.Failure!.Code);
        Assert.True(reply.Failure.MayHaveStarted);
        Assert.Equal(2, agent.Asked.Count);
        Assert.Contains(proxy.Progress, p => p.Level == "error");
    }

    [Fact]
    public async Task The_count_of_attempts_begins_anew_after_a_command_that_succeeded()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        var seen = new HashSet<string>();
        agent.OnRequest = (link, request) =>
        {
            lock (seen)
                if (!seen.Add(request.Id!))
                    return Task.FromResult(true);
            link.Cut();
            return Task.FromResult(false);
        };

        Assert.Null((await proxy.HandleAsync(ProxyFixture.Script(id: "op-1"))).Failure);
        Assert.Null((await proxy.HandleAsync(ProxyFixture.Script(id: "op-2"))).Failure);
        Assert.Null((await proxy.HandleAsync(ProxyFixture.Script(id: "op-3"))).Failure);
    }

    [Fact]
    public async Task An_agent_that_answers_garbage_is_told_apart_from_a_lost_one()
    {
        await using var proxy = new ProxyFixture();
        proxy.Agent().OnRequest = async (link, _) =>
        {
            await link.SendRawAsync("%PDF-1.4 {{{ this is not for you\n");
            return false;
        };

        var reply = await proxy.HandleAsync(ProxyFixture.Script());

        Assert.Equal(FailureCodes.Protocol, reply.Failure!.Code);
        Assert.True(reply.Failure.MayHaveStarted);
    }

    [Fact]
    public async Task A_reply_with_neither_result_nor_failure_is_a_failure()
    {
        await using var proxy = new ProxyFixture();
        proxy.Agent().CarryOut = request => new ChannelMessage { Type = "reply", Id = request.Id };

        Assert.Equal(FailureCodes.Protocol, (await proxy.HandleAsync(ProxyFixture.Script())).Failure!.Code);
    }

    [Fact]
    public async Task A_reply_that_never_comes_is_bounded_by_the_scripts_own_timeout()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { ReplyAllowance = TimeSpan.FromSeconds(-10.5) };
        proxy.Agent().OnRequest = (_, _) => Task.FromResult(false);

        var reply = await proxy.HandleAsync(ProxyFixture.Script(timeoutSeconds: 1));

        Assert.Equal(FailureCodes.GuestLost, reply.Failure!.Code);
        Assert.True(reply.Failure.MayHaveStarted);
        Assert.Contains("gave no sign", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_has_fallen_silent_counts_as_lost()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { PingInterval = TimeSpan.FromMilliseconds(20), LinkSilence = TimeSpan.FromMilliseconds(200) };
        var agent = proxy.Agent();
        agent.AnswersPings = false;
        agent.OnRequest = (_, _) =>
        {
            // Only the second link is alive.
            agent.AnswersPings = agent.Attachments > 1;
            return Task.FromResult(agent.Attachments > 1);
        };

        Assert.Null((await proxy.HandleAsync(ProxyFixture.Script())).Failure);
        Assert.Equal(2, agent.Attachments);
        Assert.Contains(proxy.Progress, p => p.Message.Contains("nothing was heard", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_runtime_that_never_says_hello_is_bounded()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { StartTimeout = TimeSpan.FromMilliseconds(200) };
        proxy.Agent().SaysHello = false;

        var reply = await proxy.HandleAsync(ProxyFixture.Script());

        Assert.Equal(FailureCodes.Start, reply.Failure!.Code);
    }

    [Fact]
    public async Task A_link_that_breaks_between_operations_is_mended_without_being_asked()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        FakeLink? last = null;
        agent.OnRequest = (link, _) =>
        {
            last = link;
            return Task.FromResult(true);
        };
        await proxy.HandleAsync(ProxyFixture.Script());

        last!.Cut();

        await ProxyFixture.Until(() => agent.Attachments == 2);
    }

    [Fact]
    public async Task Progress_of_the_guest_is_passed_on()
    {
        await using var proxy = new ProxyFixture();
        proxy.Agent().OnRequest = async (link, request) =>
        {
            await link.SendAsync(new ChannelMessage { Type = "progress", Id = request.Id, Message = "half done", Fraction = 0.5 });
            return true;
        };

        await proxy.HandleAsync(ProxyFixture.Script());

        Assert.Contains(proxy.Progress, p => p is { Message: "half done", Fraction: 0.5, OperationId: "op-1", SessionId: "session-1" });
    }

    [Fact]
    public async Task An_unknown_verb_is_answered_with_the_known_ones()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Script() with { Verb = "MakeCoffee" });

        Assert.Equal(FailureCodes.Protocol, reply.Failure!.Code);
        Assert.Contains("TakeSnapshot", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_the_verbs_is_a_failure_and_no_crash()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Script() with { Body = System.Text.Json.JsonDocument.Parse("[1,2]").RootElement });

        Assert.Equal(FailureCodes.Protocol, reply.Failure!.Code);
    }

    [Fact]
    public async Task A_cancel_goes_to_the_runtime_that_has_the_operation_in_hand()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        var killed = new TaskCompletionSource();
        agent.Answers(Verbs.CancelOperation, ProxyFixture.Json(new CancelOperationReply(true), ContractsJson.Default.CancelOperationReply));
        agent.Fails(Verbs.RunScript, new Failure(FailureCodes.Cancelled, "ended on request"));
        agent.OnRequest = async (_, request) =>
        {
            if (request.Verb == Verbs.RunScript)
                await killed.Task;
            else
                killed.SetResult();
            return true;
        };

        var script = proxy.HandleAsync(ProxyFixture.Script());
        await ProxyFixture.Until(() => !agent.Asked.IsEmpty);
        var cancel = await proxy.HandleAsync(ProxyFixture.Request(Verbs.CancelOperation, new CancelOperationRequest("op-1"), ContractsJson.Default.CancelOperationRequest, "cancel-1"));

        Assert.True(cancel.Body!.Value.GetProperty("found").GetBoolean());
        Assert.Equal(FailureCodes.Cancelled, (await script).Failure!.Code);
    }

    [Fact]
    public async Task A_cancel_of_an_operation_that_waits_for_a_place_ends_it_without_touching_the_guest()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { MaxConcurrentTasks = 1 };
        var agent = proxy.Agent();
        var hold = new TaskCompletionSource();
        agent.OnRequest = async (_, _) =>
        {
            await hold.Task;
            return true;
        };
        var first = proxy.HandleAsync(ProxyFixture.Script(id: "op-1"));
        await ProxyFixture.Until(() => !agent.Asked.IsEmpty);
        var second = proxy.HandleAsync(ProxyFixture.Script(id: "op-2"));

        await proxy.HandleAsync(ProxyFixture.Request(Verbs.CancelOperation, new CancelOperationRequest("op-2"), ContractsJson.Default.CancelOperationRequest, "cancel-1"));

        Assert.Equal(FailureCodes.Cancelled, (await second).Failure!.Code);
        hold.SetResult();
        Assert.Null((await first).Failure);
        Assert.Equal(["op-1"], agent.Asked);
    }

    [Fact]
    public async Task A_post_script_does_not_wait_behind_a_pre_script_that_holds_the_last_place()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { MaxConcurrentTasks = 1 };
        var agent = proxy.Agent();
        var hold = new TaskCompletionSource();
        agent.OnRequest = async (_, request) =>
        {
            if (request.Id == "pre-1")
                await hold.Task;
            return true;
        };
        var pre = proxy.HandleAsync(ProxyFixture.Script(id: "pre-1"));
        await ProxyFixture.Until(() => !agent.Asked.IsEmpty);

        var post = await proxy.HandleAsync(ProxyFixture.Script(id: "post-1", phase: "post"));

        Assert.Null(post.Failure);
        Assert.False(pre.IsCompleted);
        hold.SetResult();
        Assert.Null((await pre).Failure);
    }
}
