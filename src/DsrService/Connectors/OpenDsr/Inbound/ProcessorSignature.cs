using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>As whom we sign what we say as a processor, and with what.</summary>
internal sealed class ProcessorSignature
{
    private readonly X509Certificate2 certificate;

    private ProcessorSignature(string domain, X509Certificate2 certificate, string published, Uri address) =>
        (Domain, this.certificate, Published, Address) = (domain, certificate, published, address);

    public string Domain { get; }

    /// <summary>The certificates in PEM, without the key.</summary>
    public string Published { get; }

    /// <summary>Where others find them.</summary>
    public Uri Address { get; }

    public DateTimeOffset EndsAt => new(certificate.NotAfter.ToUniversalTime());

    public string Sign(ReadOnlySpan<byte> body) => OpenDsrSignature.Sign(body, certificate);

    /// <summary>A wrong setting stops the start. An end that is over or near does not: the rest must go on.</summary>
    public static ProcessorSignature From(InboundOptions options)
    {
        if (options is not { Domain: { Length: > 0 } domain, Certificate: { Length: > 0 } pem, Key: { Length: > 0 } key, CertificateAddress: { Length: > 0 } address })
            throw Wrong("", "needs Domain, Certificate, Key and CertificateAddress, all of them or none.");
        if (Uri.CheckHostName(domain) != UriHostNameType.Dns || !domain.Contains('.', StringComparison.Ordinal))
            throw Wrong(":Domain", "must be a domain name such as opendsr.company.example.");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var published) || published is not { Scheme: "https", UserInfo: "", Fragment: "" })
            throw Wrong(":CertificateAddress", "must be an absolute https address.");
        var certificate = Read(pem, key);
        if (!certificate.MatchesHostname(domain, allowWildcards: false, allowCommonName: false))
            throw Wrong(":Certificate", "is not for the domain of Dsr:OpenDsr:Inbound:Domain.");
        if (!OpenDsrSignature.IsStrong(certificate))
            throw Wrong(":Certificate", "has a key of a kind or length that nobody should rely on.");
        var all = new X509Certificate2Collection();
        all.ImportFromPem(pem);
        return new(domain, certificate, all.ExportCertificatePems(), published);
    }

    private static X509Certificate2 Read(string pem, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem, key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // What it says may quote the key.
            throw Wrong(":Certificate and Key", "must be PEM and belong together.");
        }
    }

    private static OptionsValidationException Wrong(string name, string reason) =>
        new($"Dsr:OpenDsr:Inbound{name}", typeof(DsrOptions), [$"Dsr:OpenDsr:Inbound{name} {reason}"]);
}
