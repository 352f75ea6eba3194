using System.Runtime.CompilerServices;
using DsrService.Demo.People;
using DsrService.Demo.Systems;
using DsrService.Fulfilment;
using DsrService.Sdk;
using Npgsql;

namespace DsrService.Demo.Stores;

/// <summary>A connected system's own store: tables in a schema of its own and what the system does with them. Most stores
/// are described by their categories and nothing else; one with ways of its own overrides a step. Inside the store a person
/// is a <c>ref</c>, an opaque id that rows were born with, so that it survives a restore from backup.</summary>
internal class DemoStore(StorePlace place, string key)
{
    public NpgsqlDataSource Database => place.Database;

    public TimeProvider Clock => place.Clock;

    public string Controller => place.Controller;

    public string Key => key;

    public TimeSpan SlowFor => place.Options.SlowFor;

    public string Schema { get; } = $"demo_{place.Controller}_{key}".Replace('-', '_');

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Clock.GetUtcNow(), place.Zone).DateTime);

    /// <summary>How the system is reached, as its data map says.</summary>
    public Binding Binding { get; init; } = Binding.Bus;

    /// <summary>How it behaves until it is told otherwise.</summary>
    public Behaviour Usually { get; init; } = Behaviour.Normal;

    /// <summary>In the order in which they are erased.</summary>
    public IReadOnlyList<StoreCategory> Categories { get; init; } = [];

    /// <summary>The identifier kinds that find a person here.</summary>
    public IReadOnlyList<string> Needs => [.. Categories.SelectMany(category => category.FoundBy).Select(known => known.Kind).Distinct()];

    /// <summary>The identifier kinds that its rows give.</summary>
    public IReadOnlyList<string> Gives => [.. Categories.SelectMany(category => category.Gives).Select(gift => gift.Kind).Distinct()];

    /// <summary>SQL: the refs of the persons behind the identifiers, each kind an array parameter.</summary>
    public virtual string Find => string.Join(" union ", Categories.SelectMany(category => category.FoundBy, (category, known) =>
        $"select {known.Ref} from {Schema}.{category.Table} where ({known.Where}) and {known.Ref} is not null"));

    /// <summary>Tables besides those of the categories, as statements that may run again.</summary>
    public virtual string MoreTables => "";

    public virtual IEnumerable<SeedRows> Seed(Cast cast) => Categories.Where(category => category.Rows is not null).Select(category =>
        new SeedRows(category.Table, $"ref, {string.Join(", ", category.ColumnNames)}", cast.In(Key).SelectMany(person =>
            category.Rows!(person, cast).Select(row => (object?[])[Cast.Ref(Key, person.Number), .. row]))));

    /// <summary>Around an erasure as a whole; a preview goes this way too, and is undone.</summary>
    public virtual Task Erasing(TaskWork work, Func<Task> erase, CancellationToken cancel) => erase();

    /// <summary>Erases or anonymises one category; what <see cref="StoreCategory.Retention"/> keeps stays.</summary>
    public virtual Task Erase(TaskWork work, StoreCategory category, ReceiptDraft draft, CancellationToken cancel) =>
        category.Anonymised is null
            ? EraseRows.InTable(work, category, draft, cancel)
            : EraseRows.LeaveToNobody(work, category, draft, cancel);

    /// <summary>What must outlive a change: whoever objects or is erased is remembered as a hash of the address, so that no
    /// later import writes to the person again.</summary>
    public virtual async Task BeforeChange(TaskWork work, CancellationToken cancel)
    {
        foreach (var category in work.Acted.Where(category => category.Suppressed is not null))
            await Suppression.Follow(work, category, cancel);
    }

    /// <summary>What is done when data is about to be handed over.</summary>
    public virtual Task BeforeReading(TaskWork work, ReceiptDraft draft, CancellationToken cancel) => Task.CompletedTask;

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

/// <summary>Where a company's stores are and by which days they count.</summary>
internal sealed record StorePlace(NpgsqlDataSource Database, TimeProvider Clock, string Controller, TimeZoneInfo Zone, DemoOptions Options);
