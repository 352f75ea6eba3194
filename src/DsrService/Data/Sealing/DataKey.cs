using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.Data.Sealing;

/// <summary>A request's data key, opened. Seals and opens its columns with AES-256-GCM, each ciphertext bound to its
/// field and row: version, nonce, tag, ciphertext.</summary>
internal sealed class DataKey(byte[] key)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] NewBytes() => RandomNumberGenerator.GetBytes(32);

    public byte[] Seal(SealedField field, ReadOnlySpan<byte> plain)
    {
        var cipher = new byte[1 + NonceLength + TagLength + plain.Length];
        cipher[0] = Version;
        var nonce = cipher.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, cipher.AsSpan(1 + NonceLength + TagLength), cipher.AsSpan(1 + NonceLength, TagLength), Bind(field));
        return cipher;
    }

    public byte[] Open(SealedField field, ReadOnlySpan<byte> cipher)
    {
        if (cipher.Length < 1 + NonceLength + TagLength || cipher[0] != Version)
            throw new CryptographicException($"{field.Name} of {field.Row} is not a sealed value.");
        var plain = new byte[cipher.Length - 1 - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(cipher.Slice(1, NonceLength), cipher[(1 + NonceLength + TagLength)..], cipher.Slice(1 + NonceLength, TagLength), plain, Bind(field));
        return plain;
    }

    public byte[] SealJson<T>(SealedField field, T value) => Seal(field, JsonSerializer.SerializeToUtf8Bytes(value, DsrJson.Options));

    public T OpenJson<T>(SealedField field, ReadOnlySpan<byte> cipher) =>
        JsonSerializer.Deserialize<T>(Open(field, cipher), DsrJson.Options)!;

    public byte[] SealText(SealedField field, string text) => Seal(field, Encoding.UTF8.GetBytes(text));

    public string OpenText(SealedField field, ReadOnlySpan<byte> cipher) => Encoding.UTF8.GetString(Open(field, cipher));

    /// <summary>A key of its own for one file, so that its chunk counter starts anew.</summary>
    public byte[] FileKey(Guid file) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, salt: file.ToByteArray(), info: "dsr file"u8.ToArray());

    private static byte[] Bind(SealedField field) => Encoding.UTF8.GetBytes($"{field.Name}:{field.Row:N}");
}
