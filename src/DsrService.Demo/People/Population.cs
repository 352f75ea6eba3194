namespace DsrService.Demo.People;

/// <summary>How a company's people are made up: first the plain ones, then the awkward ones, then a crowd.</summary>
internal sealed record Population
{
    public const int Plain = 70;
    private const int FirstOfCrowd = 111;
    private const int Crowd = 120;

    public const string ManyRowsNote = "A hundred thousand rows in one store, thousands in another.";

    public required string[] FirstNames { get; init; }

    public required string[] LastNames { get; init; }

    public required string[] Towns { get; init; }

    /// <summary>Of a street and a number, such as "{0}gatan {1}".</summary>
    public required string Street { get; init; }

    public required Func<int, string> Phone { get; init; }

    /// <summary>A domain that belongs to nobody.</summary>
    public required string MailDomain { get; init; }

    /// <summary>The systems that answer by themselves.</summary>
    public required string[] Automated { get; init; }

    /// <summary>The systems worked by a person.</summary>
    public required string[] Manual { get; init; }

    /// <summary>Systems that know nobody's address, and the one that leads to each.</summary>
    public required IReadOnlyDictionary<string, string> ReachedThrough { get; init; }

    /// <summary>What a person of that number, held by those systems, is known by.</summary>
    public required Func<int, string, IReadOnlySet<string>, IEnumerable<(string Kind, string Value)>> Ids { get; init; }

    /// <summary>Who is where among the plain ones after the fortieth; each line up to a number.</summary>
    public required (int UpTo, string Note, string[] HeldBy)[] PlainOnes { get; init; }

    /// <summary>First and last names of those who are told apart with care.</summary>
    public required AwkwardNames Names { get; init; }

    /// <summary>Where the guardian is, and where the child.</summary>
    public required (string[] Guardian, string[] Child) Family { get; init; }

    /// <summary>Systems that know somebody alone.</summary>
    public required string[] KnowSomebodyAlone { get; init; }

    /// <summary>Awkward ones of this company only.</summary>
    public (string Note, string[] HeldBy)[] Special { get; init; } = [];

    public IEnumerable<SyntheticPerson> Everybody() => [.. PlainPeople(), .. AwkwardPeople(), .. CrowdPeople()];

    private IEnumerable<SyntheticPerson> PlainPeople() => Enumerable.Range(1, Plain).Select(number =>
    {
        if (number <= 40)
            return Person(number, "In every system that answers by itself.", Automated);
        var (_, note, heldBy) = PlainOnes.First(line => number <= line.UpTo);
        return Person(number, note, heldBy);
    });

    private IEnumerable<SyntheticPerson> AwkwardPeople()
    {
        var next = Plain;
        SyntheticPerson Make(string note, string[] heldBy) => Person(++next, note, heldBy);
        SyntheticPerson Everywhere(string note, string name, string mailbox) => Make(note, Automated) with { Name = name, Email = Mail(mailbox) };

        foreach (var place in (string[])["", "2"])
            yield return Everywhere("One of two people of one name.", Names.Namesake, $"{Mailbox(Names.Namesake)}{place}");

        var one = Everywhere($"Shares mailbox and account with {Names.Sharing.Other}.", Names.Sharing.One, Names.Sharing.Mailbox);
        yield return one;
        yield return one with
        {
            Number = ++next,
            Name = Names.Sharing.Other,
            Note = $"Shares mailbox and account with {Names.Sharing.One}.",
            Account = one.Number,
        };

        var guardian = Mail(Mailbox(Names.Guardian));
        yield return Make($"Guardian of {Names.Child}, who is a minor.", Family.Guardian) with { Name = Names.Guardian, Email = guardian };
        yield return Make($"Minor; {guardian} is the guardian.", Family.Child) with
        {
            Name = Names.Child,
            Email = Mail(Mailbox(Names.Child)),
            BirthDate = new(2014, 5, 1),
        };
        yield return Make("Unknown everywhere.", []) with { Name = Names.Unknown, Email = Mail(Mailbox(Names.Unknown)), Ids = [] };
        foreach (var only in KnowSomebodyAlone)
            yield return Make($"Known to {only} alone.", [only]);
        foreach (var (note, heldBy) in Special)
            yield return Make(note, heldBy);
        yield return Everywhere("Name is a spreadsheet formula.", "=HYPERLINK(\"http://example.org/x\",\"Click\")", "formula") with
        {
            PostalAddress = "+46+1, @SUM(1+1)*cmd",
        };
        yield return Everywhere("Name is markup.", "<script>alert('name')</script><img src=x onerror=alert(1)>", "markup") with
        {
            PostalAddress = "</td></tr></table><h1>Elsewhere</h1>",
        };
        yield return Everywhere("Name full of quotes.", "Bobby \"Tables\" O'Brien'); drop table customer; --", "o'brien+tables");
        yield return Everywhere("User name is a path.", "Paula Path", "paula.path").WithId("user-name", "../../etc/passwd");
        yield return Everywhere("Name with a line break and a right-to-left override.", "Linus\r\nBcc: someone@example.org \u202Etxet", "linus.break");
        yield return Everywhere("Name in other scripts.", "Зоя 山田 \U0001F941 Åsa-Ölänning", "zoya.yamada");
        yield return Everywhere("Very long values.", string.Join('-', Enumerable.Repeat("Wolfeschlegelstein", 60)), new('l', 60)) with
        {
            PostalAddress = string.Join(", ", Enumerable.Repeat("Langa gatan 1", 400)),
        };
        yield return Everywhere("Several e-mail and postal addresses.", Names.Moving, Mailbox(Names.Moving)) with
        {
            OtherEmails = [Mail($"{Mailbox(Names.Moving)}.home"), Mail($"{Mailbox(Names.Moving)}.old")],
            OtherAddresses = Names.EarlierAddresses,
        };
        yield return Everywhere(ManyRowsNote, Names.Busy, Mailbox(Names.Busy)) with { HasMany = true };
        if (Manual.Length > 0)
            yield return Make("Held by the manual systems alone.", Manual) with { Name = Names.ByHand, Email = Mail(Mailbox(Names.ByHand)) };
        yield return Make("In every system, the manual ones too.", [.. Automated, .. Manual]) with
        {
            Name = Names.Everywhere,
            Email = Mail(Mailbox(Names.Everywhere)),
        };
    }

    private IEnumerable<SyntheticPerson> CrowdPeople() => Enumerable.Range(FirstOfCrowd, Crowd).Select(number =>
        Person(number, "One of the crowd.",
            [.. Automated.Concat(Manual).Where((_, place) => (number * 7 + place * 5) % 11 < 7), number % 2 == 0 ? Automated[0] : KnowSomebodyAlone[^1]]) with
        {
            IsOfTheCrowd = true,
        });

    private SyntheticPerson Person(int number, string note, string[] heldBy)
    {
        var held = heldBy.ToHashSet();
        // What a system needs may be given by one that is itself led to by a third.
        for (var more = held.Count; more > 0;)
        {
            var before = held.Count;
            held.UnionWith(held.Where(ReachedThrough.ContainsKey).Select(system => ReachedThrough[system]).ToList());
            more = held.Count - before;
        }

        var (first, last) = (FirstNames[number % FirstNames.Length], LastNames[number % LastNames.Length]);
        return new(number, $"{first} {last}", Mail($"{first}.{last}"))
        {
            Ids = [.. Ids(number, $"{first}{last[..2]}{number}".ToLowerInvariant(), held)],
            Phone = Phone(number),
            PostalAddress = $"{string.Format(null, Street, LastNames[number * 3 % LastNames.Length], number)}, {Towns[number % Towns.Length]}",
            BirthDate = new DateOnly(1955, 1, 1).AddDays(number * 97 % 16000),
            HeldBy = held,
            Note = note,
        };
    }

    private string Mail(string mailbox) => $"{mailbox}@{MailDomain}".ToLowerInvariant();

    private static string Mailbox(string name) => name.Replace(' ', '.');
}

/// <summary>First and last names of those whom only care tells apart.</summary>
internal sealed record AwkwardNames
{
    /// <summary>Borne by two.</summary>
    public required string Namesake { get; init; }

    /// <summary>Two who share a mailbox and an account.</summary>
    public required (string One, string Other, string Mailbox) Sharing { get; init; }

    public required string Guardian { get; init; }

    public required string Child { get; init; }

    public required string Unknown { get; init; }

    /// <summary>Has several addresses.</summary>
    public required string Moving { get; init; }

    public required string[] EarlierAddresses { get; init; }

    /// <summary>Has a hundred thousand rows.</summary>
    public required string Busy { get; init; }

    public required string ByHand { get; init; }

    public required string Everywhere { get; init; }
}
