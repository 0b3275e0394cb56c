using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Proxy;

namespace Quiesce.Tests.Proxy;

public sealed class OperationConsumerTests
{
    [Fact]
    public async Task A_delivery_is_acknowledged_while_its_operation_is_still_under_way_and_the_reply_is_a_message_of_its_own()
    {
        await using var proxy = new ProxyFixture();
        var agent = proxy.Agent();
        var hold = new TaskCompletionSource();
        agent.OnRequest = async (link, request) =>
        {
            if (request.Id == "slow")
            {
                await link.SendAsync(new Contracts.Channel.ChannelMessage { Type = "progress", Id = request.Id, Message = "still at it" });
                await hold.Task;
            }
            return true;
        };
        var inbox = new Inbox();
        await using var services = new ServiceCollection()
            .AddLogging(l => l.SetMinimumLevel(LogLevel.None))
            .AddSingleton(inbox)
            .AddGuestProxy(proxy.Options)
            .AddMassTransit(bus =>
            {
                bus.AddGuestProxy();
                bus.AddConsumer<Listener>();
                bus.UsingInMemory((context, memory) =>
                {
                    memory.ConcurrentMessageLimit = 1;
                    memory.ConfigureEndpoints(context);
                });
            })
            .BuildServiceProvider();
        var control = services.GetRequiredService<IBusControl>();
        await control.StartAsync();
        try
        {
            await control.Publish(ProxyFixture.Script(id: "slow"));
            await ProxyFixture.Until(() => inbox.Progress.Any(p => p.Message == "still at it"));
            await control.Publish(ProxyFixture.Script(id: "quick"));
            await ProxyFixture.Until(() => inbox.Replies.Any(r => r.OperationId == "quick"));

            Assert.DoesNotContain(inbox.Replies, r => r.OperationId == "slow");
            hold.SetResult();
            await ProxyFixture.Until(() => inbox.Replies.Any(r => r.OperationId == "slow"));
        }
        finally
        {
            hold.TrySetResult();
            await control.StopAsync();
        }
    }

    public sealed class Inbox
    {
        public ConcurrentQueue<OperationReply> Replies { get; } = new();

        public ConcurrentQueue<OperationProgress> Progress { get; } = new();
    }

    public sealed class Listener(Inbox inbox) : IConsumer<OperationReply>, IConsumer<OperationProgress>
    {
        public Task Consume(ConsumeContext<OperationReply> context)
        {
            inbox.Replies.Enqueue(context.Message);
            return Task.CompletedTask;
        }

        public Task Consume(ConsumeContext<OperationProgress> context)
        {
            inbox.Progress.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}
