using DsrService.Demo.People;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Customers, their addresses, orders, invoices and sign-ins. Orders and invoices outlive an erasure as long as
/// the Swedish bookkeeping act says: to the end of the seventh year after the calendar year in which the financial year ended.</summary>
internal sealed class WebshopStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.Webshop)
{
    // Toontrack's financial year is the calendar year.
    private static RowRetention Bookkeeping(string day, string cutDown) => new(
        $"make_date(extract(year from {day})::int + 7, 12, 31)",
        "Bookkeeping: accounting information is archived until the end of the seventh year.",
        "Art. 17(3)(b) GDPR; Bokföringslagen (1999:1078) 7 kap. 2 §")
    {
        CutDown = cutDown,
    };

    public override IReadOnlyList<string> Needs => ["email", "customer-number"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new("order-history", "customer_order", """
            ordered_on as "orderedOn", order_number as "orderNumber", customer_number as "customerNumber", product, amount, currency,
            delivery_name as "deliveryName", delivery_address as "deliveryAddress", note
            """)
        {
            Retention = Bookkeeping("ordered_on", "delivery_name = null, delivery_address = null, note = null"),
        },
        new("invoices", "invoice", """
            invoiced_on as "invoicedOn", invoice_number as "invoiceNumber", customer_number as "customerNumber", amount, vat, currency,
            buyer_name as "buyerName", buyer_address as "buyerAddress", buyer_email as "buyerEmail", buyer_phone as "buyerPhone"
            """)
        {
            Provided = false,
            Retention = Bookkeeping("invoiced_on", "buyer_email = null, buyer_phone = null"),
        },
        new("ip-address", "sign_in", "at, ip_address as \"ipAddress\""),
        new("postal-address", "customer_address", "label, address as \"postalAddress\", statement")
        {
            Rectifiable = new Dictionary<string, string> { ["postal-address"] = "address" },
            RectifiedByDefault = "label = 'billing'",
        },
        new("customer-account", "customer", """
            customer_number as "customerNumber", name, email, other_emails as "otherEmails", phone,
            birth_date as "birthDate", user_name as "userName", cookie_id as "cookieId", created_on as "createdOn", statement
            """)
        {
            Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email", ["phone"] = "phone" },
        },
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.customer ({StoreTables.Common},
            customer_number text not null unique, name text not null, email text not null, other_emails text[] not null, phone text,
            birth_date date, user_name text, cookie_id text, created_on date not null);
        create index if not exists customer_email on {Schema}.customer (lower(email));
        create table if not exists {Schema}.customer_address ({StoreTables.Common}, label text not null, address text not null);
        create table if not exists {Schema}.customer_order ({StoreTables.Common},
            order_number text not null unique, customer_number text not null, ordered_on date not null, product text not null,
            amount numeric(12,2) not null, currency text not null, delivery_name text, delivery_address text, note text);
        create table if not exists {Schema}.invoice ({StoreTables.Common},
            invoice_number text not null unique, customer_number text not null, invoiced_on date not null, amount numeric(12,2) not null,
            vat numeric(12,2) not null, currency text not null, buyer_name text not null, buyer_address text, buyer_email text, buyer_phone text);
        create table if not exists {Schema}.sign_in ({StoreTables.Common}, at timestamptz not null, ip_address text not null);
        create index if not exists customer_address_ref on {Schema}.customer_address (ref);
        create index if not exists customer_order_ref on {Schema}.customer_order (ref);
        create index if not exists customer_order_customer on {Schema}.customer_order (customer_number);
        create index if not exists invoice_ref on {Schema}.invoice (ref);
        create index if not exists invoice_customer on {Schema}.invoice (customer_number);
        create index if not exists sign_in_ref on {Schema}.sign_in (ref);
        create or replace view {Schema}.may_be_written_to as
            select ref, name, email from {Schema}.customer where not restricted and not archived and not stopped;
        """;

    public override string Find => $"""
        select ref from {Schema}.customer
            where lower(email) = any(@email) or other_emails && @email or customer_number = any(@customer_number)
        union select ref from {Schema}.customer_order where customer_number = any(@customer_number)
        union select ref from {Schema}.invoice where customer_number = any(@customer_number)
        """;

    public override IReadOnlyList<string> Gives => ["customer-number", "cookie-id"];

    public override string KnownBy => $"""
        select 'customer-number', customer_number from {Schema}.customer where ref = any(@refs)
        union select 'customer-number', customer_number from {Schema}.invoice where ref = any(@refs)
        union select 'cookie-id', cookie_id from {Schema}.customer where ref = any(@refs) and cookie_id is not null
        """;

    /// <summary>What was kept for bookkeeping alone goes when that ends, without being asked.</summary>
    public override string Expire => $"""
        delete from {Schema}.customer_order where archived and make_date(extract(year from ordered_on)::int + 7, 12, 31) < @today;
        delete from {Schema}.invoice where archived and make_date(extract(year from invoiced_on)::int + 7, 12, 31) < @today;
        """;

    public override IEnumerable<SeedRows> Seed(Cast cast)
    {
        SyntheticPerson[] people = [.. cast.In(Key)];
        var orders = people.SelectMany(person => Orders(person, cast)).ToArray();
        yield return new("customer",
            "ref, customer_number, name, email, other_emails, phone, birth_date, user_name, cookie_id, created_on",
            people.Select(person => (object?[])
            [
                Ref(person), person.CustomerNumber, person.Name, person.Email, person.OtherEmails.ToArray(), person.Phone,
                person.BirthDate, person.UserName, person.CookieId, cast.Today.AddDays(-person.Number * 29 % 3000 - 400),
            ]));
        yield return new("customer_address", "ref, label, address", people.SelectMany(person =>
            person.OtherAddresses.Select((address, place) => (object?[])[Ref(person), place == 0 ? "earlier" : "delivery", address])
                .Prepend([Ref(person), "billing", person.PostalAddress])));
        yield return new("customer_order",
            "ref, order_number, customer_number, ordered_on, product, amount, currency, delivery_name, delivery_address, note",
            orders.Select(order => (object?[])
            [
                Ref(order.Person), order.Number, order.Person.CustomerNumber, order.On, order.Product, order.Amount, "SEK",
                order.Person.Name, order.Person.PostalAddress, $"Ring {order.Person.Phone} before delivery",
            ]));
        yield return new("invoice",
            "ref, invoice_number, customer_number, invoiced_on, amount, vat, currency, buyer_name, buyer_address, buyer_email, buyer_phone",
            orders.Select(order => (object?[])
            [
                Ref(order.Person), $"F{order.Number}", order.Person.CustomerNumber, order.On.AddDays(2), order.Amount, order.Amount / 5m, "SEK",
                order.Person.Name, order.Person.PostalAddress, order.Person.Email, order.Person.Phone,
            ]));
        yield return new("sign_in", "ref, at, ip_address", people.SelectMany(person => Enumerable.Range(1, 3 + person.Number % 4)
            .Select(place => (object?[])
                [Ref(person), cast.Now.AddHours(-place * 37 - person.Number), $"203.0.113.{(person.Number + place) % 250 + 1}"])));
    }

    private static readonly string[] Products =
    ["Drum library", "Bass expansion", "Keys bundle", "Metal beats", "Jazz grooves", "Mixing presets", "Percussion pack"];

    private static IEnumerable<(SyntheticPerson Person, string Number, DateOnly On, string Product, decimal Amount)> Orders(
        SyntheticPerson person, Cast cast)
    {
        var onlyOld = person.Note.StartsWith("All purchases", StringComparison.Ordinal);
        int[] yearsAgo = onlyOld ? [9, 11] : [.. Enumerable.Range(0, 2 + person.Number % 3).Select(place => (place * 3 + person.Number) % 11)];
        return yearsAgo.Select((years, place) => (person, $"{person.Number:d4}{place + 1:d2}",
            new DateOnly(cast.Today.Year - years, 1, 1).AddDays(years == 0 ? (person.Number + place) % cast.Today.DayOfYear : (person.Number * 13 + place * 40) % 360),
            Products[(person.Number + place) % Products.Length], 199m + person.Number * 7 % 900));
    }

    private Guid Ref(SyntheticPerson person) => Cast.Ref(Key, person.Number);
}
