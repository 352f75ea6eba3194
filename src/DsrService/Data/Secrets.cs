using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DsrService.Data;

/// <summary>Tokens that people and systems hold; we keep hashes only.</summary>
internal static class Secrets
{
    // No vowels, so that no word comes about; no 0, 1 or l that look alike.
    private const string ReferenceAlphabet = "23456789BCDFGHJKLMNPQRSTVWXZ";

    /// <summary>256 random bits, base64url.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static bool Matches(byte[]? hash, string? token) =>
        hash is not null && token is not null && CryptographicOperations.FixedTimeEquals(hash, Hash(token));

    /// <summary>Whether a text has the form of a reference; it need not be one of ours.</summary>
    public static bool IsReference(string? text) =>
        text is { Length: 17 } && text.StartsWith("DSR-", StringComparison.Ordinal) && text[4..8].All(char.IsAsciiDigit) && text[8] == '-' && text[9..].All(ReferenceAlphabet.Contains);

    public static string NewReference(int year) => $"DSR-{year}-{RandomNumberGenerator.GetString(ReferenceAlphabet, 8)}";
}
