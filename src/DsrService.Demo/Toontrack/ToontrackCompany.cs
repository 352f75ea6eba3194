using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using static DsrService.Demo.Toontrack.ToontrackSystems;

namespace DsrService.Demo.Toontrack;

/// <summary>Sells sounds and drums, from Sweden.</summary>
internal sealed class ToontrackCompany : DemoCompany
{
    private static readonly string[] Automated =
    [Webshop, ProductRegistration, SupportForum, CustomerSurvey, ServiceLog, Newsletter, RemarketingPartner];

    public override string Key => Controller;

    public override string TimeZone => "Europe/Stockholm";

    public override IReadOnlyList<DemoStore> Stores(StorePlace place) =>
    [
        WebshopStore.At(place), ToontrackStores.ProductRegistration(place), new SupportForumStore(place),
        ToontrackStores.CustomerSurvey(place), ToontrackStores.ServiceLog(place), ToontrackStores.Newsletter(place),
        ToontrackStores.RemarketingPartner(place), ToontrackStores.FulfilmentVendor(place), ToontrackStores.AddressUpdates(place),
    ];

    protected override Population Population { get; } = new()
    {
        FirstNames =
        [
            "Ada", "Bengt", "Cecilia", "David", "Elin", "Fredrik", "Greta", "Hugo", "Ingrid", "Johan", "Klara", "Lars", "Maja",
            "Nils", "Olivia", "Petter", "Ronja", "Sixten", "Tove", "Ulf", "Vera", "Wilma", "Ylva", "Axel", "Birgit", "Casper",
            "Disa", "Emil", "Freja", "Gustav", "Hilma", "Isak", "Jenny", "Knut", "Linnea", "Morgan", "Nora",
        ],
        LastNames =
        [
            "Lind", "Bergman", "Dahl", "Ekman", "Forsberg", "Grahn", "Holm", "Isaksson", "Jonsson", "Kvist", "Lundin", "Moberg",
            "Nyman", "Oskarsson", "Palm", "Rosen", "Sandell", "Tegner", "Ullman", "Wahl", "Ahlgren", "Blom", "Cronholm", "Engman",
            "Falkman", "Gren", "Hedin", "Jarl", "Krona", "Lager", "Malm",
        ],
        Towns = ["903 26 Umea", "111 29 Stockholm", "411 06 Goteborg", "211 34 Malmo", "753 10 Uppsala", "582 22 Linkoping", "702 11 Orebro"],
        Street = "{0}gatan {1}",
        Phone = number => $"+46 70 {100 + number % 900} {number % 90 + 10:d2} {number * 7 % 90 + 10:d2}",
        MailDomain = "example.org",
        Automated = Automated,
        Manual = ToontrackSystems.Manual,
        ReachedThrough = new Dictionary<string, string>
        {
            [ProductRegistration] = Webshop,
            [RemarketingPartner] = Webshop,
            [ServiceLog] = SupportForum,
        },
        Ids = Ids,
        PlainOnes =
        [
            (50, "Customer with registered products, no newsletter.", [Webshop, ProductRegistration]),
            (60, "Member of the forum who is a customer too.", [Webshop, SupportForum, ServiceLog, RemarketingPartner]),
            (Population.Plain, "Reads the newsletter and answers surveys.", [Newsletter, CustomerSurvey]),
        ],
        Names = new()
        {
            Namesake = "Erik Berg",
            Sharing = ("Karin Falk", "Olof Falk", "familjen.falk"),
            Guardian = "Sara Strand",
            Child = "Alva Strand",
            Unknown = "Nemo Ingman",
            Moving = "Mona Flyttman",
            EarlierAddresses = ["Gamla vagen 3, 903 26 Umea", "Sommarstugan 7, 870 30 Nordingra"],
            Busy = "Rolf Radman",
            ByHand = "Manne Handman",
            Everywhere = "Alma Overallt",
        },
        Family = ([Webshop, Newsletter], [SupportForum, CustomerSurvey]),
        KnowSomebodyAlone = [Webshop, SupportForum, CustomerSurvey, Newsletter],
        Special = [("All purchases are older than seven years.", [Webshop])],
    };

    private static IEnumerable<(string, string)> Ids(int number, string name, IReadOnlySet<string> held)
    {
        if (held.Overlaps([Webshop, ProductRegistration, FulfilmentVendor, AddressUpdates])) yield return ("customer-number", $"C-{1000 + number}");
        if (held.Overlaps([Webshop, SupportForum, ServiceLog])) yield return ("user-name", name);
        if (held.Contains(ProductRegistration)) yield return ("serial-number", $"TT{number:d4}-{number * 7717 % 99991:d5}");
        if (held.Contains(RemarketingPartner)) yield return ("cookie-id", $"tt-{number * 7919:x6}-{number:d4}");
    }
}
