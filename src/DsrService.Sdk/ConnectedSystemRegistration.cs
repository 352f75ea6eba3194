using DsrService.Sdk.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DsrService.Sdk;

/// <summary>Registers connected systems.</summary>
public static class ConnectedSystemRegistration
{
    /// <summary>Registers a connected system. How its tasks arrive is chosen on the builder (<c>OverRabbitMq</c>,
    /// <c>OverHostBus</c>, <c>ByPulling</c>), or on the program's endpoints (<c>MapPushedTasks</c>).</summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="controller">Key of the controller, such as <c>toontrack</c>.</param>
    /// <param name="system">Key of the system within its controller, such as <c>webshop</c>.</param>
    /// <param name="describe">Declares the system and names its handlers.</param>
    /// <exception cref="InvalidOperationException">A declared action has no handler, or the description is wrong otherwise;
    /// so the program does not start.</exception>
    public static IServiceCollection AddConnectedSystem<TSystem>(
        this IServiceCollection services,
        string controller,
        string system,
        Action<ConnectedSystemBuilder<TSystem>> describe)
        where TSystem : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(describe);
        if (services.Any(service => service.ImplementationInstance is ConnectedSystem other
            && other.Controller == controller && other.System == system))
            throw new InvalidOperationException($"The connected system {controller}/{system} is registered twice.");
        var builder = new ConnectedSystemBuilder<TSystem>(services, controller, system);
        describe(builder);
        services.AddSingleton(builder.Build());
        services.TryAddScoped<TSystem>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IReceiptStore, InMemoryReceiptStore>();
        services.TryAddSingleton<TaskProcessor>();
        services.TryAddSingleton<SystemsApi>();
        services.AddHttpClient(SystemsApi.ClientName)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        return services;
    }
}
