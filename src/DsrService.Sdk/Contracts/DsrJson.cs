using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DsrService.Sdk.Contracts;

/// <summary>The one way JSON is written and read, over HTTP and on the bus: camelCase members, enumeration values in
/// kebab case and nothing else, unknown members refused, instants in UTC with <c>Z</c>.</summary>
public static class DsrJson
{
    /// <summary>Options for <see cref="JsonSerializer"/>; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Applies the same rules to other options.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new StrictEnumConverterFactory());
        options.Converters.Add(new InstantConverter());
    }

    /// <summary>The value as it is written in JSON, such as <c>lift-restriction</c>.</summary>
    public static string Kebab<T>(T value) where T : struct, Enum => KebabNames<T>.Names[value];

    /// <summary>Reads a value as written by <see cref="Kebab{T}"/>; nothing else is accepted.</summary>
    public static bool TryParseKebab<T>(string? text, out T value) where T : struct, Enum
    {
        value = default;
        return text is not null && KebabNames<T>.Values.TryGetValue(text, out value);
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static class KebabNames<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Names = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

        public static readonly FrozenDictionary<string, T> Values = Names
            .ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }

    private sealed class StrictEnumConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(StrictEnumConverter<>).MakeGenericType(typeToConvert))!;
    }

    // The framework's own converter also reads "erase,lift-restriction" and other casings.
    private sealed class StrictEnumConverter<T> : JsonConverter<T> where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParseKebab<T>(reader.GetString(), out var value)
                ? value
                : throw new JsonException($"Not one of: {string.Join(", ", KebabNames<T>.Values.Keys.Order(StringComparer.Ordinal))}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Kebab(value));

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParseKebab<T>(reader.GetString(), out var value) ? value : throw new JsonException();

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(Kebab(value));
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TryGetDateTimeOffset(out var value) ? value.ToUniversalTime() : throw new JsonException("Not an instant.");

        // Milliseconds without the noughts behind them, put there by hand: a format of one's own takes ten times as long.
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[24];
            value.UtcDateTime.TryFormat(text, out var length, "s", CultureInfo.InvariantCulture);
            var rest = value.Millisecond;
            if (rest > 0)
                text[length++] = (byte)'.';
            for (var digit = 100; rest > 0; digit /= 10)
            {
                text[length++] = (byte)('0' + rest / digit);
                rest %= digit;
            }
            text[length++] = (byte)'Z';
            writer.WriteStringValue(text[..length]);
        }
    }
}
