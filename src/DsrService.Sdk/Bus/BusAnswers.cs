using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Bus;

/// <summary>Answers over the bus; identifiers leave only sealed.</summary>
internal sealed class BusAnswers(DsrBus bus, ServiceConnection connection) : ITaskAnswers
{
    public Task AcceptAsync(SystemTask task, CancellationToken cancel) =>
        bus.SendAsync(BusNames.Accepted, new TaskAccepted(task.TaskId), cancel);

    public Task HeartbeatAsync(SystemTask task, CancellationToken cancel) =>
        bus.SendAsync(BusNames.Heartbeat, new TaskHeartbeat(task.TaskId), cancel);

    public Task SendReceiptAsync(SystemTask task, Receipt receipt, CancellationToken cancel) =>
        bus.SendAsync(BusNames.Receipt, SubjectSeal.Seal(receipt, connection.SealingKeys[0]), cancel);

    public Task SendFailureAsync(SystemTask task, TaskFailure failure, CancellationToken cancel) =>
        bus.SendAsync(BusNames.Failure, failure, cancel);
}
