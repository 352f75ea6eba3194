namespace DsrService.DataMap;

/// <summary>Who may bring requests in over OpenDSR in this controller's name: the controller's own consent platform, or a
/// company that it is the processor of.</summary>
internal sealed record OpenDsrCaller
{
    public required string Key { get; init; }
    public required string Name { get; init; }

    /// <summary>Callbacks go to this domain, or below it, and nowhere else.</summary>
    public required string Domain { get; init; }

    /// <summary>Whether it has made sure itself who asks. Then what it names is verified, and it gets the answer. Otherwise the person
    /// confirms by the link, as any other, and gets the answer alone.</summary>
    public bool Vouches { get; init; }

    /// <summary>Where letters about what it vouches for go.</summary>
    public string? Contact { get; init; }

    /// <summary>Identifier kind of each identity type; no other type is taken.</summary>
    public required IReadOnlyDictionary<string, string> Identities { get; init; }

    public static OpenDsrCaller Read(YamlFields fields, IReadOnlyCollection<string> kinds)
    {
        var identities = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var identity in fields.List("identities", $"{fields.Place}, identity", true))
        {
            var type = identity.Text("type");
            if (!identities.TryAdd(type, identity.Reference("kind", kinds, "identifier kind")))
                identity.Error("type", $"'{type}' is named twice.");
            identity.RefuseUnknown();
        }
        var caller = new OpenDsrCaller
        {
            Key = fields.Key("key"),
            Name = fields.Text("name"),
            Domain = fields.Text("domain"),
            Vouches = fields.Flag("vouches", false),
            Contact = fields.OptionalText("contact"),
            Identities = identities,
        };
        if (caller.Domain.Length > 0 && (Uri.CheckHostName(caller.Domain) != UriHostNameType.Dns || !caller.Domain.Contains('.', StringComparison.Ordinal)))
            fields.Error("domain", "'domain' must be a domain name such as opendsr.partner.example.");
        if (caller.Vouches != caller.Contact is not null)
            fields.Error("contact", "'contact' goes with 'vouches: true', and only with it: otherwise letters go to the person.");
        else if (caller.Contact is { } contact && !Requests.MailboxAddress.IsValid(contact))
            fields.Error("contact", "'contact' must be an e-mail address.");
        if (!caller.Vouches && identities.Count > 0 && !identities.ContainsValue(IdentifierKind.Email))
            fields.Error("identities", "whoever does not vouch must name an e-mail address, at which the person can confirm.");
        return caller;
    }
}
