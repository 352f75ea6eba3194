using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace DsrService.DataMap;

/// <summary>A number of years, months and days, as in <c>P7Y</c> or <c>P30D</c>.</summary>
[JsonConverter(typeof(PeriodConverter))]
internal readonly partial record struct Period(int Years, int Months, int Days)
{
    public DateOnly After(DateOnly day) => day.AddYears(Years).AddMonths(Months).AddDays(Days);

    public static bool TryParse(string? text, out Period period)
    {
        var match = Form().Match(text ?? "");
        period = match.Success ? new(Number(match, 1), Number(match, 2), Number(match, 3)) : default;
        return match.Success && text != "P";
    }

    public override string ToString()
    {
        var text = Part(Years, 'Y') + Part(Months, 'M') + Part(Days, 'D');
        return text.Length == 0 ? "P0D" : "P" + text;
    }

    private static string Part(int number, char unit) =>
        number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");

    private static int Number(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\AP(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})D)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

internal sealed class PeriodConverter : JsonConverter<Period>
{
    public override Period Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Period.TryParse(reader.GetString(), out var period) ? period : throw new JsonException("Not a period such as P7Y.");

    public override void Write(Utf8JsonWriter writer, Period value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
