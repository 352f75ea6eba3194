using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>A partner that shows advertisements to known browsers; forgets them thirty days after they were last seen.</summary>
internal sealed class RemarketingPartnerStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.RemarketingPartner)
{
    public override IReadOnlyList<string> Needs => ["cookie-id"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("cookie-identifiers", "browser", """last_seen as "lastSeen", cookie_id as "cookieId", segment, stopped"""),
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.browser ({StoreTables.Common},
            cookie_id text not null, segment text not null, last_seen timestamptz not null);
        create index if not exists browser_cookie on {Schema}.browser (cookie_id);
        create index if not exists browser_ref on {Schema}.browser (ref);
        create or replace view {Schema}.may_be_advertised_to as
            select ref, cookie_id, segment from {Schema}.browser where not restricted and not stopped and not archived;
        """;

    public override string Find => $"select ref from {Schema}.browser where cookie_id = any(@cookie_id)";

    public override string Expire =>
        $"delete from {Schema}.browser where (last_seen at time zone 'Europe/Stockholm')::date + 30 < @today and not preserved";

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        yield return new("browser", "ref, cookie_id, segment, last_seen", cast.In(Key).Select(person => (object?[])
        [
            Cast.Ref(Key, person.Number), person.CookieId, person.Number % 2 == 0 ? "looked at drums" : "left a cart",
            cast.Now.AddHours(-person.Number % 500),
        ]));
    }
}
