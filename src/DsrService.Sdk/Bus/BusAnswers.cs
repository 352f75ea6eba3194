using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Bus;

/// <summary>Answers over the bus; identifiers leave only sealed.</summary>
internal sealed class BusAnswers(DsrBus bus, ServiceConnection connection) : ITaskAnswers
{
    // The broker is only reached again once the message in hand is let go of: an answer that waited for it would wait for
    // ever. The receipt is stored; the service asks again and gets it then.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task AcceptAsync(SystemTask task, CancellationToken cancel) =>
        SendAsync(BusNames.Accepted, new TaskAccepted(task.TaskId), cancel);

    public Task HeartbeatAsync(SystemTask task, CancellationToken cancel) =>
        SendAsync(BusNames.Heartbeat, new TaskHeartbeat(task.TaskId), cancel);

    public Task SendReceiptAsync(SystemTask task, Receipt receipt, CancellationToken cancel) =>
        SendAsync(BusNames.Receipt, SubjectSeal.Seal(receipt, connection.SealingKeys[0]), cancel);

    public Task SendFailureAsync(SystemTask task, TaskFailure failure, CancellationToken cancel) =>
        SendAsync(BusNames.Failure, failure, cancel);

    private async Task SendAsync<T>(string exchange, T message, CancellationToken cancel) where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await bus.SendAsync(exchange, message, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UndeliverableException(exchange, null);
        }
    }
}
