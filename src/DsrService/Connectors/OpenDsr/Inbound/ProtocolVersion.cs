namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>What differs between the two versions: names of paths and headers, and a few members.</summary>
internal sealed record ProtocolVersion(int Number, string Api, string Requests, string DomainHeader, string SignatureHeader)
{
    public static ProtocolVersion One { get; } = new(1, "1.0", "opengdpr_requests", OpenDsrHeaders.FormerDomainName, OpenDsrHeaders.FormerSignatureName);

    public static ProtocolVersion Two { get; } = new(2, "2.0", "requests", OpenDsrHeaders.DomainName, OpenDsrHeaders.SignatureName);

    public string Root => $"/opendsr/v{Number}";

    public static ProtocolVersion Of(int number) => number == One.Number ? One : Two;
}
