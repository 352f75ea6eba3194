using DsrService.Fulfilment;
using Polly;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Asks a processor that speaks OpenDSR, and afterwards asks how far it is: each attempt of a task is one or the other.</summary>
internal sealed class OpenDsrConnector(IServiceScopeFactory scopes) : IConnector
{
    private static readonly ResiliencePipeline OneAttempt = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(20)).Build();

    public Binding Binding => Binding.Opendsr;

    public Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel) => Transport.TryAsync<SendResult>(async stop =>
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AskPeer>().HandleAsync(task, stop);
    }, OneAttempt, code => new SendResult.Failed(code), cancel);
}
