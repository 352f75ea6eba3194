using DsrService.Sdk.Conformance;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Bus;

/// <summary>A system that takes its tasks from a bus and answers there; data arrives over HTTP as for every binding.</summary>
public sealed class BusSystem : ISystemUnderTest
{
    private readonly DsrBus bus;
    private readonly StandInService service;
    private readonly string sealingKey;

    /// <summary>Takes the place of the service on the bus.</summary>
    /// <param name="bus">Started by this; its queues for answers must not be anybody else's.</param>
    /// <param name="service">Where data is handed over.</param>
    /// <param name="sealingKey">The system's sealing key.</param>
    public BusSystem(DsrBus bus, StandInService service, string sealingKey)
    {
        ArgumentNullException.ThrowIfNull(bus);
        (this.bus, this.service, this.sealingKey) = (bus, service, sealingKey);
        bus.Receive<Receipt>(BusNames.Receipt, 4, (received, _) =>
        {
            service.Take(SubjectSeal.Open(received.Message, [sealingKey]));
            return Task.CompletedTask;
        });
        bus.Receive<TaskFailure>(BusNames.Failure, 4, (received, _) =>
        {
            service.Take(received.Message);
            return Task.CompletedTask;
        });
        bus.Receive<TaskAccepted>(BusNames.Accepted, 4, (_, _) => Task.CompletedTask);
        bus.Receive<TaskHeartbeat>(BusNames.Heartbeat, 4, (_, _) => Task.CompletedTask);
        bus.Start();
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Check, Func<SystemTask, CancellationToken, Task<string?>> Try)> OwnChecks =>
    [
        ("it refuses a task whose scope was changed under the seal", async (task, cancel) =>
        {
            var changed = SubjectSeal.Seal(task, sealingKey) with { Action = TaskAction.Erase };
            return (await SendAsync(changed, TimeSpan.FromSeconds(30), cancel)).Receipt is null ? null : "it did another task than was sealed";
        }),
        ("it refuses identifiers that are not sealed", async (task, cancel) =>
            (await SendAsync(task, TimeSpan.FromSeconds(30), cancel)).Receipt is null ? null : "it worked on identifiers that anybody on the broker could read"),
    ];

    /// <inheritdoc/>
    public Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel) =>
        SendAsync(SubjectSeal.Seal(task, sealingKey), patience, cancel);

    private async Task<SystemAnswer> SendAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
    {
        service.Expect(task);
        try
        {
            await bus.SendAsync(BusNames.Tasks(task.Controller, task.System), service.Linked(task), cancel);
        }
        catch (UndeliverableException)
        {
            return new() { Silence = "its queue is not there" };
        }
        return await service.AnswerAsync(task.TaskId, patience, cancel);
    }
}
