using System.CommandLine;
using DsrService.Hosting;
using DsrService.Notices.Letters;
using DsrService.Notices.Templates;

namespace DsrService.Notices;

/// <summary>The verb <c>letters</c>: checks a company's letters, shows one with sample data, and writes out the program's own to
/// begin from. Needs no database.</summary>
internal static class LettersVerb
{
    public static Command Command() => new("letters", "Checks, shows and writes out the texts of letters") { Check(), Preview(), Copy(), Names() };

    private static Command Check()
    {
        var folder = Folder();
        var command = new Command("check", "Reads a folder of letters over the program's own and names every error by file, line and reason") { folder };
        command.SetAction(async (parsed, cancel) =>
        {
            if (await ReadAsync(parsed, parsed.GetValue(folder), cancel) is not { } set)
                return 1;
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"no errors; {LetterMessage.All.Count} messages in {string.Join(", ", set.Languages.Order(StringComparer.Ordinal))}");
            return 0;
        });
        return command;
    }

    private static Command Preview()
    {
        var message = new Argument<string>("message") { Description = "Its name, such as erasure; the verb 'letters names' lists them" };
        var language = new Option<string>("--language") { Description = "Two letters", DefaultValueFactory = _ => "en" };
        var uk = new Option<bool>("--uk") { Description = "Under the law of the United Kingdom" };
        var html = new Option<bool>("--html") { Description = "As HTML" };
        var form = new Option<int>("--form") { Description = "Which of its forms, from 1: whole, in part, nothing found", DefaultValueFactory = _ => 1 };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "A company's letters; those of Dsr:Letters by default" };
        var command = new Command("preview", "Shows a letter with sample data") { message, language, uk, html, form, folder };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (await ReadAsync(parsed, parsed.GetValue(folder), cancel) is not { } set)
                return 1;
            if (LetterMessage.Find(parsed.GetValue(message)!) is not { } known)
                return await FailAsync(error, $"there is no message '{parsed.GetValue(message)}'; known are {string.Join(", ", LetterMessage.All.Select(item => item.Name))}.");
            if (!set.Knows(parsed.GetValue(language)!))
                return await FailAsync(error, $"there are no letters in '{parsed.GetValue(language)}'; known are {string.Join(", ", set.Languages)}.");
            var letters = LetterSamples.Write(known, set, parsed.GetValue(language)!, parsed.GetValue(uk));
            if (parsed.GetValue(form) < 1 || parsed.GetValue(form) > letters.Count)
                return await FailAsync(error, $"this message has forms 1 to {letters.Count}.");
            var letter = letters[parsed.GetValue(form) - 1];
            await output.WriteLineAsync(parsed.GetValue(html) ? letter.Html : $"{letter.Subject}\n\n{letter.Text}");
            return 0;
        });
        return command;
    }

    private static Command Copy()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "An empty or a new folder" };
        var command = new Command("copy", "Writes the program's own letters into a folder; keep only the files that you change") { folder };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = parsed.GetValue(folder)!;
            if (target.Exists && target.EnumerateFileSystemInfos().Any())
                return await FailAsync(parsed.InvocationConfiguration.Error, $"{target.Name} is not empty.");
            foreach (var (name, text) in TextFiles.BuiltIn)
            {
                var path = Path.Combine(target.FullName, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, text, cancel);
            }
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{TextFiles.BuiltIn.Count} files");
            return 0;
        });
        return command;
    }

    private static Command Names()
    {
        var command = new Command("names", "Lists the messages and what can stand in each");
        command.SetAction(async (parsed, _) =>
        {
            foreach (var message in LetterMessage.All)
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"{message.Name} ({message.Code}, {message.Article}): {string.Join(", ", TemplateCheck.Placeholders(message.Model).Keys.Order(StringComparer.Ordinal).Select(name => message.Demands.Contains(name) ? $"{name}*" : name))}");
            return 0;
        });
        return command;
    }

    private static Argument<DirectoryInfo?> Folder() => new("folder") { Description = "A company's letters; those of Dsr:Letters by default", Arity = ArgumentArity.ZeroOrOne };

    private static async Task<LetterSet?> ReadAsync(ParseResult parsed, DirectoryInfo? folder, CancellationToken cancel)
    {
        var path = folder?.FullName ?? ServiceHost.Settings()[$"{DsrOptions.Section}:{nameof(DsrOptions.Letters)}"];
        var error = parsed.InvocationConfiguration.Error;
        if (string.IsNullOrEmpty(path))
            return LetterSet.BuiltIn;
        if (!Directory.Exists(path))
        {
            await FailAsync(error, $"there is no folder '{path}'.");
            return null;
        }
        var (files, errors) = await TextFiles.ReadFolderAsync(path, cancel);
        LetterSet? set = null;
        if (errors.Count == 0)
            (set, errors) = LetterSet.Read(TextFiles.Over(files));
        foreach (var mistake in errors)
            await error.WriteLineAsync(mistake.ToString());
        return set;
    }

    private static async Task<int> FailAsync(TextWriter error, string message)
    {
        await error.WriteLineAsync(message);
        return 1;
    }
}
