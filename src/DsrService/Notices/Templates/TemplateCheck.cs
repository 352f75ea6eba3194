using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using DsrService.Notices.Letters;

namespace DsrService.Notices.Templates;

/// <summary>Reads a template before it is used: the few forms that letters need are known, each placeholder is one that the
/// message fills, every block is closed. What passes here cannot fail when a letter is written.</summary>
internal sealed partial class TemplateCheck(Type model, IReadOnlyDictionary<string, TemplateSource> parts, List<TextError> errors)
{
    private const int DeepestParts = 5;
    private static readonly ConcurrentDictionary<Type, IReadOnlyDictionary<string, Type>> Known = new();
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>The model's own placeholders that the message uses, in its parts too.</summary>
    public IReadOnlySet<string> Used => used;

    public void Run(TemplateSource source)
    {
        if (source.Subject is { } subject)
            Scan(source.File, subject, 1, [model], []);
        Scan(source.File, source.Body, source.BodyLine, [model], []);
    }

    private void Scan(string file, string text, int firstLine, IReadOnlyList<Type> outer, IReadOnlyList<string> within)
    {
        var scopes = new List<Type>(outer);
        var open = new Stack<(string Block, int Line, bool Scope)>();
        var (at, line) = (0, firstLine);
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is var start and >= 0)
        {
            line += Breaks(text.AsSpan(at, start - at));
            var comment = text.AsSpan(start).StartsWith("{{!--");
            var end = text.IndexOf(comment ? "--}}" : "}}", start, StringComparison.Ordinal);
            if (end < 0)
            {
                errors.Add(new(file, line, "'{{' is not closed."));
                return;
            }
            var tag = text[(start + 2)..end];
            if (!comment && !tag.StartsWith('!'))
                Read(file, line, tag.Trim(), scopes, open, within);
            at = end + (comment ? 4 : 2);
            line += Breaks(text.AsSpan(start, at - start));
        }
        foreach (var (block, opened, _) in open)
            errors.Add(new(file, opened, $"'{{{{#{block}}}}}' is not closed."));
    }

    private void Read(string file, int line, string tag, List<Type> scopes, Stack<(string Block, int Line, bool Scope)> open, IReadOnlyList<string> within)
    {
        void Error(string message) => errors.Add(new(file, line, message));
        var form = Form().Match(tag);
        if (!form.Success)
        {
            Error($"'{{{{{tag}}}}}' is no form that letters know: a placeholder, #if, #unless, #each, else, /if, /unless, /each, or > and a part.");
            return;
        }
        var (mark, word, path) = (form.Groups["mark"].Value, form.Groups["word"].Value, form.Groups["path"].Value);
        if (mark == "#")
        {
            var type = Resolve(path, scopes, Error);
            var item = type is null ? null : ItemOf(type);
            if (word == "each" && type is not null && item is null)
                Error($"'{path}' is no list.");
            if (word == "each")
                scopes.Add(item ?? typeof(object));
            open.Push((word, line, word == "each"));
        }
        else if (mark == "/")
        {
            if (!open.TryPop(out var opened) || opened.Block != word)
                Error($"'{{{{/{word}}}}}' closes nothing that is open.");
            else if (opened.Scope)
                scopes.RemoveAt(scopes.Count - 1);
        }
        else if (mark == ">")
            Include(file, line, path, scopes, within);
        else if (tag == "else")
        {
            if (open.Count == 0)
                Error("'{{else}}' stands in no block.");
        }
        else if (Resolve(path, scopes, Error) is { } type && type != typeof(string) && type != typeof(object))
            Error(ItemOf(type) is null ? $"'{path}' is a yes or no and no text; ask for it by {{{{#if {path}}}}}." : $"'{path}' is a list; go through it by {{{{#each {path}}}}}.");
    }

    private void Include(string file, int line, string name, List<Type> scopes, IReadOnlyList<string> within)
    {
        if (!parts.TryGetValue(name, out var part))
            errors.Add(new(file, line, $"there is no part '{name}'."));
        else if (within.Contains(name) || within.Count >= DeepestParts)
            errors.Add(new(file, line, $"the part '{name}' includes itself."));
        else
            Scan(part.File, part.Body, part.BodyLine, scopes, [.. within, name]);
    }

    private Type? Resolve(string path, List<Type> scopes, Action<string> error)
    {
        var level = scopes.Count - 1;
        var rest = path;
        while (rest.StartsWith("../", StringComparison.Ordinal))
            (level, rest) = (level - 1, rest[3..]);
        if (level < 0)
        {
            error($"'{path}' leads out of the message.");
            return null;
        }
        var type = scopes[level];
        if (type == typeof(object))
            return type;
        foreach (var name in rest == "this" ? [] : rest.StartsWith("this.", StringComparison.Ordinal) ? rest[5..].Split('.') : rest.Split('.'))
        {
            if (Placeholders(type).GetValueOrDefault(name) is not { } found)
            {
                error($"nothing fills '{path}' here; known are {string.Join(", ", Placeholders(type).Keys.Order(StringComparer.Ordinal))}.");
                return null;
            }
            if (type == model)
                used.Add(name);
            type = found;
        }
        return type;
    }

    /// <summary>The placeholders of a model: its properties, with a small first letter.</summary>
    public static IReadOnlyDictionary<string, Type> Placeholders(Type model) => Known.GetOrAdd(model, Find);

    private static IReadOnlyDictionary<string, Type> Find(Type model) => model == typeof(string)
        ? new Dictionary<string, Type>()
        : model.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !property.PropertyType.IsAssignableTo(typeof(LetterModel)))
            .ToDictionary(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..], property => property.PropertyType, StringComparer.Ordinal);

    private static Type? ItemOf(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0] : null;

    private static int Breaks(ReadOnlySpan<char> text) => text.Count('\n');

    [GeneratedRegex(@"\A(?:(?<mark>\#)(?<word>if|unless|each)\s+(?<path>(?:\.\./)*[A-Za-z]+(?:\.[A-Za-z]+)*)|(?<mark>/)(?<word>if|unless|each)|(?<mark>>)\s*(?<path>_[a-z0-9-]+)|(?<path>(?:\.\./)*[A-Za-z]+(?:\.[A-Za-z]+)*))\z")]
    private static partial Regex Form();
}
