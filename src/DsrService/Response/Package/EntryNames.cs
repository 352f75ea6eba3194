using System.Globalization;
using System.Text;

namespace DsrService.Response.Package;

/// <summary>Names of entries in a package. Whatever a system calls its files, each becomes one plain name in one folder that
/// every file system can take; no two differ only in upper and lower case.</summary>
internal sealed class EntryNames
{
    private const int LongestStem = 80;
    private const int LongestExtension = 12;

    // Opened from a folder these would run as a page or a program; the content stays as it is.
    private static readonly HashSet<string> Active = new(StringComparer.OrdinalIgnoreCase)
    {
        "html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "js", "mjs", "hta", "url", "lnk", "desktop",
        "exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "vbe", "jse", "wsf", "msi", "jar", "sh", "command", "app",
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
        "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "conin", "conout", "clock",
    };

    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["application/json"] = "json",
        ["application/pdf"] = "pdf",
        ["application/zip"] = "zip",
        ["text/plain"] = "txt",
        ["text/csv"] = "csv",
        ["image/png"] = "png",
        ["image/jpeg"] = "jpg",
        ["image/gif"] = "gif",
        ["audio/wav"] = "wav",
        ["audio/x-wav"] = "wav",
        ["audio/mpeg"] = "mp3",
        ["audio/flac"] = "flac",
        ["audio/ogg"] = "ogg",
        ["video/mp4"] = "mp4",
        ["message/rfc822"] = "eml",
    };

    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A name of one segment for a file of the type given, never used before in the folder.</summary>
    public string File(string folder, string name, string contentType)
    {
        var (stem, extension) = Split(name);
        if (extension.Length == 0)
            Extensions.TryGetValue(contentType, out extension!);
        return Take(folder, stem, Active.Contains(extension ?? "") ? $"{extension}.txt" : extension ?? "");
    }

    public string Named(string folder, string name, string extension) => Take(folder, Plain(name, LongestStem), extension);

    /// <summary>A key or name as one segment of a path.</summary>
    public static string Segment(string name) => Safe(Plain(name, LongestStem));

    private string Take(string folder, string stem, string extension)
    {
        stem = Safe(stem);
        var end = extension.Length == 0 ? "" : $".{extension}";
        var name = $"{folder}/{stem}{end}";
        for (var number = 2; !taken.Add(name); number++)
            name = string.Create(CultureInfo.InvariantCulture, $"{folder}/{stem}-{number}{end}");
        return name;
    }

    private static (string Stem, string Extension) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        var extension = dot < 0 ? "" : name[(dot + 1)..].TrimEnd();
        return extension.Length is > 0 and <= LongestExtension && extension.All(char.IsAsciiLetterOrDigit)
            ? (Plain(name[..dot], LongestStem), extension)
            : (Plain(name, LongestStem), "");
    }

    private static string Safe(string stem) => stem.Length == 0 ? "file" : Reserved.Contains(stem.Split('.')[0]) ? $"_{stem}" : stem;

    // Letters and digits of any script stay; everything else that could mean something becomes one underscore.
    private static string Plain(string name, int longest)
    {
        var plain = new StringBuilder();
        foreach (var rune in name.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            var kept = Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' ? rune : new Rune(rune.Value == '.' ? '.' : '_');
            if (plain.Length + kept.Utf16SequenceLength > longest)
                break;
            if (kept.Value is '.' or '_' && plain.Length > 0 && plain[^1] is '.' or '_')
                continue;
            plain.Append(kept);
        }
        return plain.ToString().Trim('.', '_', '-');
    }
}
