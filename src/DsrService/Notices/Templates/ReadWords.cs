using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DsrService.Notices.Templates;

/// <summary>Reads the words of a language. English says which there are and what each is filled with; a language lacks none
/// and adds none, but for reasons that a company's own systems give.</summary>
internal static partial class ReadWords
{
    private const string Reasons = "reasons.";

    public static Dictionary<string, string> Read(string file, string text, IReadOnlyDictionary<string, string>? english, List<TextError> errors)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Load(file, text, errors) is not { } root)
            return words;
        var before = errors.Count;
        Collect(file, root, "", words, english, errors);
        if (errors.Count == before && english is not null)
            foreach (var missing in english.Keys.Where(key => !words.ContainsKey(key)))
                errors.Add(new(file, 1, $"'{missing}' is missing."));
        return words;
    }

    public static YamlMappingNode? Load(string file, string text, List<TextError> errors)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
                return root;
            errors.Add(new(file, 1, "a mapping of names is expected."));
        }
        catch (YamlException e)
        {
            errors.Add(new(file, (int)e.Start.Line, $"this is not YAML: {e.Message}"));
        }
        return null;
    }

    private static void Collect(string file, YamlNode node, string key, Dictionary<string, string> words, IReadOnlyDictionary<string, string>? english, List<TextError> errors)
    {
        if (node is YamlMappingNode mapping)
            foreach (var (name, value) in mapping.Children)
                Collect(file, value, $"{(key.Length == 0 ? "" : $"{key}.")}{name}", words, english, errors);
        else if (node is YamlSequenceNode list)
            foreach (var (index, value) in list.Index())
                Collect(file, value, $"{key}.{index + 1}", words, english, errors);
        else if (node is YamlScalarNode { Value: { } text } && (text.Trim().Length > 0 || key is "thousands" or "and"))
        {
            words[key] = text;
            if (english is not null && Wrong(key, text, english) is { } reason)
                errors.Add(new(file, (int)node.Start.Line, reason));
        }
        else
            errors.Add(new(file, (int)node.Start.Line, $"'{key}' must be a text."));
    }

    private static string? Wrong(string key, string text, IReadOnlyDictionary<string, string> english)
    {
        var allowed = english.TryGetValue(key, out var known) ? Names(known) : key.StartsWith(Reasons, StringComparison.Ordinal) ? [] : null;
        if (allowed is null)
            return $"unknown name '{key}'.";
        var given = Names(text);
        if (given.FirstOrDefault(name => name != "gdpr" && !allowed.Contains(name)) is { } unknown)
            return $"nothing fills '{{{unknown}}}' in '{key}'.";
        return allowed.FirstOrDefault(name => name != "gdpr" && !given.Contains(name)) is { } missing ? $"'{key}' must hold '{{{missing}}}'." : null;
    }

    private static List<string> Names(string text) => [.. Placeholder().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Placeholder();
}
