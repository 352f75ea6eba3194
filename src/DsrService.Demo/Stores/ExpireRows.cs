namespace DsrService.Demo.Stores;

/// <summary>A store's own storage limitation (Art. 5(1)(e)): what nobody needs any more goes without being asked.</summary>
internal static class ExpireRows
{
    public static async Task Handle(DemoStore store, CancellationToken cancel)
    {
        if (store.Expire is not { } expire)
            return;
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        await Sql.Run(connection, expire, cancel, ("today", store.Today));
    }
}
