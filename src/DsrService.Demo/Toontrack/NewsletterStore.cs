using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Subscriptions. Whoever objects or is erased is remembered as a hash of the address, so that no later import
/// writes to the person again.</summary>
internal sealed class NewsletterStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.Newsletter)
{
    public override IReadOnlyList<string> Needs => ["email"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("newsletter-subscription", "subscription", """
            subscribed_on as "subscribedOn", email, name, topics, stopped, statement
            """)
        {
            Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
        },
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.subscription ({StoreTables.Common},
            email text not null, name text not null, topics text not null, subscribed_on date not null);
        create index if not exists subscription_email on {Schema}.subscription (lower(email));
        create index if not exists subscription_ref on {Schema}.subscription (ref);
        create table if not exists {Schema}.suppression (email_hash text primary key, since timestamptz not null);
        create or replace view {Schema}.may_be_written_to as
            select ref, email, name from {Schema}.subscription s
            where not restricted and not stopped and not archived and not exists
                (select 1 from {Schema}.suppression where email_hash = encode(sha256(convert_to('newsletter:' || lower(s.email), 'UTF8')), 'hex'));
        """;

    public override string Find => $"select ref from {Schema}.subscription where lower(email) = any(@email)";

    private string Hash => $"select encode(sha256(convert_to('newsletter:' || lower(email), 'UTF8')), 'hex') from {Schema}.subscription where ref = any(@refs)";

    public override Task BeforeChange(TaskWork work, CancellationToken cancel) => work.Task.Action switch
    {
        TaskAction.Erase or TaskAction.StopProcessing => work.Run(
            $"insert into {Schema}.suppression select distinct h, @now from ({Hash}) as hashes(h) on conflict do nothing", cancel,
            ("now", Clock.GetUtcNow())),
        TaskAction.ResumeProcessing => work.Run($"delete from {Schema}.suppression where email_hash in ({Hash})", cancel),
        _ => Task.CompletedTask,
    };

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        yield return new("subscription", "ref, email, name, topics, subscribed_on", cast.In(Key).SelectMany(person =>
            person.OtherEmails.Prepend(person.Email).Select(email => (object?[])
            [
                Cast.Ref(Key, person.Number), email, person.Name, person.Number % 2 == 0 ? "drums, offers" : "keys, offers",
                cast.Today.AddDays(-person.Number * 23 % 1800),
            ])));
    }
}
