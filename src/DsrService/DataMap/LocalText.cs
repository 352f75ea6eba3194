using System.Text.Json;
using System.Text.Json.Serialization;

namespace DsrService.DataMap;

/// <summary>Words for people, per language. English is always there.</summary>
[JsonConverter(typeof(LocalTextConverter))]
internal sealed class LocalText(IReadOnlyDictionary<string, string> texts) : IEquatable<LocalText>
{
    public const string DefaultLanguage = "en";

    public IReadOnlyDictionary<string, string> Texts { get; } = texts;

    public string English => Texts[DefaultLanguage];

    public static LocalText Of(string english) => new(new Dictionary<string, string> { [DefaultLanguage] = english });

    /// <summary>The words in <paramref name="language"/>, else in English.</summary>
    public string In(string language) => Texts.TryGetValue(language, out var text) ? text : English;

    public bool Equals(LocalText? other) =>
        other is not null && Texts.Count == other.Texts.Count &&
        Texts.All(pair => other.Texts.TryGetValue(pair.Key, out var text) && text == pair.Value);

    public override bool Equals(object? obj) => Equals(obj as LocalText);

    public override int GetHashCode() => English.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => English;
}

/// <summary>Written as an object of languages in their order.</summary>
internal sealed class LocalTextConverter : JsonConverter<LocalText>
{
    public override LocalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader, options)!;
        return texts.ContainsKey(LocalText.DefaultLanguage) ? new(texts) : throw new JsonException("The English text is missing.");
    }

    public override void Write(Utf8JsonWriter writer, LocalText value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (language, text) in value.Texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            writer.WriteString(language, text);
        writer.WriteEndObject();
    }
}
