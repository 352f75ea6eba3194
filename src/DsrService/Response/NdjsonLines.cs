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
            for (var number = 1; ;)
            {
                var read = await reader.ReadAsync(cancel);
                var rest = read.Buffer;
                for (; NextLine(ref rest, number, read.IsCompleted) is { } line; number++)
                    if (Trim(line.IsSingleSegment ? line.First : line.ToArray()) is { IsEmpty: false } trimmed)
                        yield return trimmed;
                if (read.IsCompleted)
                    yield break;
                reader.AdvanceTo(rest.Start, rest.End);
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

    // What has no end yet is a line only where nothing more will come.
    private static ReadOnlySequence<byte>? NextLine(ref ReadOnlySequence<byte> rest, int number, bool complete)
    {
        var end = rest.PositionOf((byte)'\n');
        var line = end is { } position ? rest.Slice(0, position) : rest;
        if (line.Length > LongestLine)
            throw NdjsonException.TooLong(number);
        if (end is null && (!complete || rest.IsEmpty))
            return null;
        rest = rest.Slice(end is { } found ? rest.GetPosition(1, found) : rest.End);
        return line;
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
