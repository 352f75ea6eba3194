using DsrService.DataMap;
using DsrService.Fulfilment;

namespace DsrService.Connectors.Sql;

internal static class SqlFeature
{
    public static IServiceCollection AddSqlBinding(this IServiceCollection services)
    {
        services.AddSingleton<RunSqlTasks>();
        services.AddSingleton<IConnector, SqlConnector>();
        return services.AddHostedService<MappingsAtStart>();
    }

    // A mapping that does not fit shows in the log and on the system's health before the first task waits for it.
    private sealed class MappingsAtStart(DataMaps maps, SqlSystems systems, SystemHealth health, ILogger<MappingsAtStart> log) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            try
            {
                foreach (var map in await maps.AllAsync(stoppingToken))
                    foreach (var system in map.Map.Systems.Where(system => system.Binding is Binding.Sql))
                    {
                        var state = await systems.FindAsync(map.Map.Controller.Key, system.Key, stoppingToken);
                        if (state.Problem is { } problem)
                            await health.FailedAsync(map.Map.Controller.Key, system.Key, problem, stoppingToken);
                    }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Stopping.
            }
            catch (Exception error)
            {
                // Each mapping is looked at again with its first task.
                log.LogWarning("The mappings of databases could not be checked at the start: {Error}", error.GetType().Name);
            }
        }
    }
}
