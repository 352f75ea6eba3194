using DsrService.Demo.Stores;
using DsrService.Fulfilment;

namespace DsrService.Demo.Toontrack;

/// <summary>Toontrack's stores that have no ways of their own.</summary>
internal static class ToontrackStores
{
    private static readonly KnownBy CustomerNumber = KnownBy.The("customer-number", "customer_number");

    /// <summary>Serial numbers of registered products and the computers they run on, by customer number.</summary>
    public static DemoStore ProductRegistration(StorePlace place) => new(place, ToontrackSystems.ProductRegistration)
    {
        Binding = Binding.Sql,
        Categories =
        [
            new("computer-names", "computer", "computer_name text not null")
            {
                Rectifiable = new Dictionary<string, string> { ["computer-name"] = "computer_name" },
                Rows = (person, _) => [[$"{person.Name}'s studio"]],
            },
            new("hardware-identifiers", "hardware", "authorised_on date not null, hardware_id text not null")
            {
                Rows = (person, cast) => [[cast.Today.AddDays(-person.Number * 11 % 1500), $"HW-{person.Number * 104729 % 16777213:X6}"]],
            },
            new("serial-numbers", "registration",
                "registered_on date not null, customer_number text not null, serial_number text not null unique, product text not null")
            {
                FoundBy = [CustomerNumber, KnownBy.The("serial-number", "serial_number")],
                Use = new("may_be_authorised", "ref, serial_number"),
                Rows = (person, cast) => Enumerable.Range(0, 1 + person.Number % 3).Select(place => (object?[])
                [
                    cast.Today.AddDays(-person.Number * 11 % 1500 - place), person.Id("customer-number"),
                    place == 0 ? person.Id("serial-number") : $"{person.Id("serial-number")}-{place}", place == 0 ? "Drum library" : "Keys bundle",
                ]),
            },
        ],
    };

    /// <summary>Whom the survey asks, about which of their orders, and what they answered.</summary>
    public static DemoStore CustomerSurvey(StorePlace place) => new(place, ToontrackSystems.CustomerSurvey)
    {
        Binding = Binding.Http,
        Categories =
        [
            new("survey-orders", "answer",
                "answered_on date not null, previous_order text not null, survey text not null, score int not null, comment text not null")
            {
                Use = new("may_be_evaluated", "survey, score", StopsOnObjection: true),
                Rows = (person, cast) => Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
                [
                    cast.Today.AddDays(-person.Number - place * 90), place == 1 ? "Drum library" : "Keys bundle", $"satisfaction-{place}",
                    1 + (person.Number + place) % 5,
                    $"Answered by {person.Name}: the {(place == 1 ? "sounds are good" : "installer could be quicker")}.",
                ]),
            },
            new("survey-contact", "respondent", "email text not null, name text not null")
            {
                FoundBy = [KnownBy.Email()],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
                Use = new("may_be_asked", "ref, email, name", StopsOnObjection: true),
                Rows = (person, _) => [[person.Email, person.Name]],
            },
        ],
    };

    /// <summary>What happened on the servers, by user name: kept thirty days, an erasure changes nothing about that.</summary>
    public static DemoStore ServiceLog(StorePlace place)
    {
        const string lastDay = "((at at time zone 'Europe/Stockholm')::date + 30)";
        return new(place, ToontrackSystems.ServiceLog)
        {
            Binding = Binding.Sql,
            Categories =
            [
                new("service-log", "log_entry", "at timestamptz not null, user_name text not null, ip_address text not null, event text not null")
                {
                    FoundBy = [KnownBy.The("user-name", "user_name")],
                    Retention = new(lastDay, "Kept thirty days to prevent and trace disruptions, then erased.",
                        "Art. 6(1)(b) GDPR: still necessary for the purpose"),
                    LastDay = lastDay,
                    Use = new("may_be_analysed", "ref, at, event"),
                    Rows = (person, cast) => Enumerable.Range(1, 4 + person.Number % 5).Select(place => (object?[])
                    [
                        cast.Now.AddMinutes(-(place * 431L + person.Number * 17) % (29 * 1440)), person.Id("user-name"),
                        $"198.51.100.{(person.Number + place) % 250 + 1}", place % 3 == 0 ? "authorisation" : "download",
                    ]),
                    ManyRows = """
                        @now - make_interval(mins => n * 431 % (29 * 1440)), @user_name, '198.51.100.' || n % 250 + 1,
                        case when n % 3 = 0 then 'authorisation' else 'download' end
                        """,
                },
            ],
        };
    }

    public static DemoStore Newsletter(StorePlace place) => new(place, ToontrackSystems.Newsletter)
    {
        Binding = Binding.Opendsr,
        Categories =
        [
            new("newsletter-subscription", "subscription", "subscribed_on date not null, email text not null, name text not null, topics text not null")
            {
                FoundBy = [KnownBy.Email()],
                Suppressed = "email",
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
                Use = new("may_be_written_to", "ref, email, name", StopsOnObjection: true),
                Rows = (person, cast) => person.OtherEmails.Prepend(person.Email).Select(email => (object?[])
                    [cast.Today.AddDays(-person.Number * 23 % 1800), email, person.Name, person.Number % 2 == 0 ? "drums, offers" : "keys, offers"]),
            },
        ],
    };

    /// <summary>A partner that shows advertisements to known browsers; forgets them thirty days after they were last seen.</summary>
    public static DemoStore RemarketingPartner(StorePlace place) => new(place, ToontrackSystems.RemarketingPartner)
    {
        Binding = Binding.Opendsr,
        Categories =
        [
            new("cookie-identifiers", "browser", "last_seen timestamptz not null, cookie_id text not null, segment text not null")
            {
                FoundBy = [KnownBy.The("cookie-id", "cookie_id")],
                LastDay = "((last_seen at time zone 'Europe/Stockholm')::date + 30)",
                Use = new("may_be_advertised_to", "ref, cookie_id, segment", StopsOnObjection: true),
                Rows = (person, cast) =>
                    [[cast.Now.AddHours(-person.Number % 500), person.Id("cookie-id"), person.Number % 2 == 0 ? "looked at drums" : "left a cart"]],
            },
        ],
    };

    /// <summary>Parcels sent by a vendor that is only reached by a person.</summary>
    public static DemoStore FulfilmentVendor(StorePlace place) => new(place, ToontrackSystems.FulfilmentVendor)
    {
        Binding = Binding.Manual,
        Categories =
        [
            new("shipments", "shipment", """
                shipped_on date not null, parcel text not null, customer_number text not null, name text not null, email text not null,
                postal_address text not null
                """)
            {
                FoundBy = [KnownBy.Email(), CustomerNumber],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["postal-address"] = "postal_address" },
                Rows = (person, cast) => Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
                [
                    cast.Today.AddDays(-person.Number * 5 % 700 - place), $"P{person.Number:d4}{place:d2}SE", person.Id("customer-number"),
                    person.Name, person.Email, person.PostalAddress,
                ]),
            },
        ],
    };

    /// <summary>Change-of-address notices bought from postal services, matched to customers by the staff.</summary>
    public static DemoStore AddressUpdates(StorePlace place) => new(place, ToontrackSystems.AddressUpdates)
    {
        Binding = Binding.Manual,
        Categories =
        [
            new("address-changes", "notice", """
                received_on date not null, source text not null, customer_number text not null, email text not null, name text not null,
                old_address text not null, new_address text not null
                """)
            {
                FoundBy = [KnownBy.Email(), CustomerNumber],
                Provided = false,
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["postal-address"] = "new_address" },
                Rows = (person, cast) =>
                [
                    [
                        cast.Today.AddDays(-person.Number * 3 % 400), "Postal service of the Kingdom of Sweden", person.Id("customer-number"),
                        person.Email, person.Name, $"Gamla vagen {person.Number}, 903 26 Umea", person.PostalAddress,
                    ],
                ],
            },
        ],
    };
}
