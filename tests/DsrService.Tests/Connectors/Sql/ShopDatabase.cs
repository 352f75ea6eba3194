using System.Text;
using System.Text.Json.Nodes;
using DsrService.Connectors.Sql;
using DsrService.DataMap;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Npgsql;

namespace DsrService.Tests.Connectors.Sql;

/// <summary>A company's database of its own, with a mapping as its engineer would write it: rows behind two joins, rows that
/// are kept, rows that stay and are nobody's.</summary>
internal sealed class ShopDatabase : IAsyncDisposable
{
    public static readonly Guid Ada = new("11111111-1111-4111-8111-111111111111");
    public static readonly Guid Bea = new("22222222-2222-4222-8222-222222222222");

    public const string Map = """
        controller:
          key: acme
          name: Acme AB
          address: Storgatan 1, Lund
          contact: privacy@acme.example
          country: SE
          timeZone: Europe/Stockholm
          calendar: SE
          languages: [en]
          rights: [access, erasure, rectification]
          authority: { name: IMY, address: Stockholm, web: https://www.imy.se }
        identifiers:
          - { key: email, label: E-mail, format: email, form: true }
          - { key: user-name, label: User name }
          - { key: device-id, label: Device }
        categories:
          - { key: account, label: Account }
          - { key: orders, label: Orders }
          - { key: notes, label: Notes }
          - { key: activity, label: Activity }
          - { key: devices, label: Devices }
        systems:
          - key: shop
            label: Shop
            binding: sql
            needs: [email, user-name]
            gives: [user-name, device-id]
            actions: [locate, access, export, erase, rectify, restrict, lift-restriction, stop-processing, resume-processing, preserve, release, verify]
            preview: true
            askedAgain: true
            fields:
              - { field: name, label: Name, category: account, proof: persons-word }
              - { field: email, label: E-mail, category: account, proof: persons-word }
        activities:
          - key: sell
            purpose: To sell
            legalBasis: contract
            reading: policy
            system: shop
            categories: [account, orders, notes, activity, devices]
            source: provided
            retention: { period: P1Y, from: recorded }
            endsOnErasure: true
        """;

    public const string Mapping = """
        controller: acme
        system: shop
        schema: shop
        batch: 10
        marks: { restriction: restricted, stopped: stopped, preservation: preserved }
        tables:
          - table: customer
            category: account
            key: [id]
            foundBy:
              - { column: email, kind: email, ignoreCase: true }
            erase: delete
            statement: statement
            columns:
              - { column: email, rectifies: email }
              - { column: name, label: fullName, rectifies: name }
              - { column: user_name, gives: user-name }
              - { column: statement }
          - table: order_note
            category: notes
            key: [order_id, line]
            foundBy:
              - { column: order_id, from: orders.id }
            erase: delete
            columns:
              - { column: words }
          - table: orders
            category: orders
            key: [id]
            foundBy:
              - { column: customer_id, from: customer.id }
            erase: delete
            keep:
              reason: Kept for bookkeeping.
              legalBasis: Art. 17(3)(b) GDPR
              from: placed_on
              period: P7Y
              endOfYear: true
              handle: customer_id
              setApart: archived
            columns:
              - { column: placed_on }
              - { column: total }
              - { column: address, kept: nothing }
              - { column: remark, kept: replace gone }
          - table: visit
            category: activity
            key: [id]
            foundBy:
              - { column: user_name, kind: user-name }
              - { column: user_name, from: customer.user_name }
            erase: columns
            columns:
              - { column: user_name, erase: pseudonym }
              - { column: page, erase: stays }
              - { column: referrer, erase: site }
              - { column: device, category: devices, gives: device-id, erase: nothing }
        """;

    private const string Tables = """
        create schema shop;
        create table shop.customer (id uuid primary key, email text not null, name varchar(20) not null, user_name text, statement text,
            restricted boolean not null default false, stopped boolean not null default false, preserved boolean not null default false);
        create index on shop.customer (lower(email));
        create table shop.orders (id bigint primary key, customer_id uuid not null, placed_on date not null, total numeric(9,2) not null, address text,
            remark varchar(10), archived boolean not null default false,
            restricted boolean not null default false, stopped boolean not null default false, preserved boolean not null default false);
        create index on shop.orders (customer_id);
        create table shop.order_note (order_id bigint not null, line int not null, words text not null, primary key (order_id, line),
            restricted boolean not null default false, stopped boolean not null default false, preserved boolean not null default false);
        create table shop.visit (id bigint generated always as identity primary key, user_name text, page text not null, referrer text, device text,
            restricted boolean not null default false, stopped boolean not null default false, preserved boolean not null default false);
        create index on shop.visit (user_name);
        """;

    private ShopDatabase(NpgsqlDataSource source) => Source = source;

    public NpgsqlDataSource Source { get; }

    public FakeClock Clock { get; } = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    /// <summary>What was handed over, by part.</summary>
    public Dictionary<string, List<JsonObject>> Handed { get; } = [];

    public static ControllerDataMap DataMap { get; } = DataMapReader.Read(Map, "acme.yaml") is { Map: { } map }
        ? map : throw new InvalidOperationException(string.Join('\n', DataMapReader.Read(Map, "acme.yaml").Errors));

    public static SqlMappingReading Read(string mapping) => SqlMappingReader.Read(mapping, "acme.shop.yaml", key => key == "acme" ? DataMap : null);

    public static async Task<ShopDatabase> StartAsync()
    {
        var shop = new ShopDatabase(SqlSystem.Open(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync()));
        await shop.RunAsync(Tables + SqlLedger.Definition(Read(Mapping).Mapping!));
        await shop.RunAsync($"""
            insert into shop.customer values ('{Ada}', 'Ada.Lind@example.org', 'Ada Lind', 'ada'), ('{Bea}', 'bea@example.org', 'Bea Berg', 'bea');
            insert into shop.orders (id, customer_id, placed_on, total, address, remark) values
                (1, '{Ada}', '2017-05-01', 10, 'Storgatan 1', 'ring'), (2, '{Ada}', '2024-05-01', 20, 'Storgatan 1', 'ring'), (3, '{Bea}', '2024-05-01', 30, 'Torget 2', null);
            insert into shop.order_note (order_id, line, words) select o.id, n, 'Note ' || n from shop.orders o, generate_series(1, 3) n;
            insert into shop.visit (user_name, page, referrer, device)
                select u, '/p' || n, 'https://ada@search.example/find?q=' || u, case when n % 2 = 0 then 'dev-' || u end from unnest(array['ada', 'bea']) u, generate_series(1, 25) n;
            """);
        return shop;
    }

    public async Task<SchemaFit> CheckAsync(string mapping)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return await SchemaChecks.CheckAsync(connection, Read(mapping).Mapping!, "acme.shop.yaml", CancellationToken.None);
    }

    public SystemTask Task(TaskAction action, string email = "ada.lind@EXAMPLE.org", bool verified = true) => new()
    {
        TaskId = Guid.CreateVersion7(),
        Reference = "DSR-2026-7K3QX9PM",
        Controller = "acme",
        System = "shop",
        Action = action,
        Identifiers = [new("email", email, verified)],
        Scope = [.. DataMap.Categories.Select(category => new ScopeItem { Category = category.Key, Decision = ScopeDecision.Act })],
        IssuedAt = Clock.GetUtcNow(),
        DueAt = Clock.GetUtcNow(),
        Attempt = 1,
    };

    public Task<Receipt> WorkAsync(SystemTask task, string mapping = Mapping) => WorkAsync(task, async (part, _, write, cancel) =>
    {
        using var stream = new MemoryStream();
        await write(stream, cancel);
        Handed[part] = [.. Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())];
        return Handed[part].Count;
    }, mapping);

    public async Task<Receipt> WorkAsync(SystemTask task, UploadPart upload, string mapping = Mapping) =>
        await WorkSqlTask.HandleAsync(await SystemAsync(mapping), task, upload, Clock, CancellationToken.None);

    public async Task<SqlSystem> SystemAsync(string mapping = Mapping)
    {
        var fit = await CheckAsync(mapping);
        Assert.That(fit.Problems, Is.Empty);
        return new(Read(mapping).Mapping!, fit.Live, Source, "Europe/Stockholm");
    }

    public Task<Receipt> WorkAsync(TaskAction action) => WorkAsync(Task(action));

    public async Task RunAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>From now on the database takes no note away and does not say so.</summary>
    public Task DiscardDeletionsAsync() => RunAsync("""
        create function shop.discard() returns trigger language plpgsql as $$ begin return null; end $$;
        create trigger discard before delete on shop.order_note for each row execute function shop.discard();
        """);

    public async Task<long> CountAsync(string from)
    {
        await using var command = Source.CreateCommand($"select count(*) from shop.{from}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What a receipt says, item by item.</summary>
    public static string Said(Receipt receipt) => string.Join(' ', receipt.Items.OrderBy(item => item.Category, StringComparer.Ordinal).Select(item =>
        $"{item.Category}={item.Found}{Part("h", item.Handed)}{Part("e", item.Erased)}{Part("a", item.Anonymised)}{Part("r", item.Rectified)}{Part("m", item.Restricted)}{Part("s", item.Stopped)}{Part("k", item.Retained)}"));

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await (await PostgresServer.SharedAsync()).DropDatabaseAsync(Source.ConnectionString);
    }

    private static string Part(string name, int count) => count == 0 ? "" : $",{name}{count}";
}
