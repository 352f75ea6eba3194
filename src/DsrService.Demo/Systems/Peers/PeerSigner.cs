using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DsrService.Connectors.OpenDsr;
using DsrService.Demo.Output;
using Microsoft.Extensions.Options;

namespace DsrService.Demo.Systems.Peers;

/// <summary>Signs as a demo peer, with the certificate that the demo made for it at the first start.</summary>
internal sealed class PeerSigner(IOptions<DemoOptions> options)
{
    private const int Days = 3650;

    public static string Domain(string controller, string system) => $"opendsr.{system}.{controller}.example";

    /// <summary>A certificate and its key, as PEM.</summary>
    public static string NewCertificate(string controller, string system)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var domain = Domain(controller, system);
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(domain);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        // By the machine's clock, which certificates are checked by.
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(Days));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    /// <summary>The certificate alone.</summary>
    public static string Public(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.ExportCertificatePem();
    }

    public DemoPeerCredentials? Of(string controller, string system) => DemoFile.Read(options.Value.Output)?.SystemCredentials.GetValueOrDefault($"{controller}/{system}")?.Peer;

    public (byte[] Body, OpenDsrHeaders Headers) Sign<T>(string controller, string system, T message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, OpenDsrJson.Options);
        var pem = Of(controller, system)!.Certificate;
        using var certificate = X509Certificate2.CreateFromPem(pem, pem);
        return (body, new(Domain(controller, system), OpenDsrSignature.Sign(body, certificate)));
    }
}
