using DsrService.Demo.People;
using DsrService.Demo.Stores;

namespace DsrService.Demo.Toontrack;

/// <summary>Customers, their addresses, orders, invoices and sign-ins. Orders and invoices outlive an erasure as long as
/// the Swedish bookkeeping act says: to the end of the seventh year after the calendar year in which the financial year ended.</summary>
internal static class WebshopStore
{
    // Toontrack's financial year is the calendar year.
    private static RowRetention Bookkeeping(string day, string cutDown) => new(
        $"make_date(extract(year from {day})::int + 7, 12, 31)",
        "Bookkeeping: accounting information is archived until the end of the seventh year.",
        "Art. 17(3)(b) GDPR; Bokföringslagen (1999:1078) 7 kap. 2 §")
    {
        CutDown = cutDown,
    };

    private static readonly KnownBy CustomerNumber = KnownBy.The("customer-number", "customer_number");

    public static DemoStore At(StorePlace place) => new(place, ToontrackSystems.Webshop)
    {
        Categories =
        [
            new("order-history", "customer_order", """
                ordered_on date not null, order_number text not null unique, customer_number text not null, product text not null,
                amount numeric(12,2) not null, currency text not null, delivery_name text, delivery_address text, note text
                """)
            {
                FoundBy = [CustomerNumber],
                Retention = Bookkeeping("ordered_on", "delivery_name = null, delivery_address = null, note = null"),
                Rows = (person, cast) => Orders(person, cast).Select(order => (object?[])
                [
                    order.On, order.Number, person.Id("customer-number"), order.Product, order.Amount, "SEK",
                    person.Name, person.PostalAddress, $"Ring {person.Phone} before delivery",
                ]),
            },
            new("invoices", "invoice", """
                invoiced_on date not null, invoice_number text not null unique, customer_number text not null, amount numeric(12,2) not null,
                vat numeric(12,2) not null, currency text not null, buyer_name text not null, buyer_address text, buyer_email text, buyer_phone text
                """)
            {
                FoundBy = [CustomerNumber],
                Gives = [new("customer-number", "customer_number")],
                Provided = false,
                Retention = Bookkeeping("invoiced_on", "buyer_email = null, buyer_phone = null"),
                Rows = (person, cast) => Orders(person, cast).Select(order => (object?[])
                [
                    order.On.AddDays(2), $"F{order.Number}", person.Id("customer-number"), order.Amount, order.Amount / 5m, "SEK",
                    person.Name, person.PostalAddress, person.Email, person.Phone,
                ]),
            },
            new("ip-address", "sign_in", "at timestamptz not null, ip_address text not null")
            {
                Rows = (person, cast) => Enumerable.Range(1, 3 + person.Number % 4).Select(place => (object?[])
                    [cast.Now.AddHours(-place * 37 - person.Number), $"203.0.113.{(person.Number + place) % 250 + 1}"]),
            },
            new("postal-address", "customer_address", "label text not null, address text not null")
            {
                Rectifiable = new Dictionary<string, string> { ["postal-address"] = "address" },
                RectifiedByDefault = "label = 'billing'",
                Rows = (person, _) => person.OtherAddresses.Select((address, place) => (object?[])[place == 0 ? "earlier" : "delivery", address])
                    .Prepend(["billing", person.PostalAddress]),
            },
            new("customer-account", "customer", """
                customer_number text not null unique, name text not null, email text not null, other_emails text[] not null, phone text,
                birth_date date, user_name text, cookie_id text, created_on date not null
                """)
            {
                FoundBy = [KnownBy.Email(), new("email", "other_emails && @email", "other_emails"), CustomerNumber],
                Gives = [new("customer-number", "customer_number"), new("cookie-id", "cookie_id")],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email", ["phone"] = "phone" },
                Use = new("may_be_written_to", "ref, name, email", StopsOnObjection: true),
                Rows = (person, cast) =>
                [
                    [
                        person.Id("customer-number"), person.Name, person.Email, person.OtherEmails.ToArray(), person.Phone, person.BirthDate,
                        person.Id("user-name"), person.Id("cookie-id"), cast.Today.AddDays(-person.Number * 29 % 3000 - 400),
                    ],
                ],
            },
        ],
    };

    private static readonly string[] Products =
    ["Drum library", "Bass expansion", "Keys bundle", "Metal beats", "Jazz grooves", "Mixing presets", "Percussion pack"];

    private static IEnumerable<(string Number, DateOnly On, string Product, decimal Amount)> Orders(SyntheticPerson person, Cast cast)
    {
        var onlyOld = person.Note.StartsWith("All purchases", StringComparison.Ordinal);
        int[] yearsAgo = onlyOld ? [9, 11] : [.. Enumerable.Range(0, 2 + person.Number % 3).Select(place => (place * 3 + person.Number) % 11)];
        return yearsAgo.Select((years, place) => ($"{person.Number:d4}{place + 1:d2}",
            new DateOnly(cast.Today.Year - years, 1, 1).AddDays(years == 0 ? (person.Number + place) % cast.Today.DayOfYear : (person.Number * 13 + place * 40) % 360),
            Products[(person.Number + place) % Products.Length], 199m + person.Number * 7 % 900));
    }
}
