namespace DsrService.Demo.Stores;

/// <summary>A store's own storage limitation (Art. 5(1)(e)): what nobody needs any more goes without being asked.</summary>
internal static class ExpireRows
{
    public static async Task Handle(DemoStore store, CancellationToken cancel)
    {
        var ending = store.Categories.Where(category => category.LastDay is not null).ToList();
        if (ending.Count == 0)
            return;
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        foreach (var category in ending)
            await Sql.Run(connection, $"delete from {store.Schema}.{category.Table} where {category.LastDay} < @today and not preserved", cancel,
                ("today", store.Today));
    }
}

/// <summary>Once an hour by the machine's clock; moving the demo's clock does it too.</summary>
internal sealed class ExpireStores(IReadOnlyList<DemoStore> stores, ILogger<ExpireStores> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1));
        do
            try
            {
                foreach (var store in stores)
                    await ExpireRows.Handle(store, stoppingToken);
            }
            catch (Exception error) when (error is Npgsql.NpgsqlException or TimeoutException)
            {
                log.LogWarning("What has expired stays another hour: {Error}", error.GetType().Name);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
