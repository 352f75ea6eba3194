using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>What happened on the servers, by user name: kept thirty days, an erasure changes nothing about that.</summary>
internal sealed class ServiceLogStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.ServiceLog)
{
    // The last day by the clock of the controller's zone.
    private const string LastDay = "((at at time zone 'Europe/Stockholm')::date + 30)";

    public override IReadOnlyList<string> Needs => ["user-name"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("service-log", "log_entry", """at, user_name as "userName", ip_address as "ipAddress", event""")
        {
            Retention = new(LastDay, "Kept thirty days to prevent and trace disruptions, then erased.",
                "Art. 6(1)(b) GDPR: still necessary for the purpose"),
        },
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.log_entry ({StoreTables.Common},
            user_name text not null, at timestamptz not null, ip_address text not null, event text not null);
        create index if not exists log_entry_user on {Schema}.log_entry (user_name);
        create index if not exists log_entry_ref on {Schema}.log_entry (ref);
        create or replace view {Schema}.may_be_analysed as
            select ref, at, event from {Schema}.log_entry where not restricted;
        """;

    public override string Find => $"select distinct ref from {Schema}.log_entry where user_name = any(@user_name)";

    public override string Expire => $"delete from {Schema}.log_entry where {LastDay} < @today and not preserved";

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        yield return new("log_entry", "ref, user_name, at, ip_address, event", cast.In(Key).SelectMany(person =>
            Enumerable.Range(1, person.Note == ToontrackPeople.ManyRowsNote ? cast.ManyRows : 4 + person.Number % 5)
                .Select(place => (object?[])
                [
                    Cast.Ref(Key, person.Number), person.UserName, cast.Now.AddMinutes(-(place * 431L + person.Number * 17) % (29 * 1440)),
                    $"198.51.100.{(person.Number + place) % 250 + 1}", place % 3 == 0 ? "authorisation" : "download",
                ])));
    }
}
