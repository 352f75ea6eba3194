using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DsrService.Sdk.Http;

/// <summary>The three headers of a signed webhook.</summary>
/// <param name="Id"><c>webhook-id</c>: stable over all tries of the same message.</param>
/// <param name="Timestamp"><c>webhook-timestamp</c>: seconds since 1970 (UTC) of this try.</param>
/// <param name="Signature"><c>webhook-signature</c>: one or more signatures, parted by spaces.</param>
public sealed record WebhookHeaders(string Id, string Timestamp, string Signature);

/// <summary>Signatures of Standard Webhooks 1.0.0, symmetric (<c>v1</c>): HMAC-SHA256 over <c>id.timestamp.body</c>, with
/// secrets <c>whsec_</c> and base64 of 24 to 64 random bytes. Always give the true time, not a clock that was set.</summary>
public static class StandardWebhooks
{
    /// <summary>Name of the header with the message's id.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Name of the header with the time of this try.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Name of the header with the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far the sender's clock may be away, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    /// <summary>A fresh secret of 32 random bytes.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a text is a secret: <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
    public static bool IsSecret(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(SecretPrefix, StringComparison.Ordinal) && TryKey(text, out _);
    }

    /// <summary>Signs a body with every secret given, so that the receiver may already know the next one or still the last.</summary>
    /// <param name="id">The message's id, without dots.</param>
    /// <param name="now">The true time.</param>
    /// <param name="body">The body as it is sent.</param>
    /// <param name="secrets">The secrets to sign with.</param>
    /// <exception cref="ArgumentException">The id has a dot, no secret is given, or one is malformed.</exception>
    public static WebhookHeaders Sign(string id, DateTimeOffset now, ReadOnlySpan<byte> body, params IReadOnlyList<string> secrets)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(secrets);
        if (id.Contains('.', StringComparison.Ordinal) || secrets.Count == 0)
            throw new ArgumentException("A webhook needs an id without dots and at least one secret.");
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        List<string> signatures = [];
        foreach (var secret in secrets)
            signatures.Add(Version + Convert.ToBase64String(Signature(id, timestamp, body, secret)));
        return new(id, timestamp, string.Join(' ', signatures));
    }

    /// <summary>Whether any of the signatures was made with any of the secrets, within <see cref="Tolerance"/> of now.
    /// Signatures of unknown versions are passed over. Compares in constant time.</summary>
    /// <param name="headers">The headers as they came.</param>
    /// <param name="now">The true time.</param>
    /// <param name="body">The body as it came, before any parsing.</param>
    /// <param name="secrets">The secrets known.</param>
    /// <exception cref="ArgumentException">A secret is malformed.</exception>
    public static bool Verify(WebhookHeaders headers, DateTimeOffset now, ReadOnlySpan<byte> body, params IReadOnlyList<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(secrets);
        if (!long.TryParse(headers.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > (long)Tolerance.TotalSeconds)
            return false;
        var valid = false;
        foreach (var secret in secrets)
        {
            var expected = Signature(headers.Id, headers.Timestamp, body, secret);
            foreach (var signature in headers.Signature.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                valid |= Matches(signature, expected);
        }
        return valid;
    }

    private static bool Matches(string signature, byte[] expected)
    {
        var given = new byte[expected.Length];
        return signature.StartsWith(Version, StringComparison.Ordinal)
            && Convert.TryFromBase64String(signature[Version.Length..], given, out var length)
            && length == expected.Length
            && CryptographicOperations.FixedTimeEquals(given, expected);
    }

    private static byte[] Signature(string id, string timestamp, ReadOnlySpan<byte> body, string secret)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key(secret));
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static byte[] Key(string secret) => TryKey(secret, out var key)
        ? key
        : throw new ArgumentException("A webhook secret is 'whsec_' and base64 of 24 to 64 bytes.");

    private static bool TryKey(string secret, out byte[] key)
    {
        var encoded = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        var bytes = new byte[encoded.Length];
        var valid = Convert.TryFromBase64String(encoded, bytes, out var length) && length is >= 24 and <= 64;
        key = valid ? bytes[..length] : [];
        return valid;
    }
}
