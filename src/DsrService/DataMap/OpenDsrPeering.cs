namespace DsrService.DataMap;

/// <summary>How a processor that speaks OpenDSR is reached and knows people.</summary>
internal sealed record OpenDsrPeering
{
    public required OpenDsrDialect Dialect { get; init; }

    /// <summary>The processor domain it signs as; its certificate must be for this name.</summary>
    public required string Domain { get; init; }

    /// <summary>With the major version, such as <c>https://opendsr.partner.example/v2</c>. What the installation was given for the
    /// system goes before it.</summary>
    public string? Address { get; init; }

    /// <summary>Identity type of each identifier kind that the peer is given; no other kind is sent.</summary>
    public required IReadOnlyDictionary<string, string> Identities { get; init; }

    /// <summary>The app that is asked about (AppsFlyer: <c>property_id</c>).</summary>
    public string? Property { get; init; }

    public static OpenDsrPeering Read(YamlFields fields, IReadOnlyCollection<string> kinds)
    {
        var identities = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var identity in fields.List("identities", $"{fields.Place}, identity", true))
        {
            var kind = identity.Reference("kind", kinds, "identifier kind");
            if (!identities.TryAdd(kind, identity.Text("type")))
                identity.Error("kind", $"'{kind}' is named twice.");
            identity.RefuseUnknown();
        }
        var peering = new OpenDsrPeering
        {
            Dialect = ReadDialect(fields),
            Domain = fields.Text("domain"),
            Address = fields.OptionalText("address"),
            Identities = identities,
            Property = fields.OptionalText("property"),
        };
        if (peering.Domain.Length > 0 && (Uri.CheckHostName(peering.Domain) != UriHostNameType.Dns || !peering.Domain.Contains('.', StringComparison.Ordinal)))
            fields.Error("domain", "'domain' must be a domain name such as opendsr.partner.example.");
        if (peering.Address is { } address && !IsAddress(address))
            fields.Error("address", "'address' must be an absolute https address without credentials, query or fragment.");
        if (peering.Property is not null != (peering.Dialect == OpenDsrDialect.AppsFlyer))
            fields.Error("property", "'property' goes with 'dialect: appsflyer', and only with it.");
        fields.RefuseUnknown();
        return peering;
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" };

    private static OpenDsrDialect ReadDialect(YamlFields fields)
    {
        switch (fields.Text("dialect"))
        {
            case "2.0":
                return OpenDsrDialect.Standard;
            case "mparticle-3":
                return OpenDsrDialect.MParticle;
            case "appsflyer":
                return OpenDsrDialect.AppsFlyer;
            case "":
                return default;
            default:
                fields.Error("dialect", "'dialect' must be one of \"2.0\", mparticle-3, appsflyer.");
                return default;
        }
    }
}

internal enum OpenDsrDialect
{
    /// <summary>The specification, version 2.0.</summary>
    Standard,

    /// <summary>mParticle's version 3: identities by type.</summary>
    MParticle,

    /// <summary>AppsFlyer's version 1: paths and statuses of its own.</summary>
    AppsFlyer,
}
