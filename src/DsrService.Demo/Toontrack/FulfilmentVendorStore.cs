using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Parcels sent by a vendor that is only reached by a person.</summary>
internal sealed class FulfilmentVendorStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.FulfilmentVendor)
{
    public override IReadOnlyList<string> Needs => ["email", "customer-number"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("shipments", "shipment", """
            shipped_on as "shippedOn", parcel, customer_number as "customerNumber", name, email, postal_address as "postalAddress", statement
            """)
        {
            Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["postal-address"] = "postal_address" },
        },
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.shipment ({StoreTables.Common},
            parcel text not null, customer_number text not null, name text not null, email text not null, postal_address text not null, shipped_on date not null);
        create index if not exists shipment_customer on {Schema}.shipment (customer_number);
        create index if not exists shipment_ref on {Schema}.shipment (ref);
        """;

    public override string Find => $"select distinct ref from {Schema}.shipment where lower(email) = any(@email) or customer_number = any(@customer_number)";

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        yield return new("shipment", "ref, parcel, customer_number, name, email, postal_address, shipped_on", cast.In(Key).SelectMany(person =>
            Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
            [
                Cast.Ref(Key, person.Number), $"P{person.Number:d4}{place:d2}SE", person.CustomerNumber, person.Name, person.Email, person.PostalAddress,
                cast.Today.AddDays(-person.Number * 5 % 700 - place),
            ])));
    }
}
