using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Bus;

namespace DsrService.Connectors;

/// <summary>Puts a task on the queue of its system, identifiers sealed.</summary>
internal sealed class BusConnector(DsrBus bus) : IConnector
{
    // A send waits for a broker that is away; the row tries again by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Binding Binding => Binding.Bus;

    public async Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel)
    {
        if (task.SealingKey.Length == 0)
            return new SendResult.Failed("connector.no_credentials");
        if (!bus.IsConnected)
            return new SendResult.Failed("connector.broker_away");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await bus.SendAsync(BusNames.Tasks(task.Task.Controller, task.Task.System), SubjectSeal.Seal(task.Task, task.SealingKey), patience.Token);
            return new SendResult.Sent();
        }
        catch (UndeliverableException)
        {
            return new SendResult.Failed("connector.undeliverable");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new SendResult.Failed("connector.timeout");
        }
    }
}
