using System.Buffers.Binary;
using System.Buffers.Text;

namespace DsrService.Requests.Desk;

/// <summary>Where a page of the list ended: sort, its value, the id. Opaque to callers; holds nothing personal.</summary>
internal sealed record RequestCursor(RequestSort Sort, DateTimeOffset At, Guid Id)
{
    private const int Length = 1 + 8 + 16;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = (byte)Sort;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], At.UtcTicks);
        Id.TryWriteBytes(bytes[9..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for anything that no page of this sort gave.</summary>
    public static RequestCursor? Parse(string text, RequestSort sort)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, bytes, out _) || bytes[0] != (byte)sort)
            return null;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new(sort, new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[9..]));
    }
}
