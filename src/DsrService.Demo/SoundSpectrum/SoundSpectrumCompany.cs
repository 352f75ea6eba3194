using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems;

namespace DsrService.Demo.SoundSpectrum;

/// <summary>Draws pictures to music, and tells partners of its customers.</summary>
internal sealed class SoundSpectrumCompany : DemoCompany
{
    public const string Customers = "customers";
    public const string Mailing = "mailing";
    public const string Surveys = "surveys";
    public const string Payments = "payments";
    public const string Vista = "partner-vista";
    public const string Merlin = "partner-merlin";
    public const string Aurora = "partner-aurora";

    public static readonly string[] Partners = [Vista, Merlin, Aurora];

    public override string Key => "soundspectrum";

    public override string TimeZone => "Europe/Berlin";

    public override IReadOnlyList<DemoStore> Stores(StorePlace place) =>
    [
        SoundSpectrumStores.Customers(place), SoundSpectrumStores.Mailing(place), SoundSpectrumStores.Surveys(place),
        SoundSpectrumStores.Payments(place),
        // One never answers, one will not, one takes its time: so it is with partners.
        SoundSpectrumStores.Partner(place, Vista, Behaviour.Silent), SoundSpectrumStores.Partner(place, Merlin, Behaviour.Refuses),
        SoundSpectrumStores.Partner(place, Aurora, Behaviour.Slow),
    ];

    protected override Population Population { get; } = new()
    {
        FirstNames =
        [
            "Anke", "Bernd", "Carla", "Dieter", "Elke", "Fabian", "Gesine", "Holger", "Irmgard", "Jochen", "Katja", "Lutz", "Meike", "Norbert",
            "Ortrun", "Paul", "Renate", "Sven", "Traute",
        ],
        LastNames =
        [
            "Albers", "Brandt", "Clausen", "Dietrich", "Engel", "Fuchs", "Gerlach", "Hartmann", "Ihde", "Jahnke", "Krause", "Lehmann", "Meissner",
            "Neumann", "Ostermann", "Pohl", "Reuter", "Schuster", "Thiele", "Ulrich", "Voigt", "Winkler", "Zander",
        ],
        Towns = ["10115 Berlin", "20095 Hamburg", "50667 Koln", "04109 Leipzig", "80331 Munchen"],
        Street = "{0}strasse {1}",
        Phone = number => $"+49 151 {10 + number % 80} {number * 13 % 90000 + 10000}",
        MailDomain = "colours.example",
        Automated = [Customers, Mailing, Surveys, .. Partners],
        Manual = [Payments],
        ReachedThrough = new Dictionary<string, string> { [Vista] = Customers, [Merlin] = Customers, [Aurora] = Customers },
        Ids = (number, _, held) => held.Overlaps([Customers, Payments, .. Partners]) ? [("customer-number", $"SP-{3000 + number}")] : [],
        PlainOnes =
        [
            (50, "Customer of whom no partner knows.", [Customers, Surveys]),
            (60, "Customer whom one partner knows of.", [Customers, Mailing, Aurora]),
            (Population.Plain, "Reads mail and answers surveys, bought nothing.", [Mailing, Surveys]),
        ],
        Names = new()
        {
            Namesake = "Thomas Schmidt",
            Sharing = ("Inge Vogel", "Klaus Vogel", "familie.vogel"),
            Guardian = "Petra Sommer",
            Child = "Lina Sommer",
            Unknown = "Niko Niemand",
            Moving = "Mona Umzug",
            EarlierAddresses = ["Altstrasse 3, 50667 Koln", "Sommerweg 7, 04109 Leipzig"],
            Busy = "Rolf Klicker",
            ByHand = "Hanna Zahler",
            Everywhere = "Alma Ueberall",
        },
        Family = ([Customers, Mailing], [Surveys]),
        KnowSomebodyAlone = [Customers, Surveys, Mailing],
        Special = [("All purchases are older than ten years.", [Customers])],
    };
}
