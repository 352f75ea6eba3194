using System.Security.Cryptography.X509Certificates;

namespace DsrService.Connectors.OpenDsr;

/// <summary>Whether a signed body can be believed: domain, certificate and signature, in this order, over the raw bytes and
/// before anything in them is read.</summary>
internal sealed class OpenDsrTrust(X509Certificate2Collection? roots)
{
    /// <summary>Trusts the authorities of the machine, or those of the file and no others.</summary>
    public static OpenDsrTrust From(string? rootsFile)
    {
        if (rootsFile is null)
            return new(null);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(rootsFile);
        return new(roots);
    }

    /// <summary>Null where the body is the peer's own.</summary>
    /// <param name="body">As it came in.</param>
    /// <param name="headers">Null where they are missing.</param>
    /// <param name="domain">The processor domain of the peer that may speak here.</param>
    /// <param name="certificates">What it may have signed with.</param>
    /// <param name="pinned">Whether somebody put them on the list by hand; else an authority must vouch for them.</param>
    /// <param name="now">The true time.</param>
    public Failure? Check(
        ReadOnlySpan<byte> body, OpenDsrHeaders? headers, string domain, IReadOnlyList<X509Certificate2> certificates, bool pinned, DateTimeOffset now)
    {
        if (headers is null)
            return new("opendsr.header_missing", "Domain and signature of the processor are needed, once each.", StatusCodes.Status400BadRequest);
        if (!string.Equals(headers.Domain, domain, StringComparison.OrdinalIgnoreCase))
            return Refused("opendsr.domain_not_allowed", "This processor domain does not speak here.");
        Failure? problem = null;
        foreach (var certificate in certificates)
            if (Problem(certificate, domain, pinned, now) is { } found)
                problem ??= found;
            else if (OpenDsrSignature.Verify(body, headers.Signature, certificate))
                return null;
            else
                problem = new("opendsr.signature_invalid", "The signature is not of this body by this processor.", StatusCodes.Status400BadRequest);
        return problem ?? Refused("opendsr.certificate_unknown", "No certificate of this processor is known.");
    }

    /// <summary>What is wrong with a certificate; null where it can be relied on.</summary>
    public Failure? Problem(X509Certificate2 certificate, string domain, bool pinned, DateTimeOffset now)
    {
        if (!certificate.MatchesHostname(domain, allowWildcards: false, allowCommonName: false))
            return Refused("opendsr.certificate_name", "The certificate is for another domain.");
        if (now < new DateTimeOffset(certificate.NotBefore.ToUniversalTime()))
            return Refused("opendsr.certificate_not_yet_valid", "The certificate is not valid yet.");
        if (now > new DateTimeOffset(certificate.NotAfter.ToUniversalTime()))
            return Refused("opendsr.certificate_expired", "The certificate has expired.");
        if (!OpenDsrSignature.IsStrong(certificate) || certificate.Extensions.OfType<X509KeyUsageExtension>().Any(usage => !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)))
            return Refused("opendsr.certificate_weak", "The certificate's key may not sign, or is of a kind or length that cannot be relied on.");
        return pinned || Chains(certificate, now) ? null : Refused("opendsr.certificate_untrusted", "No trusted authority vouches for the certificate.");
    }

    private bool Chains(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        // Revocation lists would be fetched from wherever the certificate says, past the guard of addresses.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        if (roots is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return chain.Build(certificate);
    }

    private static Failure Refused(string code, string message) => new(code, message, StatusCodes.Status401Unauthorized);
}
