using DsrService.Data;
using DsrService.Demo.Stores;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Notices;
using Npgsql;

namespace DsrService.Demo.Surface;

/// <summary>Moves the service's clock forward, never back. The way is walked in steps, so that what falls due on it happens
/// in its order and at its time.</summary>
internal sealed class DemoClock(
    Clock clock, JobRunner jobs, WorkSignal signal, NpgsqlDataSource database, IReadOnlyList<DemoStore> stores, IServiceProvider services) : IDisposable
{
    private const int MostSteps = 120;
    private static readonly TimeSpan ShortestStep = TimeSpan.FromHours(6);

    private readonly SemaphoreSlim moving = new(1, 1);

    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan Offset => clock.Offset;

    public void Dispose() => moving.Dispose();

    public async Task Advance(TimeSpan by, CancellationToken cancel)
    {
        await moving.WaitAsync(cancel);
        try
        {
            var step = TimeSpan.FromTicks(Math.Max(ShortestStep.Ticks, by.Ticks / MostSteps));
            for (var left = by; left > TimeSpan.Zero; left -= step)
                await Move(left < step ? left : step, cancel);
        }
        finally
        {
            moving.Release();
        }
    }

    private async Task Move(TimeSpan by, CancellationToken cancel)
    {
        await using (var connection = await database.OpenConnectionAsync(cancel))
            clock.SetOffset((await Sql.List(connection, "update dsr.installation set clock_offset = clock_offset + @by returning clock_offset",
                row => row.GetTimeSpan(0), cancel, ("by", by))).Single());
        foreach (var store in stores)
            await ExpireRows.Handle(store, cancel);
        await jobs.RunDueAsync(cancel);
        // What the jobs and the new hour have made due goes out now and not when the next step is over.
        while (services.GetService<DispatchTasks>() is { } tasks && await tasks.RunOnceAsync(cancel) > 0)
        {
        }
        while (services.GetService<SendNotices>() is { } mails && await mails.RunOnceAsync(cancel) > 0)
        {
        }
        signal.Raise();
    }
}

/// <summary>Takes over the offset that the demo's clock was moved by, in this process or another.</summary>
internal sealed class FollowClock(Clock clock, NpgsqlDataSource database, ILogger<FollowClock> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Follow(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await Follow(stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                log.LogWarning("The clock's offset could not be read: {Error}", error.GetType().Name);
            }
    }

    private async Task Follow(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select clock_offset from dsr.installation");
        if (await command.ExecuteScalarAsync(cancel) is TimeSpan offset)
            clock.SetOffset(offset);
    }
}
