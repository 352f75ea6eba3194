namespace DsrService.Sdk;

/// <summary>Counts the records of one uploaded part, alike in the system and in the service: the lines of NDJSON that are
/// not blank, and one for content of any other type.</summary>
/// <param name="contentType">The content type of the part.</param>
public sealed class RecordCounter(string contentType)
{
    /// <summary>The content type of newline-delimited JSON.</summary>
    public const string Ndjson = "application/x-ndjson";

    private readonly bool lines = IsNdjson(contentType);
    private int ended;
    private bool inLine;

    /// <summary>Records counted so far.</summary>
    public int Records => lines ? ended + (inLine ? 1 : 0) : 1;

    /// <summary>Whether a content type means one record a line.</summary>
    public static bool IsNdjson(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        return type.Equals(Ndjson, StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/ndjson", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Takes the next bytes of the part into account.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (!lines)
            return;
        foreach (var value in bytes)
        {
            if (value is (byte)'\n')
            {
                ended += inLine ? 1 : 0;
                inLine = false;
            }
            else if (value is not ((byte)' ' or (byte)'\r' or (byte)'\t'))
                inLine = true;
        }
    }
}
