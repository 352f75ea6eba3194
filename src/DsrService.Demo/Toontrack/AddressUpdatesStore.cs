using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Change-of-address notices bought from postal services, matched to customers by the staff.</summary>
internal sealed class AddressUpdatesStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.AddressUpdates)
{
    public override IReadOnlyList<string> Needs => ["email", "customer-number"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("address-changes", "notice", """
            received_on as "receivedOn", source, customer_number as "customerNumber", name, old_address as "oldAddress", new_address as "newAddress", statement
            """)
        {
            Provided = false,
            Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["postal-address"] = "new_address" },
        },
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.notice ({StoreTables.Common},
            source text not null, customer_number text not null, email text not null, name text not null, old_address text not null, new_address text not null,
            received_on date not null);
        create index if not exists notice_customer on {Schema}.notice (customer_number);
        create index if not exists notice_ref on {Schema}.notice (ref);
        """;

    public override string Find => $"select distinct ref from {Schema}.notice where lower(email) = any(@email) or customer_number = any(@customer_number)";

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        yield return new("notice", "ref, source, customer_number, email, name, old_address, new_address, received_on", cast.In(Key).Select(person =>
            (object?[])
            [
                Cast.Ref(Key, person.Number), "Postal service of the Kingdom of Sweden", person.CustomerNumber, person.Email, person.Name,
                $"Gamla vagen {person.Number}, 903 26 Umea", person.PostalAddress, cast.Today.AddDays(-person.Number * 3 % 400),
            ]));
    }
}
