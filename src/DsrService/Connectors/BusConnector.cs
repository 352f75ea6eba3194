using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using Polly;
using Polly.Timeout;

namespace DsrService.Connectors;

/// <summary>Puts a task on the queue of its system, identifiers sealed.</summary>
internal sealed class BusConnector(DsrBus bus) : IConnector
{
    // A send waits for a broker that is away; the row tries again by itself.
    private static readonly ResiliencePipeline OneAttempt = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(10)).Build();

    public Binding Binding => Binding.Bus;

    public async Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel)
    {
        if (task.SealingKey.Length == 0)
            return new SendResult.Failed("connector.no_credentials");
        if (!bus.IsConnected)
            return new SendResult.Failed("connector.broker_away");
        try
        {
            var exchange = BusNames.Tasks(task.Task.Controller, task.Task.System);
            var message = SubjectSeal.Seal(task.Task, task.SealingKey);
            await OneAttempt.ExecuteAsync(async stop => await bus.SendAsync(exchange, message, stop), cancel);
            return new SendResult.Sent();
        }
        catch (UndeliverableException)
        {
            return new SendResult.Failed("connector.undeliverable");
        }
        catch (TimeoutRejectedException)
        {
            return new SendResult.Failed("connector.timeout");
        }
    }
}
