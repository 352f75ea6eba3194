using DsrService.Demo.Stores;
using DsrService.Fulfilment;

namespace DsrService.Demo.SourceElements;

/// <summary>The stores of source-elements that have no ways of their own.</summary>
internal static class SourceElementsStores
{
    private static readonly KnownBy UserName = KnownBy.The("user-name", "user_name");

    /// <summary>Accounts and what their owners show of themselves; the owner's own "Delete Account" leaves nothing of them.</summary>
    public static DemoStore Accounts(StorePlace place) => new(place, SourceElementsCompany.Accounts)
    {
        Categories =
        [
            new("profile", "profile", "shown_name text not null, studio text not null, about text not null, privacy_level text not null")
            {
                Rectifiable = new Dictionary<string, string> { ["studio"] = "studio" },
                Use = new("may_be_found_by_others", "shown_name, studio, about", StopsOnObjection: true),
                Rows = (person, _) =>
                [
                    [
                        person.Name, $"Studio {person.Name.Split(' ')[^1]}", $"Mixing in {person.PostalAddress.Split(", ")[^1]}.",
                        (person.Number % 3) switch { 0 => "everybody", 1 => "contacts", _ => "nobody" },
                    ],
                ],
            },
            new("account-details", "account", """
                user_name text not null unique, name text not null, email text not null, location text not null, phone text not null,
                stripe_customer text, registered_on date not null
                """)
            {
                FoundBy = [KnownBy.Email(), UserName],
                Gives = [new("user-name", "user_name"), new("stripe-customer", "stripe_customer")],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email", ["location"] = "location", ["phone"] = "phone" },
                Use = new("may_sign_in", "ref, user_name"),
                Rows = (person, cast) =>
                [
                    [
                        person.Id("user-name"), person.Name, person.Email, person.PostalAddress, person.Phone, person.Id("stripe-customer"),
                        cast.Today.AddDays(-person.Number * 29 % 2800 - 100),
                    ],
                ],
            },
        ],
    };

    /// <summary>Entries that name the person in the lists of others. Whose list it is, is that user's own affair; the lists
    /// that a person keeps go with the person.</summary>
    public static DemoStore Contacts(StorePlace place) => new(place, SourceElementsCompany.Contacts)
    {
        Categories =
        [
            new("contact-entries", "contact", "added_on date not null, user_name text not null, listed_as text not null, owner_ref uuid, owner_user_name text not null")
            {
                FoundBy = [UserName, new("user-name", "owner_user_name = any(@user_name)", "owner_user_name") { Ref = "owner_ref" }],
                Internal = ["owner_ref", "owner_user_name"],
                Concerns = "(ref = any(@refs) or owner_ref = any(@refs))",
                Provided = false,
                Use = new("may_be_listed", "ref, owner_ref, listed_as", StopsOnObjection: true),
                Rows = (person, cast) =>
                {
                    var owners = cast.People.Where(other => other.IsOfTheCrowd && other != person && other.Has(SourceElementsCompany.Contacts)).ToList();
                    return Enumerable.Range(1, 1 + person.Number % 3).Select(place =>
                    {
                        var owner = owners[(person.Number + place * 5) % owners.Count];
                        return (object?[])
                        [
                            cast.Today.AddDays(-person.Number * 7 % 900 - place), person.Id("user-name"), person.Name,
                            People.Cast.Ref(SourceElementsCompany.Contacts, owner.Number), owner.Id("user-name"),
                        ];
                    });
                },
            },
        ],
    };

    /// <summary>Use as it was observed. After an erasure the record stays without whatever leads to a person.</summary>
    public static DemoStore PassiveLog(StorePlace place) => new(place, SourceElementsCompany.PassiveLog)
    {
        Binding = Binding.Sql,
        Categories =
        [
            new("online-activity", "visit", """
                at timestamptz not null, user_name text, ip_address text, provider text, browser text not null, page text not null,
                referrer text, seconds int not null
                """)
            {
                FoundBy = [UserName],
                // The page that led here may have put personal data into its address; the site remains.
                Anonymised = """user_name = null, ip_address = null, provider = null, referrer = substring(referrer from '^https?://[^/?#]+')""",
                Use = new("may_be_watched", "ref, at, ip_address, page", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, 3 + person.Number % 5).Select(visit => (object?[])
                [
                    cast.Now.AddHours(-(visit * 61L + person.Number) % 9000), person.Id("user-name"), $"192.0.2.{(person.Number + visit) % 250 + 1}",
                    person.Number % 2 == 0 ? "Emerald Cable" : "Costa Fibra", visit % 2 == 0 ? "Firefox 146" : "Chrome 143",
                    visit % 3 == 0 ? "/support" : "/source-connect", $"https://search.example/find?q=studio&me={Uri.EscapeDataString(person.Email)}",
                    visit * 17 % 600,
                ]),
                ManyRows = """
                    @now - make_interval(mins => n * 7 % 900000), @user_name, '192.0.2.' || n % 250 + 1, 'Emerald Cable', 'Firefox 146',
                    case when n % 3 = 0 then '/support' else '/source-connect' end, 'https://search.example/find?q=studio&me=' || @email, n % 600
                    """,
            },
        ],
    };

    /// <summary>Who wanted mail, and when that was said. Behind a firewall: it fetches its tasks.</summary>
    public static DemoStore MailingList(StorePlace place) => new(place, SourceElementsCompany.MailingList)
    {
        Binding = Binding.Pull,
        Categories =
        [
            new("mailing-subscription", "subscription", "opted_in_on date not null, email text not null, wants text not null, said_by text not null")
            {
                FoundBy = [KnownBy.Email()],
                Suppressed = "email",
                Rectifiable = new Dictionary<string, string> { ["email"] = "email" },
                Use = new("may_be_written_to", "ref, email", StopsOnObjection: true),
                Rows = (person, cast) => person.OtherEmails.Prepend(person.Email).Select(email => (object?[])
                [
                    cast.Today.AddDays(-person.Number * 23 % 1800), email, person.Number % 2 == 0 ? "updates" : "updates, messages of other users",
                    "ticked in Edit Profile",
                ]),
            },
        ],
    };

    /// <summary>Whom a promoter of competitions told of, for the prizes to be sent; a person at the promoter answers.</summary>
    public static DemoStore Promotions(StorePlace place) => new(place, SourceElementsCompany.Promotions)
    {
        Binding = Binding.Manual,
        Categories =
        [
            new("competition-entries", "entry", """
                entered_on date not null, competition text not null, source text not null, name text not null, email text not null,
                postal_address text not null
                """)
            {
                FoundBy = [KnownBy.Email()],
                Provided = false,
                Rows = (person, cast) =>
                [
                    [
                        cast.Today.AddDays(-person.Number * 3 % 300), "Remote session of the year", "Loopfest Promotions Ltd", person.Name, person.Email,
                        person.PostalAddress,
                    ],
                ],
            },
        ],
    };
}
