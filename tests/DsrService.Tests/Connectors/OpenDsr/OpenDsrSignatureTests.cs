using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DsrService.Connectors.OpenDsr;

namespace DsrService.Tests.Connectors.OpenDsr;

[Parallelizable(ParallelScope.All)]
internal sealed class OpenDsrSignatureTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"request_status": "completed", "controller_id": "Å"}""");

    [Test]
    public void Sign_Rsa_IsPkcs1OverSha256()
    {
        using var key = TestCertificates.Rsa.GetRSAPublicKey()!;
        var signature = Convert.FromBase64String(OpenDsrSignature.Sign(Body, TestCertificates.Rsa));

        Assert.That(key.VerifyData(Body, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.That(OpenDsrSignature.Verify(Body, Convert.ToBase64String(signature), TestCertificates.Rsa));
    }

    [Test]
    public void Sign_EllipticCurve_ReadBack()
    {
        using var certificate = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256));

        Assert.That(OpenDsrSignature.Verify(Body, OpenDsrSignature.Sign(Body, certificate), certificate));
    }

    [Test]
    public void Verify_Pss_Read()
    {
        using var key = TestCertificates.Rsa.GetRSAPrivateKey()!;

        Assert.That(OpenDsrSignature.Verify(Body, Convert.ToBase64String(key.SignData(Body, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)), TestCertificates.Rsa));
    }

    [TestCase(DSASignatureFormat.IeeeP1363FixedFieldConcatenation)]
    [TestCase(DSASignatureFormat.Rfc3279DerSequence)]
    public void Verify_EllipticCurve_BothEncodingsRead(DSASignatureFormat format)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var certificate = TestCertificates.Own(key);

        Assert.That(OpenDsrSignature.Verify(Body, Convert.ToBase64String(key.SignData(Body, HashAlgorithmName.SHA256, format)), certificate));
    }

    [Test]
    public void Verify_BrokenIntoLines_ReadAsOne()
    {
        var signature = OpenDsrSignature.Sign(Body, TestCertificates.Rsa);

        Assert.That(OpenDsrSignature.Verify(Body, signature.Insert(80, " ").Insert(160, " "), TestCertificates.Rsa));
    }

    [TestCase("SHA1")]
    [TestCase("SHA384")]
    [TestCase("SHA512")]
    public void Verify_OtherDigest_Refused(string digest)
    {
        using var rsa = TestCertificates.Rsa.GetRSAPrivateKey()!;
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = TestCertificates.Own(ec);
        var name = new HashAlgorithmName(digest);

        Assert.That(OpenDsrSignature.Verify(Body, Convert.ToBase64String(rsa.SignData(Body, name, RSASignaturePadding.Pkcs1)), TestCertificates.Rsa), Is.False);
        Assert.That(OpenDsrSignature.Verify(Body, Convert.ToBase64String(rsa.SignData(Body, name, RSASignaturePadding.Pss)), TestCertificates.Rsa), Is.False);
        Assert.That(OpenDsrSignature.Verify(Body, Convert.ToBase64String(ec.SignData(Body, name)), certificate), Is.False);
    }

    [Test]
    public void Verify_OneByteOtherOrSpacedOtherwise_Refused()
    {
        var signature = OpenDsrSignature.Sign(Body, TestCertificates.Rsa);
        byte[] altered = [.. Body];
        altered[^2] ^= 1;

        Assert.That(OpenDsrSignature.Verify(altered, signature, TestCertificates.Rsa), Is.False);
        Assert.That(OpenDsrSignature.Verify([.. Body, (byte)'\n'], signature, TestCertificates.Rsa), Is.False, "the raw bytes count, not what they mean");
        Assert.That(OpenDsrSignature.Verify([], signature, TestCertificates.Rsa), Is.False);
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("not base64!")]
    [TestCase("AAAA")]
    public void Verify_NoSignature_Refused(string signature) =>
        Assert.That(OpenDsrSignature.Verify(Body, signature, TestCertificates.Rsa), Is.False);

    [Test]
    public void Verify_EndlessSignature_Refused() =>
        Assert.That(OpenDsrSignature.Verify(Body, new string('A', 1_000_000), TestCertificates.Rsa), Is.False);

    [Test]
    public void IsStrong_Keys_ShortOnesAreNot()
    {
        using var rsa = TestCertificates.Own(RSA.Create(1024));
        using var ec = TestCertificates.Own(ECDsa.Create(ECCurve.NamedCurves.nistP256));

        Assert.That(OpenDsrSignature.IsStrong(rsa), Is.False);
        Assert.That(OpenDsrSignature.IsStrong(ec));
        Assert.That(OpenDsrSignature.IsStrong(TestCertificates.Rsa));
    }
}
