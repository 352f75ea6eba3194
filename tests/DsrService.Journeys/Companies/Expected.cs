namespace DsrService.Journeys.Companies;

/// <summary>What the companies' policies and the law make of an erasure.</summary>
internal static class Expected
{
    /// <summary>Categories that stay, by company, of somebody who is in every system.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> KeptAfterErasure = new Dictionary<string, string[]>
    {
        ["toontrack"] = ["order-history", "invoices", "service-log"],
        ["source-elements"] = ["payments"],
        ["djmixersoft"] = ["legal-disclosures"],
        ["soundspectrum"] = ["purchases"],
        ["emastered"] = [],
    };

    /// <summary>Those who do not answer or will not do it go on holding what they were given; they have been told.</summary>
    public static readonly IReadOnlyList<string> TookNoNotice = ["partner-vista", "partner-merlin"];

    /// <summary>Those who do it in their own time: a recipient holds up no answer (Art. 19).</summary>
    public static readonly IReadOnlyList<string> TakesItsTime = ["partner-aurora"];
}
