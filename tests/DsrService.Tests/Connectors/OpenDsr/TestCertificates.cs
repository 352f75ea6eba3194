using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DsrService.Tests.Connectors.OpenDsr;

/// <summary>Certificates of peers, made for the tests.</summary>
internal static class TestCertificates
{
    public const string Domain = "opendsr.partner.example";

    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset To = new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>RSA keys take their time: one for all.</summary>
    public static readonly X509Certificate2 Rsa = Own(RSA.Create(2048));

    public static X509Certificate2 Own(AsymmetricAlgorithm key, string domain = Domain, DateTimeOffset? from = null, DateTimeOffset? to = null, bool maySign = true) =>
        RequestFor(key, domain, maySign).CreateSelfSigned(from ?? From, to ?? To);

    public static X509Certificate2 Authority()
    {
        var request = new CertificateRequest("CN=Test authority", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(From, To);
    }

    public static X509Certificate2 IssuedBy(X509Certificate2 authority, string domain = Domain)
    {
        using var key = RSA.Create(2048);
        return RequestFor(key, domain, true).Create(authority, From, To, [1, 2, 3, 4]).CopyWithPrivateKey(key);
    }

    private static CertificateRequest RequestFor(AsymmetricAlgorithm key, string domain, bool maySign)
    {
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={domain}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={domain}", (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(domain);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(maySign ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.KeyEncipherment, true));
        return request;
    }
}
