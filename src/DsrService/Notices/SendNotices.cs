using DsrService.Data;

namespace DsrService.Notices;

/// <summary>Sends queued mails, several at once, so that a slow or failing address keeps no other waiting.</summary>
internal sealed class SendNotices(IServiceScopeFactory scopes, IMailTransport transport, WorkSignal signal, ILogger<SendNotices> log) : BackgroundService
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!transport.Ready)
        {
            log.LogWarning("No mail server is configured (Dsr:Mail:Smtp): mails stay queued");
            return;
        }
        var sending = new List<Task>();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                sending.RemoveAll(task => task.IsCompleted);
                var next = signal.Next();
                var taken = await StartAsync(AtOnce - sending.Count, sending, stoppingToken);
                if (sending.Count == AtOnce)
                    await Task.WhenAny(sending);
                else if (taken == 0)
                    await WorkSignal.WaitAsync(Task.WhenAny([next, .. sending]), Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; what is under way is finished below.
        }
        await Task.WhenAll(sending);
    }

    /// <summary>Sends what is due now; for tests and the demo's clock. The number of mails taken.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var sending = new List<Task>();
        var taken = transport.Ready ? await StartAsync(AtOnce, sending, cancel) : 0;
        await Task.WhenAll(sending);
        return taken;
    }

    private async Task<int> StartAsync(int free, List<Task> sending, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var claimed = await scope.ServiceProvider.GetRequiredService<ClaimNotices>().HandleAsync(free, cancel);
            sending.AddRange(claimed.Select(notice => SendAsync(notice, cancel)));
            return claimed.Count;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogError("Mails could not be claimed: {Error}", error.GetType().Name);
            return 0;
        }
    }

    private async Task SendAsync(ClaimNotices.Claimed notice, CancellationToken cancel)
    {
        try
        {
            var result = await AttemptAsync(notice, cancel);
            if (result.Error is not null)
                log.LogWarning("Mail {Notice} ({Kind}), attempt {Attempt}: {Error}", notice.Id, notice.Kind, notice.Attempt, result.Error);
            await using var scope = scopes.CreateAsyncScope();
            // A mail that has gone out is recorded even while stopping.
            await scope.ServiceProvider.GetRequiredService<RecordDelivery>().HandleAsync(notice.RequestId, notice.Id, result, CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Tried again after the lease.
        }
        catch (Exception error)
        {
            log.LogError("The delivery of mail {Notice} could not be recorded: {Error}", notice.Id, error.GetType().Name);
        }
    }

    private async Task<MailResult> AttemptAsync(ClaimNotices.Claimed notice, CancellationToken cancel)
    {
        try
        {
            return await transport.SendAsync(notice.Content, notice.Id.ToString("N"), cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Its message may quote the mail: its kind is enough.
            log.LogError("Mail {Notice} could not be sent: {Error}", notice.Id, error.GetType().Name);
            return new MailResult("mail.error");
        }
    }
}
