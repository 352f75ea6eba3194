using System.Security.Cryptography;
using DsrService.Data.Sealing;

namespace DsrService.Audit;

/// <summary>Words of people among an entry's facts: ciphertext under the request's key, so that they become unreadable
/// with the purge while the chain stays whole.</summary>
internal sealed record SealedText(Guid Id, byte[] Cipher)
{
    private const string Field = "audit.text";

    public static SealedText Seal(DataKey key, string text)
    {
        var id = Guid.CreateVersion7();
        return new(id, key.SealText(new(Field, id), text));
    }

    /// <summary>Null where the key cannot open it any more.</summary>
    public string? Open(DataKey key)
    {
        try
        {
            return key.OpenText(new(Field, Id), Cipher);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
