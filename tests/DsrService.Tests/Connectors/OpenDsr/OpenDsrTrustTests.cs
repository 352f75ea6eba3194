using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DsrService.Connectors.OpenDsr;

namespace DsrService.Tests.Connectors.OpenDsr;

[Parallelizable(ParallelScope.All)]
internal sealed class OpenDsrTrustTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"request_status":"completed"}""");
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly X509Certificate2 Authority = TestCertificates.Authority();
    private static readonly OpenDsrTrust Trust = new([Authority]);

    [Test]
    public void Check_CertificateOnTheList_Believed() => Assert.That(Said(TestCertificates.Rsa, pinned: true), Is.Null);

    [Test]
    public void Check_NameInOtherCase_Believed() => Assert.That(
        Trust.Check(Body, Headers(TestCertificates.Rsa) with { Domain = "OpenDSR.Partner.example" }, TestCertificates.Domain, [TestCertificates.Rsa], true, Now), Is.Null);

    [Test]
    public void Check_IssuedByATrustedAuthority_Believed()
    {
        using var issued = TestCertificates.IssuedBy(Authority);

        Assert.That(Said(issued, pinned: false), Is.Null);
    }

    [Test]
    public void Check_OwnOrForeignAuthority_NotOnTheList()
    {
        using var foreign = TestCertificates.Authority();
        using var issued = TestCertificates.IssuedBy(foreign);

        Assert.That(Said(TestCertificates.Rsa, pinned: false), Is.EqualTo("401 opendsr.certificate_untrusted"));
        Assert.That(Said(issued, pinned: false), Is.EqualTo("401 opendsr.certificate_untrusted"));
    }

    [Test]
    public void Check_SignedByAKeyThatIsNotOnTheList_Refused()
    {
        using var other = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256));

        Assert.That(Said(Trust.Check(Body, Headers(other), TestCertificates.Domain, [TestCertificates.Rsa], true, Now)), Is.EqualTo("400 opendsr.signature_invalid"));
        Assert.That(Said(Trust.Check(Body, Headers(other), TestCertificates.Domain, [], true, Now)), Is.EqualTo("401 opendsr.certificate_unknown"));
    }

    [Test]
    public void Check_SecondOfTheList_Believed()
    {
        using var next = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        using var old = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), to: Now.AddDays(-1));

        Assert.That(Trust.Check(Body, Headers(next), TestCertificates.Domain, [old, TestCertificates.Rsa, next], true, Now), Is.Null);
    }

    [TestCase("opendsr.other.example")]
    [TestCase("partner.example")]
    [TestCase("*.partner.example")]
    public void Check_CertificateForAnotherName_Refused(string name)
    {
        using var certificate = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), name);

        Assert.That(Said(certificate, pinned: true), Is.EqualTo("401 opendsr.certificate_name"));
    }

    [Test]
    public void Check_HeaderNamesAnotherDomain_Refused() => Assert.That(
        Said(Trust.Check(Body, Headers(TestCertificates.Rsa) with { Domain = "opendsr.other.example" }, TestCertificates.Domain, [TestCertificates.Rsa], true, Now)),
        Is.EqualTo("401 opendsr.domain_not_allowed"));

    [TestCase(true)]
    [TestCase(false)]
    public void Check_OutsideItsDates_Refused(bool pinned)
    {
        using var expired = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), to: Now.AddSeconds(-1));
        using var early = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), from: Now.AddSeconds(1));

        Assert.That(Said(expired, pinned), Is.EqualTo("401 opendsr.certificate_expired"));
        Assert.That(Said(early, pinned), Is.EqualTo("401 opendsr.certificate_not_yet_valid"));
    }

    [Test]
    public void Check_KeyThatMayNotSignOrIsShort_Refused()
    {
        using var other = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), maySign: false);
        using var brief = TestCertificates.Own(RSA.Create(1024));

        Assert.That(Said(other, pinned: true), Is.EqualTo("401 opendsr.certificate_weak"));
        Assert.That(Said(brief, pinned: true), Is.EqualTo("401 opendsr.certificate_weak"));
    }

    [Test]
    public void Check_BodyAltered_Refused() => Assert.That(
        Said(Trust.Check(Encoding.UTF8.GetBytes("""{"request_status":"cancelled"}"""), Headers(TestCertificates.Rsa), TestCertificates.Domain, [TestCertificates.Rsa], true, Now)),
        Is.EqualTo("400 opendsr.signature_invalid"));

    [Test]
    public void Check_NoHeaders_Refused() => Assert.That(
        Said(Trust.Check(Body, null, TestCertificates.Domain, [TestCertificates.Rsa], true, Now)), Is.EqualTo("400 opendsr.header_missing"));

    private static OpenDsrHeaders Headers(X509Certificate2 certificate) => new(TestCertificates.Domain, OpenDsrSignature.Sign(Body, certificate));

    private static string? Said(X509Certificate2 certificate, bool pinned) =>
        Said(Trust.Check(Body, Headers(certificate), TestCertificates.Domain, [certificate], pinned, Now));

    private static string? Said(Failure? failure) => failure is null ? null : $"{failure.Status} {failure.Code}";
}
