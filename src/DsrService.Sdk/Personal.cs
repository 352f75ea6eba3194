using System.Text.Json;
using System.Text.Json.Serialization;

namespace DsrService.Sdk;

/// <summary>Personal data that never shows itself by accident: it prints, interpolates and debugs as <c>[personal]</c>.
/// Only <see cref="Reveal"/> gives the value, so every use of it can be found by name.</summary>
/// <typeparam name="T">The type of the value, mostly <see cref="string"/>.</typeparam>
[JsonConverter(typeof(PersonalJsonConverterFactory))]
public readonly record struct Personal<T>
{
    private readonly T value;

    /// <summary>Wraps a value.</summary>
    public Personal(T value) => this.value = value;

    /// <summary>The value itself. Never pass it to a log, an exception, a URL, a header or a metric.</summary>
    public T Reveal() => value;

    /// <summary>Always <c>[personal]</c>.</summary>
    public override string ToString() => "[personal]";

    /// <summary>Wraps a value.</summary>
    public static implicit operator Personal<T>(T value) => new(value);
}

/// <summary>Writes a <see cref="Personal{T}"/> as its bare value and reads it back.</summary>
public sealed class PersonalJsonConverterFactory : JsonConverterFactory
{
    /// <inheritdoc />
    public override bool CanConvert(Type typeToConvert)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Personal<>);
    }

    /// <inheritdoc />
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        var converter = typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()[0]);
        return (JsonConverter)Activator.CreateInstance(converter)!;
    }

    private sealed class Converter<T> : JsonConverter<Personal<T>>
    {
        public override Personal<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<T>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, Personal<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Reveal(), options);
    }
}
