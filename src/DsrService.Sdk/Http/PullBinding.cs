using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Http;

/// <summary>Lets a connected system fetch its tasks, for systems that nobody can reach from outside.</summary>
public static class PullBinding
{
    /// <summary>Fetches the system's tasks from the service and answers over HTTP.</summary>
    /// <param name="builder">The system.</param>
    /// <param name="every">How often to ask.</param>
    /// <param name="tasksAtOnce">How many tasks are worked on at the same time.</param>
    public static ConnectedSystemBuilder<TSystem> ByPulling<TSystem>(
        this ConnectedSystemBuilder<TSystem> builder, TimeSpan every, int tasksAtOnce = 4)
        where TSystem : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (controller, system) = (builder.Controller, builder.System);
        builder.Services.AddSingleton<IHostedService>(services => new Puller(
            services.GetServices<ConnectedSystem>().Single(one => one.Controller == controller && one.System == system),
            services, services.GetRequiredService<TaskProcessor>(), services.GetRequiredService<SystemsApi>(),
            every, tasksAtOnce, services.GetRequiredService<ILogger<TaskProcessor>>()));
        return builder;
    }

    private sealed class Puller(
        ConnectedSystem system,
        IServiceProvider services,
        TaskProcessor processor,
        SystemsApi api,
        TimeSpan every,
        int tasksAtOnce,
        ILogger log) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using PeriodicTimer timer = new(every);
            do
            {
                try
                {
                    await PullAsync(stoppingToken);
                }
                catch (TaskFailedException exception)
                {
                    log.LogWarning("The tasks of {Controller}/{System} could not be fetched: {Code}",
                        system.Controller, system.System, exception.Code);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }

        private async Task PullAsync(CancellationToken cancel)
        {
            var connection = system.Connection(services);
            var tasks = await api.FetchAsync(connection, cancel);
            await Parallel.ForEachAsync(
                tasks,
                new ParallelOptions { MaxDegreeOfParallelism = tasksAtOnce, CancellationToken = cancel },
                async (task, stop) =>
                {
                    try
                    {
                        await processor.ProcessAsync(task, new HttpAnswers(api, connection), stop);
                    }
                    catch (TaskFailedException exception)
                    {
                        log.LogWarning("The answer for task {TaskId} did not get through: {Code}", task.TaskId, exception.Code);
                    }
                });
        }
    }
}
