using System.Buffers;
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
        var bytes = new ArrayBufferWriter<byte>(512);
        Add(bytes, Format);
        Add(bytes, chain);
        Add(bytes, sequence);
        Add(bytes, at.UtcTicks / TimeSpan.TicksPerMicrosecond);
        Add(bytes, actor);
        Add(bytes, @event);
        Add(bytes, facts);
        Add(bytes, previous);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    private static void Add(ArrayBufferWriter<byte> bytes, string field)
    {
        AddLength(bytes, Encoding.UTF8.GetByteCount(field));
        Encoding.UTF8.GetBytes(field, bytes);
    }

    private static void Add(ArrayBufferWriter<byte> bytes, long number)
    {
        AddLength(bytes, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }

    private static void Add(ArrayBufferWriter<byte> bytes, ReadOnlySpan<byte> field)
    {
        AddLength(bytes, field.Length);
        bytes.Write(field);
    }

    private static void AddLength(ArrayBufferWriter<byte> bytes, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), length);
        bytes.Advance(sizeof(int));
    }
}
