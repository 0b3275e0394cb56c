using System.Text;
using System.Text.Json;
using Quiesce.Contracts.Bus;
using Quiesce.Contracts.Channel;

namespace Quiesce.EndToEnd.Tests.Agent;

public sealed class ProtocolTests : IDisposable
{
    private readonly RunningAgent agent = RunningAgent.Start();

    public void Dispose() => agent.Dispose();

    [Fact]
    public void Hello_comes_first_and_says_who_is_there()
    {
        using var link = agent.Attach();
        Assert.Equal(agent.DeploymentId, link.Hello.DeploymentId);
        Assert.Equal(agent.Ready.ProcessId, link.Hello.ProcessId);
        Assert.Equal(Environment.MachineName, link.Hello.Host);
        Assert.StartsWith("linux-", link.Hello.Platform, StringComparison.Ordinal);
        Assert.Empty(link.Hello.Frozen);
    }

    [Fact]
    public void Ping_is_answered_with_pong()
    {
        using var link = agent.Attach();
        link.Send(new ChannelMessage { Type = "ping", Id = "p" });
        Assert.Equal(("pong", "p"), (link.Next()!.Type, "p"));
    }

    [Fact]
    public void An_unknown_verb_is_answered_with_the_known_ones()
    {
        using var link = agent.Attach();
        link.Send(new ChannelMessage { Type = "request", Id = "1", Verb = "MakeCoffee" });
        var failure = link.ReplyTo("1").Failure!;
        Assert.Equal(FailureCodes.Protocol, failure.Code);
        Assert.Contains(Verbs.RunScript, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        using var link = agent.Attach();
        link.Send(new ChannelMessage { Version = 2, Type = "request", Id = "1", Verb = Verbs.ThawGuest });
        Assert.Equal(FailureCodes.Version, link.ReplyTo("1").Failure!.Code);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"v\":1}")]
    [InlineData("{\"v\":1,\"type\":null}")]
    [InlineData("{\"v\":1,\"type\":\"dance\"}")]
    [InlineData("{\"v\":1,\"type\":\"request\"}")]
    [InlineData("{\"v\":1,\"type\":\"request\",\"id\":\"\",\"verb\":\"RunScript\"}")]
    [InlineData("\u0000\u0001\u0002")]
    public void A_line_that_is_no_message_is_refused_and_the_link_goes_on(string line)
    {
        using var link = agent.Attach();
        link.SendRaw(line + "\n");
        Assert.Equal(FailureCodes.Protocol, link.Next()!.Failure!.Code);
        link.Send(new ChannelMessage { Type = "ping" });
        Assert.Equal("pong", link.Next()!.Type);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        using var link = agent.Attach();
        link.SendRaw($"{{\"type\":\"request\",\"id\":\"1\",\"verb\":\"RunScript\",\"body\":{new string('[', 100_000)}\n");
        Assert.Equal(FailureCodes.Protocol, link.Next()!.Failure!.Code);
    }

    [Fact]
    public void A_line_without_end_closes_the_link_and_nothing_else()
    {
        using (var link = agent.Attach())
        {
            try
            {
                var piece = new string('x', 1024 * 1024);
                for (var sent = 0; sent <= ChannelMessage.MaxLineBytes; sent += piece.Length)
                    link.SendRaw(piece);
                while (link.Next() is { } message)
                    Assert.Equal(FailureCodes.Protocol, message.Failure!.Code);
            }
            catch (IOException)
            {
                // Closed while we were still sending.
            }
        }
        using var next = agent.Attach();
        Assert.True(agent.IsAlive);
    }

    [Theory]
    [InlineData(Verbs.RunScript, "{}")]
    [InlineData(Verbs.RunScript, "{\"phase\":\"pre\",\"timeoutSeconds\":5}")]
    [InlineData(Verbs.RunScript, "{\"phase\":\"pre\",\"timeoutSeconds\":5,\"script\":{\"name\":\"a\",\"content\":\"###\",\"sha256\":\"0\"}}")]
    [InlineData(Verbs.RunScript, "{\"phase\":\"pre\",\"timeoutSeconds\":99999999999999999999}")]
    [InlineData(Verbs.RunScript, "7")]
    [InlineData(Verbs.FreezeGuest, "{}")]
    [InlineData(Verbs.FreezeGuest, "{\"paths\":[null],\"thawAfterSeconds\":5}")]
    [InlineData(Verbs.FreezeGuest, "{\"paths\":[\"/proc\"],\"thawAfterSeconds\":5}")]
    [InlineData(Verbs.TakeSnapshot, "{}")]
    [InlineData(Verbs.TakeSnapshot, "{\"restorePointId\":\"../x\",\"sourcePath\":\"/tmp\",\"provider\":{\"name\":\"directory\"},\"freeze\":\"never\"}")]
    [InlineData(Verbs.DeleteSnapshot, "{\"restorePointId\":\"x\",\"sourcePath\":\"/nowhere/y\",\"provider\":{\"name\":\"directory\"},\"location\":\"/etc\"}")]
    [InlineData(Verbs.RestoreSnapshot, "{\"restorePointId\":\"x\",\"sourcePath\":\"/nowhere/y\",\"provider\":{\"name\":\"directory\"},\"location\":\"/nowhere/x\",\"target\":\"relative\"}")]
    public void A_hostile_body_is_answered_with_a_failure(string verb, string body)
    {
        using var link = agent.Attach();
        using var parsed = JsonDocument.Parse(Encoding.UTF8.GetBytes(body));
        link.Send(new ChannelMessage { Type = "request", Id = "1", Verb = verb, Body = parsed.RootElement });
        Assert.NotNull(link.ReplyTo("1").Failure);
        Assert.True(agent.IsAlive);
    }
}
