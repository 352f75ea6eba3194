using System.Security.Cryptography;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Bus;

/// <summary>Lets the tasks of connected systems arrive over a bus.</summary>
public static class BusBinding
{
    /// <summary>Tasks arrive over RabbitMQ, on a connection of the system's own account.</summary>
    /// <param name="builder">The system.</param>
    /// <param name="address">Such as <c>amqp://toontrack.webshop:password@broker/dsr</c>.</param>
    /// <param name="tasksAtOnce">How many tasks are worked on at the same time.</param>
    public static ConnectedSystemBuilder<TSystem> OverRabbitMq<TSystem>(
        this ConnectedSystemBuilder<TSystem> builder, Uri address, int tasksAtOnce = 8)
        where TSystem : class =>
        builder.Receives(tasksAtOnce, services => DsrBus.OverRabbitMq(address, services.GetService<ILoggerFactory>()), owned: true);

    /// <summary>Tasks arrive over the <see cref="DsrBus"/> that the host has registered: the in-memory one of a service that
    /// runs in this process.</summary>
    /// <param name="builder">The system.</param>
    /// <param name="tasksAtOnce">How many tasks are worked on at the same time.</param>
    public static ConnectedSystemBuilder<TSystem> OverHostBus<TSystem>(
        this ConnectedSystemBuilder<TSystem> builder, int tasksAtOnce = 8)
        where TSystem : class =>
        builder.Receives(tasksAtOnce, services => services.GetRequiredService<DsrBus>(), owned: false);

    private static ConnectedSystemBuilder<TSystem> Receives<TSystem>(
        this ConnectedSystemBuilder<TSystem> builder, int tasksAtOnce, Func<IServiceProvider, DsrBus> bus, bool owned)
        where TSystem : class
    {
        var (controller, system) = (builder.Controller, builder.System);
        builder.Services.AddSingleton<IHostedService>(services => new Receiver(
            services.GetServices<ConnectedSystem>().Single(one => one.Controller == controller && one.System == system),
            bus(services), owned, tasksAtOnce, services, services.GetRequiredService<TaskProcessor>(),
            services.GetRequiredService<ILogger<TaskProcessor>>()));
        return builder;
    }

    private sealed class Receiver(
        ConnectedSystem system,
        DsrBus bus,
        bool owned,
        int tasksAtOnce,
        IServiceProvider services,
        TaskProcessor processor,
        ILogger log) : IHostedService, IDisposable
    {
        // RabbitMQ takes a message back after 30 minutes; work that lasts longer goes on without it, kept alive by heartbeats.
        private static readonly TimeSpan HoldMessageFor = TimeSpan.FromMinutes(15);

        private readonly CancellationTokenSource stopping = new();

        public void Dispose() => stopping.Dispose();

        public Task StartAsync(CancellationToken cancellationToken)
        {
            bus.Receive<SystemTask>(BusNames.Tasks(system.Controller, system.System), tasksAtOnce, ReceiveAsync);
            if (system.HearsOfStates)
                bus.Receive<SubjectStateChanged>(BusNames.States(system.Controller, system.System), 1, HearAsync);
            bus.Start();
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await stopping.CancelAsync();
            if (owned)
                await bus.DisposeAsync();
        }

        private async Task ReceiveAsync(ReceivedMessage<SystemTask> received, CancellationToken cancel)
        {
            var work = WorkAsync(received.Message, stopping.Token);
            try
            {
                await work.WaitAsync(HoldMessageFor, cancel);
            }
            catch (TimeoutException) when (!work.IsFaulted)
            {
                // Let go of the message; the work goes on.
            }
        }

        private async Task HearAsync(ReceivedMessage<SubjectStateChanged> received, CancellationToken cancel)
        {
            var change = received.Message;
            try
            {
                if (change.Controller != system.Controller || change.System != system.System)
                    throw new CryptographicException("The announcement is for another system.");
                change = SubjectSeal.Open(change, system.Connection(services).SealingKeys);
            }
            catch (CryptographicException exception)
            {
                log.LogError("Announcement {EventId} to {Controller}/{System} was dropped: {Reason}",
                    change.EventId, system.Controller, system.System, exception.Message);
                return;
            }
            await using var scope = services.CreateAsyncScope();
            await system.StateHandler(scope.ServiceProvider)(change, cancel);
        }

        private async Task WorkAsync(SystemTask task, CancellationToken cancel)
        {
            if (task.Controller != system.Controller || task.System != system.System)
            {
                log.LogError("Task {TaskId} on the queue of {Controller}/{System} is for another system; it was dropped",
                    task.TaskId, system.Controller, system.System);
                return;
            }
            try
            {
                BusAnswers answers = new(bus, system.Connection(services));
                if (task.Sealed is null)
                    await answers.SendFailureAsync(task, new(task.TaskId, "task.not_sealed", null, null), cancel);
                else
                    await processor.ProcessAsync(task, answers, cancel);
            }
            catch (UndeliverableException exception)
            {
                // The receipt is stored: the service asks again and gets it then.
                log.LogWarning("The answer for task {TaskId} did not get through: {Exception}",
                    task.TaskId, exception.InnerException?.GetType().FullName);
            }
        }
    }
}
