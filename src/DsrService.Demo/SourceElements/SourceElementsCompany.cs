using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;

namespace DsrService.Demo.SourceElements;

/// <summary>Connects studios over the internet; accounts can be deleted, a record of use and of payments stays.</summary>
internal sealed class SourceElementsCompany : DemoCompany
{
    public const string Accounts = "accounts";
    public const string Contacts = "contacts";
    public const string PassiveLog = "passive-log";
    public const string Transactions = "transactions";
    public const string MailingList = "mailing-list";
    public const string Promotions = "promotions";

    public override string Key => "source-elements";

    public override string TimeZone => "Europe/Dublin";

    public override IReadOnlyList<DemoStore> Stores(StorePlace place) =>
    [
        SourceElementsStores.Accounts(place), SourceElementsStores.Contacts(place), SourceElementsStores.PassiveLog(place),
        new TransactionsStore(place), SourceElementsStores.MailingList(place), SourceElementsStores.Promotions(place),
    ];

    protected override Population Population { get; } = new()
    {
        FirstNames =
        [
            "Aoife", "Brendan", "Carmen", "Declan", "Elena", "Fergus", "Gloria", "Hector", "Imelda", "Jorge", "Keira", "Lorcan", "Marisol",
            "Niamh", "Oscar", "Pilar", "Rory", "Siobhan", "Tomas",
        ],
        LastNames =
        [
            "Abbott", "Barrera", "Connolly", "Duarte", "Egan", "Fuentes", "Gallagher", "Herrera", "Iglesias", "Joyce", "Kearney", "Lozano",
            "Maguire", "Navarro", "Ocampo", "Phelan", "Quintana", "Rafferty", "Salazar", "Tierney", "Ulloa", "Vidal", "Whelan",
        ],
        Towns = ["Dublin 8", "08003 Barcelona", "Cork T12", "28012 Madrid", "Galway H91"],
        Street = "{1} {0} Row",
        Phone = number => $"+353 85 {100 + number % 900} {number * 13 % 9000 + 1000:d4}",
        MailDomain = "studios.example",
        Automated = [Accounts, Contacts, PassiveLog, Transactions, MailingList],
        Manual = [Promotions],
        ReachedThrough = new Dictionary<string, string> { [Contacts] = Accounts, [PassiveLog] = Accounts },
        Ids = Ids,
        PlainOnes =
        [
            (50, "Bought licences, reads no mail.", [Accounts, Transactions]),
            (60, "Known to other users, pays nothing.", [Accounts, Contacts, PassiveLog]),
            (Population.Plain, "Reads the mailing list and has an account.", [Accounts, MailingList]),
        ],
        Names = new()
        {
            Namesake = "Sam Costello",
            Sharing = ("Rita Moran", "Luis Moran", "moran.studio"),
            Guardian = "Helen Boyle",
            Child = "Finn Boyle",
            Unknown = "Nadia Nobody",
            Moving = "Mona Keane",
            EarlierAddresses = ["3 Old Row, Cork T12", "7 Summer Row, Galway H91"],
            Busy = "Rolf Busby",
            ByHand = "Manus Prizewinner",
            Everywhere = "Alma Everard",
        },
        Family = ([Accounts, MailingList], [Accounts, PassiveLog]),
        KnowSomebodyAlone = [Accounts, Transactions, MailingList],
        Special = [("All payments are older than ten years.", [Accounts, Transactions])],
    };

    private static IEnumerable<(string, string)> Ids(int number, string name, IReadOnlySet<string> held)
    {
        if (held.Contains(Accounts)) yield return ("user-name", name);
        if (held.Contains(Transactions)) yield return ("stripe-customer", $"cus_{number * 7919:x6}{number:d4}");
    }
}
