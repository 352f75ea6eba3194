using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Whom the survey asks, about which of their orders, and what they answered.</summary>
internal sealed class CustomerSurveyStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.CustomerSurvey)
{
    public override IReadOnlyList<string> Needs => ["email"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("survey-orders", "answer", "answered_on as \"answeredOn\", previous_order as \"previousOrder\", survey, score, comment"),
        new("survey-contact", "respondent", "email, name, stopped, statement")
        {
            Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
        },
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.respondent ({StoreTables.Common}, email text not null, name text not null);
        create table if not exists {Schema}.answer ({StoreTables.Common},
            survey text not null, previous_order text not null, answered_on date not null, score int not null, comment text not null);
        create index if not exists respondent_email on {Schema}.respondent (lower(email));
        create index if not exists respondent_ref on {Schema}.respondent (ref);
        create index if not exists answer_ref on {Schema}.answer (ref);
        create or replace view {Schema}.may_be_asked as
            select ref, email, name from {Schema}.respondent where not restricted and not stopped and not archived;
        create or replace view {Schema}.may_be_evaluated as
            select survey, score from {Schema}.answer where not restricted and not stopped and not archived;
        """;

    public override string Find => $"select ref from {Schema}.respondent where lower(email) = any(@email)";

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        SyntheticPerson[] people = [.. cast.In(Key)];
        yield return new("respondent", "ref, email, name", people.Select(person => (object?[])
            [Cast.Ref(Key, person.Number), person.Email, person.Name]));
        yield return new("answer", "ref, survey, previous_order, answered_on, score, comment", people.SelectMany(person =>
            Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
            [
                Cast.Ref(Key, person.Number), $"satisfaction-{place}", place == 1 ? "Drum library" : "Keys bundle", cast.Today.AddDays(-person.Number - place * 90), 1 + (person.Number + place) % 5,
                $"Answered by {person.Name}: the {(place == 1 ? "sounds are good" : "installer could be quicker")}.",
            ])));
    }
}
