using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Reads certificates as peers publish them and staff give them.</summary>
internal static class PeerCertificates
{
    /// <summary>PEM, one or more, or DER; empty where it is neither.</summary>
    public static IReadOnlyList<X509Certificate2> Read(ReadOnlySpan<byte> file)
    {
        if (file.IndexOf("-----BEGIN CERTIFICATE-----"u8) >= 0)
            return Read(Encoding.ASCII.GetString(file));
        try
        {
            return [X509CertificateLoader.LoadCertificate(file)];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    public static IReadOnlyList<X509Certificate2> Read(string pem)
    {
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPem(pem);
            return [.. read];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
