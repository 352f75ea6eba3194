namespace DsrService.Demo.People;

/// <summary>Somebody who does not exist. The number makes all else: the same person on every machine.</summary>
internal sealed record SyntheticPerson(int Number, string Name, string Email)
{
    /// <summary>What systems know the person by besides e-mail addresses.</summary>
    public IReadOnlyList<(string Kind, string Value)> Ids { get; init; } = [];

    public required string Phone { get; init; }

    public required string PostalAddress { get; init; }

    public DateOnly BirthDate { get; init; }

    /// <summary>Further addresses the person has used.</summary>
    public IReadOnlyList<string> OtherEmails { get; init; } = [];

    public IReadOnlyList<string> OtherAddresses { get; init; } = [];

    /// <summary>Keys of the systems that hold something on the person.</summary>
    public required IReadOnlySet<string> HeldBy { get; init; }

    /// <summary>What to know about the person when trying things out.</summary>
    public required string Note { get; init; }

    /// <summary>The person whose rows are used, where two share one account.</summary>
    public int Account { get; init; } = Number;

    /// <summary>Whether some stores hold so much on the person that it must be streamed.</summary>
    public bool HasMany { get; init; }

    /// <summary>One of those who stand around, so that what becomes of one of the others touches no third person of them.</summary>
    public bool IsOfTheCrowd { get; init; }

    public bool Has(string system) => HeldBy.Contains(system);

    /// <summary>What the person is known by, null where no system knows it.</summary>
    public string? Id(string kind) => Ids.FirstOrDefault(id => id.Kind == kind).Value;

    public SyntheticPerson WithId(string kind, string value) => this with
    {
        Ids = [.. Ids.Select(id => id.Kind == kind ? (kind, value) : id)],
    };

    public IEnumerable<(string Kind, string Value)> Identifiers() =>
        OtherEmails.Prepend(Email).Select(email => ("email", email)).Concat(Ids);
}
