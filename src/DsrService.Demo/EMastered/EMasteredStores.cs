using DsrService.Demo.Stores;
using DsrService.Fulfilment;

namespace DsrService.Demo.EMastered;

/// <summary>The stores of emastered that have no ways of their own.</summary>
internal static class EMasteredStores
{
    private static readonly KnownBy AccountNumber = KnownBy.The("account-number", "account_number");

    private static readonly (string Name, string Kind)[] Networks = [("Facebook", "facebook-id"), ("Twitter", "twitter-id")];

    public static DemoStore Accounts(StorePlace place) => new(place, EMasteredCompany.Accounts)
    {
        Categories =
        [
            new("payment-preferences", "preference", "chosen_on date not null, pays_by text not null, plan text not null")
            {
                Rows = (person, cast) => [[cast.Today.AddDays(-person.Number * 5 % 700), person.Number % 2 == 0 ? "card at the payment service" : "invoice", "monthly"]],
            },
            new("account", "account", "account_number text not null unique, name text not null, email text not null, age int not null, opened_on date not null")
            {
                FoundBy = [KnownBy.Email(), AccountNumber],
                Gives = [new("account-number", "account_number")],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
                Use = new("may_be_written_to", "ref, name, email"),
                Rows = (person, cast) =>
                [
                    [person.Id("account-number"), person.Name, person.Email, cast.Today.Year - person.BirthDate.Year, cast.Today.AddDays(-person.Number * 29 % 2500 - 60)],
                ],
            },
        ],
    };

    /// <summary>Through which networks a person signs in. What a network has not vouched for may be somebody else's.</summary>
    public static DemoStore SocialLogins(StorePlace place) => new(place, EMasteredCompany.SocialLogins)
    {
        Categories =
        [
            new("social-identifiers", "login", """
                linked_on date not null, account_number text not null, network text not null, network_id text not null, vouched_for boolean not null, token text not null
                """)
            {
                FoundBy = [AccountNumber],
                Gives =
                [
                    new("facebook-id", "case when network = 'Facebook' then network_id end", "vouched_for"),
                    new("twitter-id", "case when network = 'Twitter' then network_id end", "vouched_for"),
                ],
                // A token opens the account elsewhere: it is erased with the rest, and handed to nobody.
                Internal = ["token"],
                Use = new("may_sign_in", "ref, network, network_id"),
                Rows = (person, cast) => Networks.Select((network, place) => (object?[])
                [
                    cast.Today.AddDays(-person.Number * 3 % 600 - place), person.Id("account-number"), network.Name, person.Id(network.Kind),
                    !person.Note.StartsWith("A network did not", StringComparison.Ordinal), $"tok-{person.Number * 7717L:x8}{place}",
                ]),
            },
        ],
    };

    /// <summary>What was looked at, for how long, on what, and where.</summary>
    public static DemoStore Behaviour(StorePlace place) => new(place, EMasteredCompany.Behaviour)
    {
        Binding = Binding.Sql,
        Categories =
        [
            new("geolocation", "position", "at timestamptz not null, latitude numeric(8,4) not null, longitude numeric(8,4) not null")
            {
                Use = new("may_be_located", "ref, latitude, longitude", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, person.Number % 3).Select(place => (object?[])
                    [cast.Now.AddDays(-place * 4 - person.Number % 60), 43m + person.Number % 70 / 10m, 2m + person.Number % 40 / 10m]),
            },
            new("page-views", "page_view", """
                at timestamptz not null, account_number text not null, device_id text not null, device text not null, ip_address text not null, page text not null,
                seconds int not null
                """)
            {
                FoundBy = [AccountNumber],
                Gives = [new("device-id", "device_id")],
                Use = new("may_be_analysed", "ref, at, page, seconds", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, 3 + person.Number % 5).Select(place => (object?[])
                [
                    cast.Now.AddHours(-place * 29 - person.Number), person.Id("account-number"), person.Id("device-id"), place % 2 == 0 ? "telephone" : "laptop",
                    $"203.0.113.{(person.Number + place) % 250 + 1}", place % 3 == 0 ? "/pricing" : "/master", place * 13 % 400,
                ]),
                ManyRows = """
                    @now - make_interval(mins => n * 3), @account_number, @device_id, 'laptop', '203.0.113.' || n % 250 + 1,
                    case when n % 3 = 0 then '/pricing' else '/master' end, n % 400
                    """,
            },
        ],
    };

    /// <summary>Who ticked the box; fetches its tasks.</summary>
    public static DemoStore Newsletter(StorePlace place) => new(place, EMasteredCompany.Newsletter)
    {
        Binding = Binding.Pull,
        Categories =
        [
            new("newsletter-subscription", "subscription", "opted_in_on date not null, email text not null, said_by text not null")
            {
                FoundBy = [KnownBy.Email()],
                Suppressed = "email",
                Rectifiable = new Dictionary<string, string> { ["email"] = "email" },
                Use = new("may_be_written_to", "ref, email", StopsOnObjection: true),
                Rows = (person, cast) => person.OtherEmails.Prepend(person.Email)
                    .Select(email => (object?[])[cast.Today.AddDays(-person.Number * 17 % 1500), email, "ticked on the sign-up page"]),
            },
        ],
    };

    /// <summary>Posts and comments of the blog, by address or by the network that a member came from.</summary>
    public static DemoStore Forum(StorePlace place) => new(place, EMasteredCompany.Forum)
    {
        Categories =
        [
            new("blog-comments", "comment", "written_at timestamptz not null, article text not null, body text not null")
            {
                Rows = (person, cast) => Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
                    [cast.Now.AddDays(-place * 6 - person.Number % 90), "Loudness and you", $"Good read. /{person.Name}"]),
            },
            new("forum-posts", "post", "posted_at timestamptz not null, email text not null, twitter_id text, thread text not null, body text not null")
            {
                FoundBy = [KnownBy.Email(), KnownBy.The("twitter-id", "twitter_id")],
                Use = new("may_be_searched", "ref, thread, body"),
                Rows = (person, cast) => Enumerable.Range(1, 1 + person.Number % 3).Select(place => (object?[])
                [
                    cast.Now.AddDays(-place * 5 - person.Number % 120), person.Email, person.Id("twitter-id"), $"thread-{person.Number % 20:d2}",
                    $"My master number {place} came out too loud. /{person.Name}",
                ]),
            },
        ],
    };

    /// <summary>A company that watches people on our pages and others.</summary>
    public static DemoStore TrackingPartners(StorePlace place) => new(place, EMasteredCompany.TrackingPartners)
    {
        Binding = Binding.Opendsr,
        Categories =
        [
            new("tracking-profiles", "profile", "last_seen timestamptz not null, device_id text not null, facebook_id text, interests text not null")
            {
                FoundBy = [KnownBy.The("device-id", "device_id"), KnownBy.The("facebook-id", "facebook_id")],
                LastDay = "((last_seen at time zone 'Europe/Paris')::date + 90)",
                Use = new("may_be_advertised_to", "ref, device_id, interests", StopsOnObjection: true),
                Rows = (person, cast) =>
                    [[cast.Now.AddHours(-person.Number % 1500), person.Id("device-id"), person.Id("facebook-id"), person.Number % 2 == 0 ? "synthesisers" : "guitars"]],
            },
        ],
    };
}
