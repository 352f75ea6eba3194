using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Serial numbers of registered products and the computers they run on, by customer number.</summary>
internal sealed class ProductRegistrationStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.ProductRegistration)
{
    public override IReadOnlyList<string> Needs => ["customer-number", "serial-number"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("computer-names", "computer", "computer_name as \"computerName\", statement")
        {
            Rectifiable = new Dictionary<string, string> { ["computer-name"] = "computer_name" },
        },
        new("hardware-identifiers", "hardware", """authorised_on as "authorisedOn", hardware_id as "hardwareId" """),
        new("serial-numbers", "registration", """
            registered_on as "registeredOn", customer_number as "customerNumber", serial_number as "serialNumber", product
            """),
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.registration ({StoreTables.Common},
            customer_number text not null, serial_number text not null unique, product text not null, registered_on date not null);
        create table if not exists {Schema}.hardware ({StoreTables.Common}, hardware_id text not null, authorised_on date not null);
        create table if not exists {Schema}.computer ({StoreTables.Common}, computer_name text not null);
        create index if not exists registration_customer on {Schema}.registration (customer_number);
        create index if not exists registration_ref on {Schema}.registration (ref);
        create index if not exists hardware_ref on {Schema}.hardware (ref);
        create index if not exists computer_ref on {Schema}.computer (ref);
        create or replace view {Schema}.may_be_authorised as
            select ref, serial_number from {Schema}.registration where not restricted and not archived;
        """;

    public override string Find => $"""
        select distinct ref from {Schema}.registration where customer_number = any(@customer_number) or serial_number = any(@serial_number)
        """;

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        SyntheticPerson[] people = [.. cast.In(Key)];
        yield return new("registration", "ref, customer_number, serial_number, product, registered_on", people.SelectMany(person =>
            Enumerable.Range(0, 1 + person.Number % 3).Select(place => (object?[])
            [
                Ref(person), person.CustomerNumber, place == 0 ? person.SerialNumber : $"{person.SerialNumber}-{place}",
                place == 0 ? "Drum library" : "Keys bundle", cast.Today.AddDays(-person.Number * 11 % 1500 - place),
            ])));
        yield return new("hardware", "ref, hardware_id, authorised_on", people.Select(person =>
            (object?[])[Ref(person), $"HW-{person.Number * 104729 % 16777213:X6}", cast.Today.AddDays(-person.Number * 11 % 1500)]));
        yield return new("computer", "ref, computer_name", people.Select(person => (object?[])[Ref(person), $"{person.Name}'s studio"]));
    }

    private Guid Ref(SyntheticPerson person) => Cast.Ref(Key, person.Number);
}
