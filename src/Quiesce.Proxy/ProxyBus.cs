using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Quiesce.Proxy;

/// <summary>How a host takes the proxy in: its services, and its consumer on the host's bus.</summary>
public static class ProxyBus
{
    /// <summary>Registers <see cref="GuestOperations"/> with these options. The container disposes of it: links are closed without a goodbye, so runtimes go on.</summary>
    public static IServiceCollection AddGuestProxy(this IServiceCollection services, ProxyOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<GuestOperations>();
        return services;
    }

    /// <summary>Adds <see cref="OperationConsumer"/> to a bus, in memory or on a broker.</summary>
    public static void AddGuestProxy(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<OperationConsumer>();
    }
}
