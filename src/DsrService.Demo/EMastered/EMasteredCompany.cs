using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;

namespace DsrService.Demo.EMastered;

/// <summary>Masters uploaded recordings; people may sign in through other networks.</summary>
internal sealed class EMasteredCompany : DemoCompany
{
    public const string Accounts = "accounts";
    public const string Uploads = "uploads";
    public const string SocialLogins = "social-logins";
    public const string Behaviour = "behaviour";
    public const string Newsletter = "newsletter";
    public const string Forum = "forum";
    public const string TrackingPartners = "tracking-partners";

    public override string Key => "emastered";

    public override string TimeZone => "Europe/Paris";

    public override IReadOnlyList<DemoStore> Stores(StorePlace place) =>
    [
        EMasteredStores.Accounts(place), UploadsStore.At(place), EMasteredStores.SocialLogins(place), EMasteredStores.Behaviour(place),
        EMasteredStores.Newsletter(place), EMasteredStores.Forum(place), EMasteredStores.TrackingPartners(place),
    ];

    protected override Population Population { get; } = new()
    {
        FirstNames =
        [
            "Agathe", "Benoit", "Corinne", "Denis", "Elodie", "Fabrice", "Gaelle", "Henri", "Ines", "Jules", "Karine", "Luc", "Manon", "Nicolas",
            "Odile", "Pascal", "Romane", "Sylvain", "Therese",
        ],
        LastNames =
        [
            "Arnaud", "Blanchet", "Chevalier", "Dubois", "Etienne", "Fontaine", "Garnier", "Hubert", "Imbert", "Jacquet", "Klein", "Lemoine",
            "Marchand", "Noel", "Olivier", "Perrin", "Quentin", "Rousseau", "Simon", "Tessier", "Urbain", "Vasseur", "Weber",
        ],
        Towns = ["75011 Paris", "69001 Lyon", "13001 Marseille", "33000 Bordeaux", "59000 Lille"],
        Street = "{1} rue {0}",
        Phone = number => $"+33 6 {10 + number % 80} {number % 90 + 10} {number * 7 % 90 + 10} {number * 3 % 90 + 10}",
        MailDomain = "tapes.example",
        Automated = [Accounts, Uploads, SocialLogins, Behaviour, Newsletter, Forum, TrackingPartners],
        Manual = [],
        ReachedThrough = new Dictionary<string, string>
        {
            [Uploads] = Accounts,
            [SocialLogins] = Accounts,
            [Behaviour] = Accounts,
            [TrackingPartners] = Behaviour,
        },
        Ids = Ids,
        PlainOnes =
        [
            (50, "Uploads recordings, reads no news.", [Accounts, Uploads]),
            (60, "Writes in the forum, signed in through a network.", [Accounts, SocialLogins, Forum]),
            (Population.Plain, "Reads the newsletter and is watched by partners.", [Newsletter, TrackingPartners]),
        ],
        Names = new()
        {
            Namesake = "Marie Martin",
            Sharing = ("Claire Morel", "Yves Morel", "famille.morel"),
            Guardian = "Anne Lefort",
            Child = "Zoe Lefort",
            Unknown = "Norbert Personne",
            Moving = "Mona Nomade",
            EarlierAddresses = ["3 vieille rue, 69001 Lyon", "7 rue du lac, 13001 Marseille"],
            Busy = "Rolf Bavard",
            ByHand = "Hugo Papier",
            Everywhere = "Alma Partout",
        },
        Family = ([Accounts, Newsletter], [Accounts, Forum]),
        KnowSomebodyAlone = [Accounts, Forum, Newsletter],
        Special = [("Sent up an hour of sound: hundreds of megabytes.", [Accounts, Uploads]), ("A network did not vouch for the sign-in.", [Accounts, SocialLogins, Forum])],
    };

    private static IEnumerable<(string, string)> Ids(int number, string name, IReadOnlySet<string> held)
    {
        if (held.Contains(Accounts)) yield return ("account-number", $"EM-{7000 + number}");
        if (held.Contains(SocialLogins))
        {
            yield return ("facebook-id", $"{100000000 + number * 7919L}");
            yield return ("twitter-id", $"{200000000 + number * 7717L}");
        }
        if (held.Contains(Behaviour)) yield return ("device-id", $"dev-{number * 104729 % 16777213:x6}-{number:d4}");
    }
}
