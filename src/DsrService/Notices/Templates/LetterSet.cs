using DsrService.Notices.Letters;

namespace DsrService.Notices.Templates;

/// <summary>All that letters are written from, in every language, checked as a whole.</summary>
internal sealed class LetterSet
{
    private const string Fallback = "en";
    private const string Extension = ".hbs";
    private readonly Dictionary<string, LetterLanguage> languages = new(StringComparer.Ordinal);

    private LetterSet(Authorities authorities) => Authorities = authorities;

    /// <summary>What the program itself brings.</summary>
    public static LetterSet BuiltIn { get; } = ReadBuiltIn();

    public Authorities Authorities { get; }

    public IReadOnlyCollection<string> Languages => languages.Keys;

    /// <summary>The language, else English.</summary>
    public LetterLanguage In(string language) => languages.GetValueOrDefault(language) ?? languages[Fallback];

    public bool Knows(string language) => languages.ContainsKey(language);

    /// <summary>The set, or everything that is wrong with it.</summary>
    public static (LetterSet? Set, IReadOnlyList<TextError> Errors) Read(IReadOnlyDictionary<string, string> files)
    {
        var errors = new List<TextError>();
        var set = new LetterSet(Authorities.Read(files.GetValueOrDefault(Authorities.FileName, ""), errors));
        var folders = files.Keys.Where(file => file != Authorities.FileName).ToLookup(file => file.Contains('/') ? file[..file.IndexOf('/')] : "");
        foreach (var stray in folders[""])
            errors.Add(new(stray, 1, $"only {Authorities.FileName} stands outside the folders of the languages."));
        var english = ReadWords.Read($"{Fallback}/{LetterWords.FileName}", files.GetValueOrDefault($"{Fallback}/{LetterWords.FileName}", ""), null, errors);
        foreach (var folder in folders.Where(folder => folder.Key.Length > 0).OrderBy(folder => folder.Key, StringComparer.Ordinal))
            if (folder.Key is not [>= 'a' and <= 'z', >= 'a' and <= 'z'])
                errors.Add(new(folder.First(), 1, $"'{folder.Key}' is no language; two small letters such as en are expected."));
            else if (ReadLanguage(folder.Key, folder, files, english, errors) is { } language)
                set.languages[folder.Key] = language;
        return errors.Count == 0 ? (set, []) : (null, [.. errors.Distinct().OrderBy(error => error.File, StringComparer.Ordinal).ThenBy(error => error.Line)]);
    }

    private static LetterLanguage? ReadLanguage(string language, IEnumerable<string> names, IReadOnlyDictionary<string, string> files, Dictionary<string, string> english, List<TextError> errors)
    {
        var before = errors.Count;
        var wordsFile = $"{language}/{LetterWords.FileName}";
        if (!files.ContainsKey(wordsFile))
            errors.Add(new(wordsFile, 1, "the words of this language are missing."));
        var words = language == Fallback ? english : files.TryGetValue(wordsFile, out var text) ? ReadWords.Read(wordsFile, text, english, errors) : [];
        var sources = new Dictionary<string, TemplateSource>(StringComparer.Ordinal);
        foreach (var file in names.Where(file => file != wordsFile))
        {
            var name = file[(language.Length + 1)..];
            if (!name.EndsWith(Extension, StringComparison.Ordinal) || !TemplateSource.IsPart(file) && LetterMessage.Find(name[..^Extension.Length]) is null)
                errors.Add(new(file, 1, $"this is no message; known are {string.Join(", ", LetterMessage.All.Select(message => message.Name + Extension))}, {LetterWords.FileName}, and parts that begin with an underscore."));
            else if (TemplateSource.Read(file, files[file], errors) is { } source)
                sources[name[..^Extension.Length]] = source;
        }
        CheckMessages(language, sources, errors);
        return errors.Count == before ? new(language, words, sources) : null;
    }

    private static void CheckMessages(string language, Dictionary<string, TemplateSource> sources, List<TextError> errors)
    {
        foreach (var message in LetterMessage.All)
        {
            var file = $"{language}/{message.Name}{Extension}";
            if (!sources.TryGetValue(message.Name, out var source))
            {
                if (!errors.Exists(error => error.File == file))
                    errors.Add(new(file, 1, "this message is missing in this language."));
                continue;
            }
            var check = new TemplateCheck(message.Model, sources, errors);
            check.Run(source);
            foreach (var demanded in message.Demands.Where(name => !check.Used.Contains(name)))
                errors.Add(new(file, 1, $"the message must hold '{demanded}' ({message.Article})."));
        }
    }

    private static LetterSet ReadBuiltIn()
    {
        var (set, errors) = Read(TextFiles.BuiltIn);
        return set ?? throw new InvalidOperationException($"The program's own letters are wrong: {string.Join("; ", errors.Take(10))}");
    }
}

/// <summary>The words and templates of one language.</summary>
internal sealed class LetterLanguage(string language, IReadOnlyDictionary<string, string> words, IReadOnlyDictionary<string, TemplateSource> sources)
{
    private readonly LetterWords eu = new(language, words, uk: false);
    private readonly LetterWords uk = new(language, words, uk: true);

    public LetterTemplates Templates { get; } = new(language, sources);

    public LetterWords Words(bool underUkLaw) => underUkLaw ? uk : eu;
}
