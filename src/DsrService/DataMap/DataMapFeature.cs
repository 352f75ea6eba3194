namespace DsrService.DataMap;

internal static class DataMapFeature
{
    public static void AddDataMaps(this IServiceCollection services)
    {
        services.AddSingleton<DataMaps>();
        services.AddScoped<LoadDataMaps>();
        services.AddHostedService<DataMapsAtStart>();
    }

    // Before the first request is served: what the folder holds is in force, or the log says why not.
    private sealed class DataMapsAtStart(IServiceScopeFactory scopes) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LoadDataMaps>().HandleAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
