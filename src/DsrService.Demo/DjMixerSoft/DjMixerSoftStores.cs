using DsrService.Demo.Stores;
using DsrService.Fulfilment;

namespace DsrService.Demo.DjMixerSoft;

/// <summary>The stores of djmixersoft that have no ways of their own.</summary>
internal static class DjMixerSoftStores
{
    private static readonly KnownBy AccountNumber = KnownBy.The("account-number", "account_number");

    /// <summary>Members, their addresses, and whether the browser keeps the password. Mail about the account itself goes to
    /// all who are members, whatever they object to.</summary>
    public static DemoStore Members(StorePlace place) => new(place, DjMixerSoftCompany.Members)
    {
        Categories =
        [
            new("password-mark", "password_mark", "set_on date not null, kept_in_cookie boolean not null")
            {
                Rows = (person, cast) => [[cast.Today.AddDays(-person.Number * 5 % 800), person.Number % 3 == 0]],
            },
            new("postal-address", "address", "address text not null")
            {
                Rectifiable = new Dictionary<string, string> { ["postal-address"] = "address" },
                Rows = (person, _) => [[person.PostalAddress]],
            },
            new("member-account", "member", """
                account_number text not null unique, name text not null, email text not null, phone text not null, joined_on date not null,
                administrator boolean not null
                """)
            {
                FoundBy = [KnownBy.Email(), AccountNumber],
                Gives = [new("account-number", "account_number")],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email", ["phone"] = "phone" },
                Use = new("may_be_sent_administrative_mail", "ref, name, email"),
                Rows = (person, cast) =>
                [
                    [
                        person.Id("account-number"), person.Name, person.Email, person.Phone, cast.Today.AddDays(-person.Number * 31 % 3000 - 30),
                        person.Number % 4 != 0,
                    ],
                ],
            },
        ],
    };

    /// <summary>IP addresses, to find out why something does not work.</summary>
    public static DemoStore Diagnostics(StorePlace place) => new(place, DjMixerSoftCompany.Diagnostics)
    {
        Binding = Binding.Sql,
        Categories =
        [
            new("ip-addresses", "connection", "at timestamptz not null, account_number text not null, ip_address text not null, finding text not null")
            {
                FoundBy = [AccountNumber],
                LastDay = "((at at time zone 'Europe/Amsterdam')::date + 90)",
                Use = new("may_be_diagnosed", "ref, at, ip_address", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, 2 + person.Number % 4).Select(place => (object?[])
                [
                    cast.Now.AddHours(-(place * 97 + person.Number) % 2000), person.Id("account-number"), $"198.51.100.{(person.Number + place) % 250 + 1}",
                    place % 2 == 0 ? "timed out" : "signed in",
                ]),
            },
        ],
    };

    /// <summary>How often products are used. After an erasure the numbers stay and nobody is behind them.</summary>
    public static DemoStore Usage(StorePlace place) => new(place, DjMixerSoftCompany.Usage)
    {
        Binding = Binding.Sql,
        Categories =
        [
            new("use-frequency", "use", "used_at timestamptz not null, account_number text, product text not null, minutes int not null")
            {
                FoundBy = [AccountNumber],
                Anonymised = "account_number = null",
                Use = new("may_be_looked_through_for_the_abandoned", "ref, used_at, minutes", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, 3 + person.Number % 5).Select(place => (object?[])
                    [cast.Now.AddDays(-place * 3 - person.Number % 90), person.Id("account-number"), place % 2 == 0 ? "Mixer" : "Sampler", 5 + place * 11]),
                ManyRows = """
                    @now - make_interval(mins => n * 11), @account_number, case when n % 2 = 0 then 'Mixer' else 'Sampler' end, n % 120
                    """,
            },
        ],
    };

    public static DemoStore Newsletter(StorePlace place) => new(place, DjMixerSoftCompany.Newsletter)
    {
        Binding = Binding.Opendsr,
        Categories =
        [
            new("newsletter-subscription", "subscription", "ticked_on date not null, email text not null")
            {
                FoundBy = [KnownBy.Email()],
                Suppressed = "email",
                Rectifiable = new Dictionary<string, string> { ["email"] = "email" },
                Use = new("may_be_written_to", "ref, email", StopsOnObjection: true),
                Rows = (person, cast) => person.OtherEmails.Prepend(person.Email)
                    .Select(email => (object?[])[cast.Today.AddDays(-person.Number * 17 % 1500), email]),
            },
        ],
    };

    /// <summary>What had to be told to courts and authorities; the file is kept by staff.</summary>
    public static DemoStore LegalProcess(StorePlace place) => new(place, DjMixerSoftCompany.LegalProcess)
    {
        Binding = Binding.Manual,
        Categories =
        [
            new("legal-disclosures", "disclosure", """
                disclosed_on date not null, authority text not null, legal_order text not null, what text not null, account_number text not null,
                email text not null
                """)
            {
                FoundBy = [KnownBy.Email(), AccountNumber],
                Provided = false,
                Retention = new("make_date(extract(year from disclosed_on)::int + 3, 12, 31)",
                    "Kept to show what was disclosed, to whom and under which order.", "Art. 17(3)(b) GDPR; Regulation (EU) 2023/1543"),
                Rows = (person, cast) =>
                [
                    [
                        cast.Today.AddDays(-person.Number * 2 % 500), "Examining magistrate at the District Court of Amsterdam", $"Order {2000 + person.Number}",
                        "name and address of the account", person.Id("account-number"), person.Email,
                    ],
                ],
            },
        ],
    };
}
