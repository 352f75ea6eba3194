using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>Addresses that are never written to again, kept as hashes.</summary>
internal static class Suppression
{
    public static string Tables(string schema) =>
        $"create table if not exists {schema}.suppression (email_hash text primary key, since timestamptz not null);";

    /// <summary>SQL: true for rows whose address is not on the list.</summary>
    public static string Spares(DemoStore store, StoreCategory category) =>
        $"not exists (select 1 from {store.Schema}.suppression where email_hash = {Hash(store, category)})";

    public static Task Follow(TaskWork work, StoreCategory category, CancellationToken cancel)
    {
        var hashes = $"select {Hash(work.Store, category)} from {work.Table(category)} s where ref = any(@refs)";
        return work.Task.Action switch
        {
            TaskAction.Erase or TaskAction.StopProcessing => work.Run(
                $"insert into {work.Store.Schema}.suppression select distinct h, @now from ({hashes}) as hashes(h) on conflict do nothing", cancel,
                ("now", work.Store.Clock.GetUtcNow())),
            TaskAction.ResumeProcessing => work.Run($"delete from {work.Store.Schema}.suppression where email_hash in ({hashes})", cancel),
            _ => Task.CompletedTask,
        };
    }

    private static string Hash(DemoStore store, StoreCategory category) =>
        $"encode(sha256(convert_to('{store.Key}:' || lower(s.{category.Suppressed}), 'UTF8')), 'hex')";
}
