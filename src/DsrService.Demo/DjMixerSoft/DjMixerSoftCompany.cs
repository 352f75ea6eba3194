using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;

namespace DsrService.Demo.DjMixerSoft;

/// <summary>Software for mixing records; what members keep there is read with the administrator's knowledge only.</summary>
internal sealed class DjMixerSoftCompany : DemoCompany
{
    public const string Members = "members";
    public const string Content = "content";
    public const string Diagnostics = "diagnostics";
    public const string Usage = "usage";
    public const string Newsletter = "newsletter";
    public const string LegalProcess = "legal-process";

    public override string Key => "djmixersoft";

    public override string TimeZone => "Europe/Amsterdam";

    public override IReadOnlyList<DemoStore> Stores(StorePlace place) =>
    [
        DjMixerSoftStores.Members(place), new ContentStore(place), DjMixerSoftStores.Diagnostics(place), DjMixerSoftStores.Usage(place),
        DjMixerSoftStores.Newsletter(place), DjMixerSoftStores.LegalProcess(place),
    ];

    protected override Population Population { get; } = new()
    {
        FirstNames =
        [
            "Anouk", "Bram", "Chantal", "Daan", "Esmee", "Floris", "Gijs", "Hanneke", "Ilse", "Jeroen", "Kees", "Lotte", "Maarten", "Noor",
            "Otto", "Pieternel", "Ruben", "Sanne", "Teun",
        ],
        LastNames =
        [
            "Aalders", "Bakker", "Coster", "Dekker", "Evers", "Faber", "Groen", "Hoekstra", "Jansen", "Kuiper", "Linden", "Mulder", "Nagel",
            "Oosting", "Peters", "Quint", "Ruiter", "Smit", "Timmer", "Usman", "Visser", "Wolters", "Zijlstra",
        ],
        Towns = ["1012 Amsterdam", "3511 Utrecht", "9711 Groningen", "5611 Eindhoven", "6211 Maastricht"],
        Street = "{0}straat {1}",
        Phone = number => $"+31 6 {10 + number % 80} {number * 13 % 900 + 100} {number * 7 % 900 + 100}",
        MailDomain = "decks.example",
        Automated = [Members, Content, Diagnostics, Usage, Newsletter],
        Manual = [LegalProcess],
        ReachedThrough = new Dictionary<string, string> { [Content] = Members, [Diagnostics] = Members, [Usage] = Members },
        Ids = (number, _, held) => held.Overlaps([Members, LegalProcess]) ? [("account-number", $"DJ-{5000 + number}")] : [],
        PlainOnes =
        [
            (50, "Member with documents, no newsletter.", [Members, Content, Usage]),
            (60, "Member who had trouble and was helped.", [Members, Diagnostics, Newsletter]),
            (Population.Plain, "Reads the newsletter alone.", [Newsletter]),
        ],
        Names = new()
        {
            Namesake = "Jan Visscher",
            Sharing = ("Marijke Prins", "Wim Prins", "familie.prins"),
            Guardian = "Truus Bos",
            Child = "Pim Bos",
            Unknown = "Niels Niemand",
            Moving = "Mona Verhuizer",
            EarlierAddresses = ["Oudestraat 3, 3511 Utrecht", "Zomerweg 7, 9711 Groningen"],
            Busy = "Rolf Drukker",
            ByHand = "Hans Dossier",
            Everywhere = "Alma Overal",
        },
        Family = ([Members, Newsletter], [Members, Usage]),
        KnowSomebodyAlone = [Members, Newsletter],
    };
}
