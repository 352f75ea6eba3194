namespace DsrService.Connectors.OpenDsr;

/// <summary>Who signed and what the signature is. The older names, from when it was called OpenGDPR, must be honoured (section
/// 10.1 of the specification).</summary>
internal sealed record OpenDsrHeaders(string Domain, string Signature)
{
    public const string DomainName = "X-OpenDSR-Processor-Domain";
    public const string SignatureName = "X-OpenDSR-Signature";
    public const string FormerDomainName = "X-OpenGDPR-Processor-Domain";
    public const string FormerSignatureName = "X-OpenGDPR-Signature";

    /// <summary>Null where one is missing, given twice, or both families say different things.</summary>
    public static OpenDsrHeaders? Read(Func<string, IEnumerable<string?>> values) =>
        One([.. values(DomainName), .. values(FormerDomainName)]) is { } domain && One([.. values(SignatureName), .. values(FormerSignatureName)]) is { } signature
            ? new(domain, signature)
            : null;

    private static string? One(IReadOnlyList<string?> values) =>
        values.Count > 0 && values[0] is { Length: > 0 } first && values.All(value => value == first) ? first : null;
}
