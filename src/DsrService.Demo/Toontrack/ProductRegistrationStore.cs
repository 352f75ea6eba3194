using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Serial numbers of registered products and the computers they run on, by customer number.</summary>
internal sealed class ProductRegistrationStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.ProductRegistration)
{
    public override IReadOnlyList<string> Needs => ["customer-number"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("computers", "computer", """authorised_on as "authorisedOn", hardware_id as "hardwareId", computer_name as "computerName" """)
        {
            Rectifiable = new Dictionary<string, string> { ["computer-name"] = "computer_name" },
            RectifiedByCurrent = true,
        },
        new("registrations", "registration", """
            registered_on as "registeredOn", customer_number as "customerNumber", serial_number as "serialNumber", product
            """),
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.registration ({StoreTables.Common},
            customer_number text not null, serial_number text not null unique, product text not null, registered_on date not null);
        create table if not exists {Schema}.computer ({StoreTables.Common},
            hardware_id text not null, computer_name text not null, authorised_on date not null);
        create index if not exists registration_customer on {Schema}.registration (customer_number);
        create index if not exists registration_ref on {Schema}.registration (ref);
        create index if not exists computer_ref on {Schema}.computer (ref);
        create or replace view {Schema}.may_be_authorised as
            select ref, serial_number from {Schema}.registration where not restricted and not archived;
        """;

    public override string Find => $"select distinct ref from {Schema}.registration where customer_number = any(@customer_number)";

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        SyntheticPerson[] people = [.. cast.In(Key)];
        yield return new("registration", "ref, customer_number, serial_number, product, registered_on", people.SelectMany(person =>
            Enumerable.Range(1, 1 + person.Number % 3).Select(place => (object?[])
            [
                Cast.Ref(Key, person.Number), person.CustomerNumber, $"TT{person.Number:d4}-{place:d2}-{person.Number * 7717 % 99991:d5}",
                place == 1 ? "Drum library" : "Keys bundle", cast.Today.AddDays(-person.Number * 11 % 1500 - place),
            ])));
        yield return new("computer", "ref, hardware_id, computer_name, authorised_on", people.Select(person => (object?[])
        [
            Cast.Ref(Key, person.Number), $"HW-{person.Number * 104729 % 16777213:X6}", $"{person.Name}'s studio",
            cast.Today.AddDays(-person.Number * 11 % 1500),
        ]));
    }
}
