using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DsrService.Audit;

/// <summary>SHA-256 over canonical bytes: every field preceded by its length, so that no two entries read alike.</summary>
internal static class AuditHash
{
    private const string Format = "dsr-audit-1";

    public static byte[] Of(string chain, int sequence, DateTimeOffset at, string actor, string @event, string facts, ReadOnlySpan<byte> previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Encoding.UTF8.GetBytes(Format));
        Add(hash, Encoding.UTF8.GetBytes(chain));
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        Add(hash, number);
        BinaryPrimitives.WriteInt64BigEndian(number, at.UtcTicks / TimeSpan.TicksPerMicrosecond);
        Add(hash, number);
        Add(hash, Encoding.UTF8.GetBytes(actor));
        Add(hash, Encoding.UTF8.GetBytes(@event));
        Add(hash, Encoding.UTF8.GetBytes(facts));
        Add(hash, previous);
        return hash.GetHashAndReset();
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
        hash.AppendData(length);
        hash.AppendData(field);
    }
}
