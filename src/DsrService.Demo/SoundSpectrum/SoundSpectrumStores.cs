using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems;
using DsrService.Fulfilment;

namespace DsrService.Demo.SoundSpectrum;

/// <summary>The stores of soundspectrum and of its partners.</summary>
internal static class SoundSpectrumStores
{
    private static readonly KnownBy CustomerNumber = KnownBy.The("customer-number", "customer_number");

    /// <summary>Who bought and registered what. Sales stay for ten years, without address and telephone.</summary>
    public static DemoStore Customers(StorePlace place) => new(place, SoundSpectrumCompany.Customers)
    {
        Categories =
        [
            new("purchases", "purchase", """
                bought_on date not null, invoice_number text not null unique, customer_number text not null, product text not null,
                amount numeric(12,2) not null, tax numeric(12,2) not null, buyer_name text, buyer_address text, paid_through text not null
                """)
            {
                FoundBy = [CustomerNumber],
                Gives = [new("customer-number", "customer_number")],
                Retention = new("make_date(extract(year from bought_on)::int + 10, 12, 31)",
                    "Tax: records of sales in the one-stop shop are kept for ten years from the end of the year.",
                    "Art. 17(3)(b) GDPR; Directive 2006/112/EC, Article 369(2)")
                {
                    CutDown = "buyer_name = null, buyer_address = null",
                },
                Rows = Purchases,
            },
            new("registrations", "registration", "registered_on date not null, product text not null, licence_key text not null")
            {
                Use = new("may_be_updated", "ref, licence_key"),
                Rows = (person, cast) => Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
                    [cast.Today.AddDays(-person.Number * 13 % 2000 - place), place == 1 ? "G-Force" : "Aeon", $"SS-{person.Number * 7717 % 99991:d5}-{place}"]),
            },
            new("contact-information", "customer", """
                customer_number text not null unique, name text not null, email text not null, phone text not null, address text not null, since date not null
                """)
            {
                FoundBy = [KnownBy.Email(), CustomerNumber],
                Gives = [new("customer-number", "customer_number")],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email", ["phone"] = "phone", ["postal-address"] = "address" },
                Use = new("may_be_written_to_about_purchases", "ref, name, email"),
                Rows = (person, cast) =>
                [
                    [person.Id("customer-number"), person.Name, person.Email, person.Phone, person.PostalAddress, cast.Today.AddDays(-person.Number * 29 % 3000 - 60)],
                ],
            },
        ],
    };

    /// <summary>Mail lists, what was clicked in mails, and which partners were told of whom.</summary>
    public static DemoStore Mailing(StorePlace place) => new(place, SoundSpectrumCompany.Mailing)
    {
        Categories =
        [
            new("click-throughs", "click", "clicked_at timestamptz not null, topic text not null, link text not null")
            {
                Use = new("may_be_evaluated", "ref, topic", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, person.Number % 4).Select(place => (object?[])
                    [cast.Now.AddDays(-place * 9 - person.Number % 60), place % 2 == 0 ? "offers" : "new colours", $"https://go.colours.example/{place}"]),
                ManyRows = "@now - make_interval(mins => n * 5), case when n % 2 = 0 then 'offers' else 'new colours' end, 'https://go.colours.example/' || n",
            },
            new("partner-sharing", "share", "shared_on date not null, email text not null, partner text not null, what text not null")
            {
                FoundBy = [KnownBy.Email()],
                Suppressed = "email",
                Use = new("may_be_shared_with_partners", "ref, email, partner", StopsOnObjection: true),
                Rows = (person, cast) => SoundSpectrumCompany.Partners.Where(person.Has).Select((partner, place) => (object?[])
                    [cast.Today.AddDays(-person.Number * 3 % 400 - place), person.Email, PartnerName(partner), "name and e-mail address"]),
            },
            new("mail-lists", "subscription", "added_on date not null, email text not null, lists text not null")
            {
                FoundBy = [KnownBy.Email()],
                Suppressed = "email",
                Rectifiable = new Dictionary<string, string> { ["email"] = "email" },
                Use = new("may_be_written_to", "ref, email", StopsOnObjection: true),
                Rows = (person, cast) => person.OtherEmails.Prepend(person.Email).Select(email => (object?[])
                    [cast.Today.AddDays(-person.Number * 19 % 1500), email, person.Number % 2 == 0 ? "announcements, offers" : "announcements"]),
            },
        ],
    };

    public static DemoStore Surveys(StorePlace place) => new(place, SoundSpectrumCompany.Surveys)
    {
        Binding = Binding.Sql,
        Categories =
        [
            new("survey-answers", "answer", "answered_on date not null, email text not null, survey text not null, score int not null, comment text not null")
            {
                FoundBy = [KnownBy.Email()],
                LastDay = "(answered_on + interval '2 years')::date",
                Use = new("may_be_evaluated", "survey, score", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
                [
                    cast.Today.AddDays(-person.Number % 300 - place * 40), person.Email, $"satisfaction-{place}", 1 + (person.Number + place) % 5,
                    $"{person.Name} would like more {(place == 1 ? "blue" : "red")}.",
                ]),
            },
        ],
    };

    /// <summary>What the payment services hold on our behalf; people there answer.</summary>
    public static DemoStore Payments(StorePlace place) => new(place, SoundSpectrumCompany.Payments)
    {
        Binding = Binding.Manual,
        Categories =
        [
            new("payment-contacts", "payment", "paid_on date not null, service text not null, customer_number text not null, name text not null, email text not null")
            {
                FoundBy = [KnownBy.Email(), CustomerNumber],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name" },
                Rows = (person, cast) =>
                [
                    [cast.Today.AddDays(-person.Number * 7 % 300), person.Number % 2 == 0 ? "PayPal" : "Verisign", person.Id("customer-number"), person.Name, person.Email],
                ],
            },
        ],
    };

    /// <summary>What a partner holds on those it was told of.</summary>
    public static DemoStore Partner(StorePlace place, string key, Behaviour usually) => new(place, key)
    {
        Binding = Binding.Opendsr,
        Usually = usually,
        Categories =
        [
            new("shared-contacts", "contact", "told_on date not null, customer_number text not null, name text not null, email text not null")
            {
                FoundBy = [CustomerNumber, KnownBy.Email()],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
                Use = new("may_be_offered_products", "ref, name, email", StopsOnObjection: true),
                Rows = (person, cast) => [[cast.Today.AddDays(-person.Number * 3 % 400), person.Id("customer-number"), person.Name, person.Email]],
            },
        ],
    };

    private static string PartnerName(string key) => key switch
    {
        SoundSpectrumCompany.Vista => "Vista Displays GmbH (invented)",
        SoundSpectrumCompany.Merlin => "Merlin Media BV (invented)",
        _ => "Aurora Lights SARL (invented)",
    };

    private static IEnumerable<object?[]> Purchases(SyntheticPerson person, Cast cast)
    {
        var onlyOld = person.Note.StartsWith("All purchases", StringComparison.Ordinal);
        int[] yearsAgo = onlyOld ? [12, 15] : [.. Enumerable.Range(0, 1 + person.Number % 3).Select(place => (place * 5 + person.Number) % 14)];
        return yearsAgo.Select((years, place) => (object?[])
        [
            new DateOnly(cast.Today.Year - years, 1, 1).AddDays((person.Number * 11 + place * 31) % (years == 0 ? cast.Today.DayOfYear : 360)),
            $"R{person.Number:d4}{place:d2}", person.Id("customer-number"), place % 2 == 0 ? "G-Force Platinum" : "Aeon", 29m + person.Number % 3 * 10, 5.51m,
            person.Name, person.PostalAddress, person.Number % 2 == 0 ? "PayPal" : "Verisign",
        ]);
    }
}
