using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DsrService.Response;

/// <summary>The form of an encrypted file: a mark, then chunks of 64 KiB under AES-256-GCM, each followed by its tag. The
/// nonce of a chunk is its number and whether it is the last, so that none can be moved, left out, added or cut off. The
/// key belongs to this one file, so that no chunk fits another.</summary>
internal static class SealedChunks
{
    public const int PlainLength = 64 * 1024;
    public const int TagLength = 16;
    public const int ChunkLength = PlainLength + TagLength;
    private const int NonceLength = 12;

    public static ReadOnlySpan<byte> Mark => "DSRFILE1"u8;

    public static void Seal(AesGcm aes, long number, bool last, ReadOnlySpan<byte> plain, Span<byte> chunk)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, number, last);
        aes.Encrypt(nonce, plain, chunk[..plain.Length], chunk.Slice(plain.Length, TagLength), Mark);
    }

    public static void Open(AesGcm aes, long number, bool last, ReadOnlySpan<byte> chunk, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, number, last);
        var length = chunk.Length - TagLength;
        aes.Decrypt(nonce, chunk[..length], chunk[length..], plain[..length], Mark);
    }

    private static void WriteNonce(Span<byte> nonce, long number, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], number);
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
