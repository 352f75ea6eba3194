using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace DsrService.Response;

/// <summary>Reads newline-delimited JSON a line at a time, so that no more than one line is in memory.</summary>
internal static class NdjsonLines
{
    public const int LongestLine = 1 << 20;

    /// <summary>The lines that are not blank, without their ends; each is valid only until the next is asked for. Throws
    /// <see cref="NdjsonException"/> for a line that is too long.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            for (var number = 1; ; number++)
            {
                var (sequence, consumed, more) = await NextAsync(reader, number, cancel);
                var line = sequence.IsSingleSegment ? sequence.First : sequence.ToArray();
                var trimmed = Trim(line);
                if (!trimmed.IsEmpty)
                    yield return trimmed;
                reader.AdvanceTo(consumed);
                if (!more)
                    yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>What is wrong with a line, or null where it is one JSON object that everybody can read.</summary>
    public static string? Problem(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
            return "is not UTF-8";
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "is not a JSON object";
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    reader.GetString();
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is JSON by its grammar, but no text.
            return "is not a JSON object";
        }
    }

    private static async ValueTask<(ReadOnlySequence<byte> Line, SequencePosition Consumed, bool More)> NextAsync(PipeReader reader, int number, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end);
                if (line.Length > LongestLine)
                    throw NdjsonException.TooLong(number);
                return (line, read.Buffer.GetPosition(1, end), true);
            }
            if (read.Buffer.Length > LongestLine)
                throw NdjsonException.TooLong(number);
            if (read.IsCompleted)
                return (read.Buffer, read.Buffer.End, false);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        var start = line.Length - line.Span.TrimStart(" \t\r"u8).Length;
        return line.Slice(start, line.Span[start..].TrimEnd(" \t\r"u8).Length);
    }
}

/// <summary>A line is not what it should be. Says which one, never what it holds.</summary>
internal sealed class NdjsonException(string message) : Exception(message)
{
    public static NdjsonException TooLong(int line) => new($"Line {line} is longer than {NdjsonLines.LongestLine} bytes.");
}
