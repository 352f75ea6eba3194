using System.Text;

namespace DsrService.Notices.Templates;

/// <summary>The files that letters are written from, by names such as <c>sv/erasure.hbs</c>: those of the program, and
/// over them those of a company.</summary>
internal static class TextFiles
{
    private const string Prefix = "DsrService.Texts.";
    private const int Largest = 200_000;

    /// <summary>The program's own.</summary>
    public static IReadOnlyDictionary<string, string> BuiltIn { get; } = ReadBuiltIn();

    /// <summary>The files of a company's folder; a file of the same name replaces the program's.</summary>
    public static async Task<(IReadOnlyDictionary<string, string> Files, IReadOnlyList<TextError> Errors)> ReadFolderAsync(string folder, CancellationToken cancel)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var errors = new List<TextError>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (name.Split('/').Any(part => part.StartsWith('.')) || name.EndsWith(".md", StringComparison.Ordinal))
                continue;
            if (new FileInfo(path).Length > Largest)
            {
                errors.Add(new(name, 1, "the file is too large for a letter."));
                continue;
            }
            try
            {
                files[name] = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(await File.ReadAllBytesAsync(path, cancel)).TrimStart('\uFEFF');
            }
            catch (DecoderFallbackException)
            {
                errors.Add(new(name, 1, "the file is not UTF-8 text."));
            }
        }
        return (files, errors);
    }

    public static IReadOnlyDictionary<string, string> Over(IReadOnlyDictionary<string, string> company)
    {
        var files = new Dictionary<string, string>(BuiltIn, StringComparer.Ordinal);
        foreach (var (name, text) in company)
            files[name] = text;
        return files;
    }

    private static Dictionary<string, string> ReadBuiltIn()
    {
        var assembly = typeof(TextFiles).Assembly;
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            files[resource[Prefix.Length..].Replace('\\', '/')] = reader.ReadToEnd();
        }
        return files;
    }
}
