using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiesce.Contracts.Bus;
using Quiesce.Engine;
using Quiesce.Jobs;
using Quiesce.Jobs.Documents;
using Quiesce.Jobs.Schedules;
using Quiesce.Jobs.Triggers;
using Quiesce.Server.Access;
using Quiesce.Server.Bus;
using Quiesce.Server.Http;
using Quiesce.Storage;

namespace Quiesce.Server.Hosting;

/// <summary>The table of contents: everything that runs in a server. Hosted services start in this order and stop in the reverse one.</summary>
internal static class ServerServices
{
    public static void Add(IServiceCollection services, ILoggingBuilder logging, ServerOptions options, Foundation foundation, Action<IServiceCollection>? more, Action<IBusRegistrationConfigurator>? bus)
    {
        AddLogging(logging, options);
        services.AddSingleton(options).AddSingleton(options.Time).AddSingleton(options.Runner);
        services.AddSingleton(foundation.Store).AddSingleton(foundation.Owner).AddSingleton(foundation.Definitions).AddSingleton(foundation.Keys);
        services.AddSingleton<DefinitionLookup>(foundation.Definitions.Find);
        services.AddSingleton<SessionRunner>().AddSingleton<Sessions>().AddSingleton<Operations>().AddSingleton<Janitor>().AddSingleton<Instances>();
        services.AddSingleton<PublishedTriggers>().AddSingleton<TriggerLookup>(provider => provider.GetRequiredService<PublishedTriggers>().Find).AddSingleton<TriggerTimers>();
        services.AddSingleton<Scheduler>().AddSingleton<FrozenMachines>().AddSingleton<JobCatalog>().AddSingleton<Machines>().AddSingleton<RestorePoints>();
        services.AddSingleton<ReplyIntake>().AddSingleton<ProgressBoard>().AddSingleton<MessageIntake>().AddSingleton<HttpLane>().AddSingleton<HttpTriggers>();
        services.AddSingleton<Leftovers>().AddSingleton<AuditTrail>().AddSingleton<Retention>();
        services.AddSingleton<ServerStatus>();

        services.AddMassTransit(configure =>
        {
            configure.DisableUsageTelemetry();
            configure.AddConsumer<ReplyConsumer>();
            configure.AddConsumer<ProgressConsumer>();
            configure.AddConsumer<JobMessages>();
            configure.AddConsumer<MessageConsumer<StartJob>>();
            configure.AddConsumer<MessageConsumer<StopJob>>();
            configure.AddConsumer<MessageConsumer<SessionStarted>>();
            configure.AddConsumer<MessageConsumer<SessionEnded>>();
            configure.AddConsumer<MessageConsumer<TaskEnded>>();
            bus?.Invoke(configure);
            configure.UsingInMemory((context, transport) =>
            {
                // A reply that the database could not take comes again; where it never can, its operation is asked again later.
                transport.UseMessageRetry(retry =>
                {
                    retry.Handle<StorageException>(e => e.IsTransient);
                    retry.Interval(30, TimeSpan.FromSeconds(1));
                });
                transport.ConfigureEndpoints(context);
            });
        });
        services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        more?.Invoke(services);

        services.AddHostedService<LeaseService>();
        services.AddHostedService<OutboxPump>();
        services.AddHostedService<DefinitionWatch>();
        services.AddHostedService<RunnerService>();
        services.AddHostedService<SchedulerService>();
        services.AddHostedService<TriggerService>();
        services.AddHostedService<JanitorService>();
        services.AddHostedService(all => all.GetRequiredService<Retention>());
    }

    /// <summary>The program that composes us owns the console; we tell it only what somebody has to look at.</summary>
    private static void AddLogging(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("MassTransit", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);
        // It warns that its keys are not encrypted a second time: the folder they are in is closed to others.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddProvider(new LineLog(Console.Error, LogLevel.Warning, options.Time));
        if (options.LogFile)
            logging.AddProvider(new LineLog(LineLog.Open(Path.Combine(options.DataFolder, "quiesce.log")), LogLevel.Information, options.Time));
    }
}
