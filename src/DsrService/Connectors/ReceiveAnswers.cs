using System.Security.Cryptography;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors;

/// <summary>Takes the answers of systems off the bus, one queue a kind. On RabbitMQ an answer counts only if the broker
/// vouches that the system's own account sent it; in memory sender and receiver are one process.</summary>
internal sealed class ReceiveAnswers(DsrBus bus, IServiceScopeFactory scopes, GatherReceipts gather, KeyRing ring, ILogger<ReceiveAnswers> log) : IHostedService
{
    private const int AtOnce = 16;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Receive<TaskAccepted>(BusNames.Accepted, AtOnce, message => message.TaskId, (system, message, cancel) =>
            InScopeAsync(services => services.GetRequiredService<RecordAcceptance>().HandleAsync(system.Controller, system.System, message, cancel)));
        Receive<TaskHeartbeat>(BusNames.Heartbeat, AtOnce, message => message.TaskId, (system, message, cancel) =>
            InScopeAsync(services => services.GetRequiredService<RecordAcceptance>().HandleAsync(system.Controller, system.System, message, cancel)));
        // Whoever writes JSON by hand may leave the code out.
        Receive<TaskFailure>(BusNames.Failure, AtOnce, message => message.TaskId, (system, message, cancel) =>
            RecordFailureAsync(system, message with { Code = message.Code ?? "" }, cancel));
        Receive<Receipt>(BusNames.Receipt, 2 * GatherReceipts.AtOnce, message => message.TaskId, RecordAsync);
        bus.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => bus.StopAsync();

    private void Receive<T>(string queue, int atOnce, Func<T, Guid> taskOf, Func<SystemCaller, T, CancellationToken, Task<Result<TaskOutput>>> record)
        where T : class =>
        bus.Receive<T>(queue, atOnce, async (received, cancel) =>
        {
            var task = taskOf(received.Message);
            if (await SenderAsync(received.Sender, task, cancel) is not { } system)
            {
                log.LogWarning("An answer for task {Task} on {Queue} came from nobody the broker vouches for; it was dropped", task, queue);
                return;
            }
            var result = await record(system, received.Message, cancel);
            if (result.Failed)
                log.LogWarning("An answer of {Controller}/{System} for task {Task} was refused: {Reason}",
                    system.Controller, system.System, task, result.Failure.Reasons);
        });

    private async ValueTask<SystemCaller?> SenderAsync(string? sender, Guid task, CancellationToken cancel) =>
        bus.UserName is null
            ? await InScopeAsync(services => services.GetRequiredService<DsrDbContext>().Set<RequestTask>().Where(row => row.Id == task)
                .Select(row => new SystemCaller(row.Controller, row.System)).SingleOrDefaultAsync(cancel))
            : sender?.Split('.') is [var controller, var system] ? new(controller, system) : null;

    private async Task<Result<TaskOutput>> RecordAsync(SystemCaller system, Receipt receipt, CancellationToken cancel)
    {
        Result<TaskOutput> result;
        try
        {
            var opened = SubjectSeal.Open(receipt, receipt.Sealed is null ? [] : [await KeyAsync(system, cancel)]);
            result = await gather.HandleAsync(system.Controller, system.System, opened, cancel);
        }
        catch (CryptographicException)
        {
            result = new Failure("receipt.seal_broken", "The identifiers are not sealed for this task under the system's key.", StatusCodes.Status422UnprocessableEntity);
        }
        // Nobody can be answered on a bus: the refusal shows on the task, and the system is asked again.
        if (result.Failed)
            await RecordFailureAsync(system, result.Failure.AtTask(receipt.TaskId), cancel);
        return result;
    }

    private Task<Result<TaskOutput>> RecordFailureAsync(SystemCaller system, TaskFailure failure, CancellationToken cancel) =>
        InScopeAsync(services => services.GetRequiredService<RecordFailure>().HandleAsync(system.Controller, system.System, failure, cancel));

    private async Task<string> KeyAsync(SystemCaller system, CancellationToken cancel) =>
        await InScopeAsync(services => services.GetRequiredService<DsrDbContext>().Set<ConnectedSystem>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Controller == system.Controller && row.System == system.System, cancel)) is { } row
            ? ring.OpenSealingKey(row)
            : throw new CryptographicException("The system has no key.");

    private async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }
}
