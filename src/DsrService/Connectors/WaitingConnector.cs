using DsrService.Fulfilment;

namespace DsrService.Connectors;

/// <summary>Sends nothing: a person works the task in the desk (manual), or the system fetches it (pull).</summary>
internal sealed class WaitingConnector(Binding binding) : IConnector
{
    public Binding Binding => binding;

    public Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel) => Task.FromResult<SendResult>(new SendResult.Waits());
}
