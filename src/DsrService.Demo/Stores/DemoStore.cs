using System.Runtime.CompilerServices;
using DsrService.Demo.People;
using DsrService.Sdk;
using Npgsql;

namespace DsrService.Demo.Stores;

/// <summary>A connected system's own store: tables in a schema of its own and what the system does with them. Inside the
/// store a person is a <c>ref</c>, an opaque id that rows were born with, so that it survives a restore from backup.</summary>
internal abstract class DemoStore(NpgsqlDataSource database, TimeProvider clock, string controller, string key)
{
    // Ends of retention are days of the controller's calendar.
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Stockholm");

    public NpgsqlDataSource Database => database;

    public TimeProvider Clock => clock;

    public string Controller => controller;

    public string Key => key;

    public string Schema { get; } = $"demo_{controller}_{key}".Replace('-', '_');

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone).DateTime);

    /// <summary>The tables, as statements that may run again.</summary>
    public abstract string Tables { get; }

    /// <summary>In the order in which they are erased.</summary>
    public abstract IReadOnlyList<StoreCategory> Categories { get; }

    /// <summary>The identifier kinds that find a person here; each is an array parameter of <see cref="Find"/>.</summary>
    public abstract IReadOnlyList<string> Needs { get; }

    /// <summary>SQL: the refs of the persons behind the identifiers.</summary>
    public abstract string Find { get; }

    /// <summary>The identifier kinds that <see cref="KnownBy"/> gives.</summary>
    public virtual IReadOnlyList<string> Gives => [];

    /// <summary>SQL: <c>kind, value</c> of what the persons in <c>@refs</c> are known by here; null if this store gives nothing.</summary>
    public virtual string? KnownBy => null;

    public abstract IEnumerable<SeedRows> Seed(Cast cast);

    /// <summary>Erases or anonymises one category. The default deletes, except what <see cref="StoreCategory.Retention"/> keeps.</summary>
    public virtual Task Erase(TaskWork work, StoreCategory category, ReceiptDraft draft, CancellationToken cancel) =>
        EraseRows.InTable(work, category, draft, cancel);

    /// <summary>What must outlive a change, such as the suppression of an address.</summary>
    public virtual Task BeforeChange(TaskWork work, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>The system's own storage limitation; what is preserved stays.</summary>
    public virtual string? Expire => null;

    /// <summary>The rows of one category as JSON objects, ready to be handed to the person.</summary>
    public virtual async IAsyncEnumerable<string> Read(
        TaskWork work, StoreCategory category, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = Sql.Command(work.Connection,
            $"select row_to_json(r)::text from (select {category.Fields} from {work.Table(category)} where ref = any(@refs) order by 1, id) r",
            ("refs", work.Refs));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            yield return reader.GetString(0);
    }
}
