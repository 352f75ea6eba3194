using DsrService.Demo.Toontrack;
using static DsrService.Demo.Toontrack.ToontrackSystems;

namespace DsrService.Demo.People;

/// <summary>The synthetic people of toontrack: first the plain ones, then the awkward ones, then a crowd.</summary>
internal static class ToontrackPeople
{
    private const int Plain = 70;
    private const int FirstOfCrowd = 111;
    private const int Crowd = 120;

    private static readonly string[] FirstNames =
    [
        "Ada", "Bengt", "Cecilia", "David", "Elin", "Fredrik", "Greta", "Hugo", "Ingrid", "Johan", "Klara", "Lars", "Maja",
        "Nils", "Olivia", "Petter", "Ronja", "Sixten", "Tove", "Ulf", "Vera", "Wilma", "Ylva", "Axel", "Birgit", "Casper",
        "Disa", "Emil", "Freja", "Gustav", "Hilma", "Isak", "Jenny", "Knut", "Linnea", "Morgan", "Nora",
    ];

    private static readonly string[] LastNames =
    [
        "Lind", "Bergman", "Dahl", "Ekman", "Forsberg", "Grahn", "Holm", "Isaksson", "Jonsson", "Kvist", "Lundin", "Moberg",
        "Nyman", "Oskarsson", "Palm", "Rosen", "Sandell", "Tegner", "Ullman", "Wahl", "Ahlgren", "Blom", "Cronholm", "Engman",
        "Falkman", "Gren", "Hedin", "Jarl", "Krona", "Lager", "Malm",
    ];

    private static readonly string[] Towns =
    ["903 26 Umea", "111 29 Stockholm", "411 06 Goteborg", "211 34 Malmo", "753 10 Uppsala", "582 22 Linkoping", "702 11 Orebro"];

    private static readonly string[] Automated =
    [Webshop, ProductRegistration, SupportForum, CustomerSurvey, ServiceLog, Newsletter, RemarketingPartner];

    public static IReadOnlyList<SyntheticPerson> All { get; } = [.. PlainOnes(), .. AwkwardOnes(), .. CrowdOnes()];

    private static IEnumerable<SyntheticPerson> PlainOnes() => Enumerable.Range(1, Plain).Select(number => number switch
    {
        <= 40 => Person(number, "In every system that answers by itself.", Automated),
        <= 50 => Person(number, "Customer with registered products, no newsletter.", [Webshop, ProductRegistration]),
        <= 60 => Person(number, "Member of the forum who is a customer too.", [Webshop, SupportForum, ServiceLog, RemarketingPartner]),
        _ => Person(number, "Reads the newsletter and answers surveys.", [Newsletter, CustomerSurvey]),
    });

    private static IEnumerable<SyntheticPerson> AwkwardOnes()
    {
        var next = Plain;
        SyntheticPerson Make(string note, string[] heldBy) => Person(++next, note, heldBy);

        foreach (var address in (string[])["erik.berg@example.org", "erik.berg2@example.com"])
            yield return Make("One of two people of one name.", Automated) with { Name = "Erik Berg", Email = address };

        var karin = Make("Shares mailbox and customer account with Olof Falk.", Automated) with
        {
            Name = "Karin Falk",
            Email = "familjen.falk@example.org",
        };
        yield return karin;
        yield return karin with
        {
            Number = ++next,
            Name = "Olof Falk",
            Note = "Shares mailbox and customer account with Karin Falk.",
            Account = karin.Number,
        };

        yield return Make("Guardian of Alva Strand, who is a minor.", [Webshop, Newsletter]) with
        {
            Name = "Sara Strand",
            Email = "sara.strand@example.org",
        };
        yield return Make("Minor; sara.strand@example.org is her guardian.", [SupportForum, CustomerSurvey]) with
        {
            Name = "Alva Strand",
            Email = "alva.strand@example.org",
            BirthDate = new(2014, 5, 1),
        };
        yield return Make("Unknown everywhere.", []) with
        {
            Name = "Nemo Ingman",
            Email = "nemo.ingman@example.org",
            CustomerNumber = null,
            UserName = null,
            CookieId = null,
        };
        foreach (var only in Automated.Where(system => system is Webshop or SupportForum or CustomerSurvey or Newsletter))
            yield return Make($"Known to {only} alone.", [only]);
        yield return Make("All purchases are older than seven years.", [Webshop]);
        yield return Make("Name is a spreadsheet formula.", Automated) with
        {
            Name = "=HYPERLINK(\"http://example.org/x\",\"Click\")",
            Email = "formula@example.org",
            PostalAddress = "+46+1, @SUM(1+1)*cmd",
        };
        yield return Make("Name is markup.", Automated) with
        {
            Name = "<script>alert('name')</script><img src=x onerror=alert(1)>",
            Email = "markup@example.org",
            PostalAddress = "</td></tr></table><h1>Elsewhere</h1>",
        };
        yield return Make("Name full of quotes.", Automated) with
        {
            Name = "Bobby \"Tables\" O'Brien'); drop table customer; --",
            Email = "o'brien+tables@example.org",
        };
        yield return Make("User name is a path.", Automated) with
        {
            Name = "Paula Path",
            Email = "paula.path@example.org",
            UserName = "../../etc/passwd",
        };
        yield return Make("Name with a line break and a right-to-left override.", Automated) with
        {
            Name = "Linus\r\nBcc: someone@example.org \u202Etxet",
            Email = "linus.break@example.org",
        };
        yield return Make("Name in other scripts.", Automated) with
        {
            Name = "Зоя 山田 \U0001F941 Åsa-Ölänning",
            Email = "zoya.yamada@example.org",
        };
        yield return Make("Very long values.", Automated) with
        {
            Name = string.Join('-', Enumerable.Repeat("Wolfeschlegelstein", 60)),
            Email = $"{new string('l', 60)}@example.org",
            PostalAddress = string.Join(", ", Enumerable.Repeat("Langa gatan 1", 400)),
        };
        yield return Make("Several e-mail and postal addresses.", Automated) with
        {
            Name = "Mona Flyttman",
            Email = "mona.flyttman@example.org",
            OtherEmails = ["mona@example.com", "mona.old@example.net"],
            OtherAddresses = ["Gamla vagen 3, 903 26 Umea", "Sommarstugan 7, 870 30 Nordingra"],
        };
        yield return Make(ManyRowsNote, Automated) with { Name = "Rolf Radman", Email = "rolf.radman@example.org" };
        yield return Make("Held by the manual systems alone.", [FulfilmentVendor, AddressUpdates]) with
        {
            Name = "Manne Handman",
            Email = "manne.handman@example.org",
        };
        yield return Make("In every system, the manual ones too.", [.. Automated, FulfilmentVendor, AddressUpdates]) with
        {
            Name = "Alma Overallt",
            Email = "alma.overallt@example.org",
        };
    }

    public static bool IsOfTheCrowd(SyntheticPerson person) => person.Number >= FirstOfCrowd;

    public const string ManyRowsNote = "Thousands of log entries and posts.";

    private static IEnumerable<SyntheticPerson> CrowdOnes() => Enumerable.Range(FirstOfCrowd, Crowd).Select(number =>
        Person(number, "One of the crowd.",
            [.. ToontrackSystems.All.Where((_, place) => (number * 7 + place * 5) % 11 < 7), number % 2 == 0 ? Webshop : Newsletter]));

    private static SyntheticPerson Person(int number, string note, string[] heldBy)
    {
        var held = heldBy.ToHashSet();
        // A store that knows no e-mail address is only reached through one that gives what it needs.
        if (held.Overlaps([ProductRegistration, RemarketingPartner])) held.Add(Webshop);
        if (held.Contains(ServiceLog)) held.Add(SupportForum);
        var first = FirstNames[number % FirstNames.Length];
        var last = LastNames[number % LastNames.Length];
        return new(number, $"{first} {last}", $"{first}.{last}@example.org".ToLowerInvariant())
        {
            CustomerNumber = held.Overlaps([Webshop, ProductRegistration, FulfilmentVendor, AddressUpdates]) ? $"C-{1000 + number}" : null,
            UserName = held.Overlaps([Webshop, SupportForum, ServiceLog]) ? $"{first}{last[..2]}{number}".ToLowerInvariant() : null,
            CookieId = held.Contains(RemarketingPartner) ? $"tt-{number * 7919:x6}-{number:d4}" : null,
            SerialNumber = held.Contains(ProductRegistration) ? $"TT{number:d4}-{number * 7717 % 99991:d5}" : null,
            Phone = $"+46 70 {100 + number % 900} {number % 90 + 10:d2} {number * 7 % 90 + 10:d2}",
            PostalAddress = $"{LastNames[number * 3 % LastNames.Length]}gatan {number}, {Towns[number % Towns.Length]}",
            BirthDate = new DateOnly(1955, 1, 1).AddDays(number * 97 % 16000),
            HeldBy = held,
            Note = note,
        };
    }
}
