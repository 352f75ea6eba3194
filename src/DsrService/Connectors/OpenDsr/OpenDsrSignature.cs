using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Signatures over the raw bytes of a body, SHA-256. The specification names no padding, so all that is seen in use
/// is read (RSA PKCS #1 v1.5, RSA PSS, ECDSA in both encodings); PKCS #1 is what every known peer reads and so what is made.</summary>
internal static class OpenDsrSignature
{
    private const int LongestText = 8 * 1024;
    private const int LongestSignature = 1024;
    private const int ShortestRsaKey = 2048;
    private const int ShortestEcKey = 256;

    // Of PSS the salt is as long as the digest: the platform reads no other.
    private static readonly RSASignaturePadding[] Paddings = [RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss];

    public static string Sign(ReadOnlySpan<byte> body, X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPrivateKey();
        using var ec = certificate.GetECDsaPrivateKey();
        return Convert.ToBase64String(
            rsa is not null ? rsa.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ec is not null ? ec.SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            : throw new CryptographicException("The certificate comes without a private key of RSA or ECDSA."));
    }

    public static bool Verify(ReadOnlySpan<byte> body, string signature, X509Certificate2 certificate)
    {
        if (signature.Length > LongestText)
            return false;
        Span<byte> bytes = stackalloc byte[LongestSignature];
        if (!Convert.TryFromBase64String(signature, bytes, out var length) || length == 0)
            return false;
        return Verify(body, bytes[..length], certificate);
    }

    /// <summary>Whether a key is of a kind and length that can be relied on.</summary>
    public static bool IsStrong(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = certificate.GetECDsaPublicKey();
        return rsa?.KeySize >= ShortestRsaKey || ec?.KeySize >= ShortestEcKey;
    }

    private static bool Verify(ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature, X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
        {
            foreach (var padding in Paddings)
                if (rsa.VerifyData(body, signature, HashAlgorithmName.SHA256, padding))
                    return true;
            return false;
        }
        using var ec = certificate.GetECDsaPublicKey();
        return ec is not null && (ec.VerifyData(body, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            || ec.VerifyData(body, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }
}
