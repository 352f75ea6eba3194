using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DsrService.Connectors.OpenDsr;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Tests.Connectors.OpenDsr.Inbound;

[Parallelizable(ParallelScope.All)]
internal sealed class ProcessorSignatureTests
{
    private static InboundOptions Right => new()
    {
        Domain = TestCertificates.Domain,
        Certificate = TestCertificates.Rsa.ExportCertificatePem(),
        Key = Pem(TestCertificates.Rsa.GetRSAPrivateKey()!),
        CertificateAddress = $"https://{TestCertificates.Domain}/certificate.pem",
    };

    [Test]
    public void From_Right_SignsSoThatPeersCanRead()
    {
        var signature = ProcessorSignature.From(Right);

        Assert.That(OpenDsrSignature.Verify("{}"u8, signature.Sign("{}"u8), TestCertificates.Rsa), Is.True);
        Assert.That(signature.Published, Does.Not.Contain("PRIVATE"));
    }

    [Test]
    public void From_KeyInTheCertificatesFile_IsNotPublished()
    {
        var options = Right;
        options.Certificate = $"{options.Certificate}\n{options.Key}";

        Assert.That(ProcessorSignature.From(options).Published, Does.Not.Contain("PRIVATE"));
    }

    [TestCase("Domain")]
    [TestCase("Certificate")]
    [TestCase("Key")]
    [TestCase("CertificateAddress")]
    public void From_OneMissing_StopsTheStart(string which)
    {
        var options = Right;
        typeof(InboundOptions).GetProperty(which)!.SetValue(options, null);

        Assert.That(() => ProcessorSignature.From(options), Throws.TypeOf<OptionsValidationException>());
    }

    [TestCase("Domain", "opendsr.other.example")]
    [TestCase("Domain", "localhost")]
    [TestCase("Certificate", "no pem")]
    [TestCase("Key", "no pem")]
    [TestCase("CertificateAddress", "http://opendsr.partner.example/certificate.pem")]
    [TestCase("CertificateAddress", "certificate.pem")]
    public void From_Wrong_StopsTheStartWithItsName(string which, string value)
    {
        var options = Right;
        typeof(InboundOptions).GetProperty(which)!.SetValue(options, value);

        Assert.That(() => ProcessorSignature.From(options), Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith("Dsr:OpenDsr:Inbound:"));
    }

    [Test]
    public void From_AnothersKey_StopsTheStartWithoutQuotingIt()
    {
        using var other = RSA.Create(2048);
        var options = Right;
        options.Key = Pem(other);

        Assert.That(() => ProcessorSignature.From(options), Throws.TypeOf<OptionsValidationException>().With.Message.Not.Contain("PRIVATE"));
    }

    private static string Pem(RSA key) => key.ExportPkcs8PrivateKeyPem();
}
