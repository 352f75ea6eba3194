namespace DsrService.Demo.People;

/// <summary>Somebody who does not exist. The number makes all else: the same person on every machine.</summary>
internal sealed record SyntheticPerson(int Number, string Name, string Email)
{
    public string? CustomerNumber { get; init; }

    public string? UserName { get; init; }

    public string? CookieId { get; init; }

    public string? SerialNumber { get; init; }

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

    public bool Has(string system) => HeldBy.Contains(system);

    public IEnumerable<(string Kind, string Value)> Identifiers()
    {
        yield return ("email", Email);
        foreach (var email in OtherEmails) yield return ("email", email);
        if (CustomerNumber is not null) yield return ("customer-number", CustomerNumber);
        if (UserName is not null) yield return ("user-name", UserName);
        if (SerialNumber is not null) yield return ("serial-number", SerialNumber);
        if (CookieId is not null) yield return ("cookie-id", CookieId);
    }
}
