using DsrService.Sdk.Contracts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DsrService.DataMap;

/// <summary>One mapping of a data map, read field by field. What is missing or wrong is noted with its line and a
/// stand-in is returned, so that one reading finds every error.</summary>
internal sealed class YamlFields
{
    private readonly YamlMappingNode node;
    private readonly DataMapErrors errors;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public YamlFields(YamlNode node, string place, DataMapErrors errors)
    {
        this.errors = errors;
        Place = place;
        if (node is YamlMappingNode mapping)
        {
            this.node = mapping;
        }
        else
        {
            errors.Add(node.Start, $"{place}: a mapping of fields is expected.");
            this.node = [];
        }
        Line = (int)node.Start.Line;
    }

    /// <summary>Where we are, for messages.</summary>
    public string Place { get; set; }

    public int Line { get; }

    public void Error(string message) => errors.Add(Line, $"{Place}: {message}");

    public void Error(string field, string message) => errors.Add(LineOf(field), $"{Place}: {message}");

    /// <summary>An error that somewhere below shows only once all is read.</summary>
    public void ErrorAt(int line, string message) => errors.Add(line, message);

    public int LineOf(string field) => Find(field) is { } value ? (int)value.Start.Line : Line;

    public bool Has(string field) => Find(field) is not null;

    public string Text(string field) => Has(field) ? OptionalText(field) ?? "" : Missing(field, "");

    public string? OptionalText(string field)
    {
        if (Find(field) is not { } value)
            return null;
        return ReadText(value, field);
    }

    /// <summary>Lower case letters, digits and single hyphens.</summary>
    public string Key(string field)
    {
        var key = Text(field);
        if (key.Length > 0 && !IsKey(key))
            Error(field, $"'{field}' must be lower case letters, digits and single hyphens, at most 50: '{key}'.");
        return key;
    }

    public LocalText Local(string field) => OptionalLocal(field) ?? Missing(field, LocalText.Of(""));

    /// <summary>A key of something declared before.</summary>
    public string Reference(string field, IReadOnlyCollection<string> declared, string what)
    {
        var key = Text(field);
        Refer(key, LineOf(field), declared, what);
        return key;
    }

    public IReadOnlyList<string> References(string field, IReadOnlyCollection<string> declared, string what)
    {
        var keys = Scalars(field).ToList();
        foreach (var (key, at) in keys)
            Refer(key, (int)at.Line, declared, what);
        return [.. keys.Select(item => item.Text)];
    }

    public LocalText? OptionalLocal(string field)
    {
        if (Find(field) is not { } value)
            return null;
        if (value is not YamlMappingNode languages)
            return ReadText(value, field) is { } english ? LocalText.Of(english) : LocalText.Of("");
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (language, text) in languages.Children)
            if (language is YamlScalarNode { Value: { Length: 2 } code } && ReadText(text, field) is { } words)
                texts[code] = words;
            else
                errors.Add(language.Start, $"{Place}: '{field}' needs texts under language codes such as en.");
        if (texts.ContainsKey(LocalText.DefaultLanguage))
            return new LocalText(texts);
        errors.Add(value.Start, $"{Place}: '{field}' has no English text (en).");
        return LocalText.Of("");
    }

    public bool Flag(string field, bool otherwise)
    {
        if (OptionalText(field) is not { } text)
            return otherwise;
        if (text is "true" or "false")
            return text == "true";
        Error(field, $"'{field}' must be true or false.");
        return otherwise;
    }

    public bool RequiredFlag(string field) => Has(field) ? Flag(field, false) : Missing(field, false);

    public T Choice<T>(string field) where T : struct, Enum => OptionalChoice<T>(field) ?? Missing(field, default(T));

    public T Choice<T>(string field, T otherwise) where T : struct, Enum => OptionalChoice<T>(field) ?? otherwise;

    public T? OptionalChoice<T>(string field) where T : struct, Enum
    {
        if (Find(field) is not { } value)
            return null;
        return ReadText(value, field) is { } text ? ReadChoice<T>(text, value.Start, field) : default(T);
    }

    public IReadOnlyList<T> Choices<T>(string field) where T : struct, Enum =>
        [.. Scalars(field).Select(item => ReadChoice<T>(item.Text, item.At, field))];

    public IReadOnlyList<string> Texts(string field) => [.. Scalars(field).Select(item => item.Text)];

    public Period? OptionalPeriod(string field)
    {
        if (OptionalText(field) is not { } text)
            return null;
        if (!DataMap.Period.TryParse(text, out var period))
            Error(field, $"'{field}' must be a period such as P7Y, P18M or P30D.");
        return period;
    }

    public Period Period(string field) => OptionalPeriod(field) ?? Missing(field, default(Period));

    public YamlFields Fields(string field, string place)
    {
        if (Find(field) is { } value)
            return new(value, place, errors);
        Error($"'{field}' is missing.");
        return new(new YamlMappingNode(), place, new DataMapErrors(""));
    }

    /// <summary>The mappings of a list; <paramref name="required"/> lists may not be empty.</summary>
    public IReadOnlyList<YamlFields> List(string field, string place, bool required)
    {
        var value = Find(field);
        if (value is YamlSequenceNode list && (list.Children.Count > 0 || !required))
            return [.. list.Select(item => new YamlFields(item, place, errors))];
        if (value is not null)
            Error(field, $"'{field}' must be a list{(required ? " of at least one" : "")}.");
        else if (required)
            Error($"'{field}' is missing.");
        return [];
    }

    /// <summary>To be called once everything was read: names fields that mean nothing.</summary>
    public void RefuseUnknown()
    {
        foreach (var key in node.Children.Keys)
            if (key is not YamlScalarNode { Value: { } name })
                errors.Add(key.Start, $"{Place}: a field name must be a word.");
            else if (!known.Contains(name))
                errors.Add(key.Start, $"{Place}: unknown field '{name}'; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
    }

    private static bool IsKey(string text) =>
        text.Length is > 0 and <= 50 && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-') &&
        !text.StartsWith('-') && !text.EndsWith('-') && !text.Contains("--", StringComparison.Ordinal);

    private YamlNode? Find(string field)
    {
        known.Add(field);
        return node.Children.TryGetValue(new YamlScalarNode(field), out var value) ? value : null;
    }

    private string? ReadText(YamlNode value, string field)
    {
        if (value is not YamlScalarNode { Value: { } text } || string.IsNullOrWhiteSpace(text))
            errors.Add(value.Start, $"{Place}: '{field}' must be a text.");
        else if (text.Any(c => (char.IsControl(c) && c != '\n') || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')))
            errors.Add(value.Start, $"{Place}: '{field}' holds control characters.");
        else
            return text.Trim();
        return null;
    }

    private T ReadChoice<T>(string text, Mark at, string field) where T : struct, Enum
    {
        if (DsrJson.TryParseKebab<T>(text, out var choice))
            return choice;
        var choices = string.Join(", ", Enum.GetValues<T>().Select(DsrJson.Kebab));
        errors.Add(at, $"{Place}: '{field}' does not know '{text}'; it must be one of {choices}.");
        return default;
    }

    private IEnumerable<(string Text, Mark At)> Scalars(string field)
    {
        if (Find(field) is not { } value)
            yield break;
        if (value is not YamlSequenceNode list)
        {
            errors.Add(value.Start, $"{Place}: '{field}' must be a list.");
            yield break;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (ReadText(item, field) is not { } text)
                continue;
            if (!seen.Add(text))
                errors.Add(item.Start, $"{Place}: '{field}' names '{text}' twice.");
            else
                yield return (text, item.Start);
        }
    }

    private void Refer(string key, int line, IReadOnlyCollection<string> declared, string what)
    {
        if (key.Length > 0 && !declared.Contains(key))
            errors.Add(line, $"{Place}: unknown {what} '{key}'.");
    }

    private T Missing<T>(string field, T standIn)
    {
        Error($"'{field}' is missing.");
        return standIn;
    }
}
