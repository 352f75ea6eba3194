using DsrService.Fulfilment;
using Polly;
using Polly.Timeout;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Asks a processor that speaks OpenDSR, and afterwards asks how far it is: each attempt of a task is one or the other.</summary>
internal sealed class OpenDsrConnector(IServiceScopeFactory scopes) : IConnector
{
    private static readonly ResiliencePipeline OneAttempt = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(20)).Build();

    public Binding Binding => Binding.Opendsr;

    public async Task<SendResult> SendAsync(OutgoingTask task, CancellationToken cancel)
    {
        try
        {
            return await OneAttempt.ExecuteAsync(async stop =>
            {
                await using var scope = scopes.CreateAsyncScope();
                return await scope.ServiceProvider.GetRequiredService<AskPeer>().HandleAsync(task, stop);
            }, cancel);
        }
        catch (TimeoutRejectedException)
        {
            return new SendResult.Failed("connector.timeout");
        }
        catch (HttpRequestException error)
        {
            return new SendResult.Failed(error.InnerException is AddressRefusedException ? "connector.address_refused" : "connector.unreachable");
        }
        catch (IOException)
        {
            return new SendResult.Failed("connector.unreachable");
        }
    }
}
