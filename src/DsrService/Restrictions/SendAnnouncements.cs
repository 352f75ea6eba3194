using System.Text.Json;
using DsrService.Data;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Restrictions;

/// <summary>Puts announcements on the bus until each was delivered. A system that does not listen has no queue: after three
/// days it is left to ask, which it can do at any time.</summary>
internal sealed class SendAnnouncements(IServiceScopeFactory scopes, DsrBus bus, WorkSignal signal, TimeProvider time, ILogger<SendAnnouncements> log) : BackgroundService
{
    private const int Batch = 50;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OneAttempt = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Every commit signals; announcements are few.
        using var calm = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await calm.WaitForNextTickAsync(stoppingToken))
            {
                var next = signal.Next();
                if (await TryRunAsync(stoppingToken) < Batch)
                    await WorkSignal.WaitAsync(next, Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task<int> TryRunAsync(CancellationToken cancel)
    {
        try
        {
            return await RunOnceAsync(cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogError("Announcing was interrupted: {Error}", error.GetType().Name);
            return 0;
        }
    }

    /// <summary>Sends what is due; the number of announcements taken.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DsrDbContext>();
        var now = time.GetUtcNow();
        // As with tasks: the claim moves the next attempt on, and nothing goes to a stopped system.
        var claimed = await db.Set<StateAnnouncement>().FromSql($"""
            UPDATE dsr.state_announcements SET attempt = attempt + 1,
                next_attempt_at = {now} + least(2 * power(2, least(attempt, 20)), 3600) * interval '1 second'
            WHERE id IN (SELECT a.id FROM dsr.state_announcements a WHERE a.next_attempt_at <= {now}
                           AND NOT EXISTS (SELECT 1 FROM dsr.system_stops s WHERE s.controller = a.controller AND s.system IN ('', a.system))
                         ORDER BY a.next_attempt_at LIMIT {Batch} FOR UPDATE OF a SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancel);
        foreach (var row in claimed)
            await SendAsync(db, row, now, cancel);
        return claimed.Count;
    }

    private async Task SendAsync(DsrDbContext db, StateAnnouncement row, DateTimeOffset now, CancellationToken cancel)
    {
        var error = await AttemptAsync(row, cancel);
        var rows = db.Set<StateAnnouncement>().Where(known => known.Id == row.Id);
        if (error is null || now - row.CreatedAt > GiveUpAfter)
            await rows.ExecuteDeleteAsync(cancel);
        else
            await rows.ExecuteUpdateAsync(update => update.SetProperty(known => known.LastError, error), cancel);
        if (error is not null && now - row.CreatedAt > GiveUpAfter)
            log.LogWarning("Announcement {Event} was never taken by {Controller}/{System}: {Error}", row.Id, row.Controller, row.System, error);
    }

    private async Task<string?> AttemptAsync(StateAnnouncement row, CancellationToken cancel)
    {
        if (!bus.IsConnected)
            return "connector.broker_away";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(OneAttempt);
        try
        {
            await bus.SendAsync(BusNames.States(row.Controller, row.System), JsonSerializer.Deserialize<SubjectStateChanged>(row.Message, DsrJson.Options)!, patience.Token);
            return null;
        }
        catch (UndeliverableException)
        {
            return "connector.undeliverable";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "connector.timeout";
        }
    }
}
