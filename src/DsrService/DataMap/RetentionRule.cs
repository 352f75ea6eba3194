using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace DsrService.DataMap;

/// <summary>How long data is kept, and counted from what (Art. 13(2)(a), 15(1)(d)).</summary>
internal sealed record RetentionRule
{
    public required Period Period { get; init; }
    public required RetentionStart Start { get; init; }

    /// <summary>The event in plain words, where <see cref="Start"/> is <see cref="RetentionStart.Event"/>.</summary>
    public LocalText? Event { get; init; }

    /// <summary>Reference of the law that sets the period.</summary>
    public string? Law { get; init; }

    /// <summary>The last day on which an item of the given day is kept; null where the start is an event to come.</summary>
    public DateOnly? Until(DateOnly itemDay, MonthDay financialYearEnd) => Start switch
    {
        RetentionStart.Recorded => Period.After(itemDay),
        RetentionStart.CalendarYearEnd => Period.After(new DateOnly(itemDay.Year, 12, 31)),
        RetentionStart.FinancialYearCalendarEnd =>
            Period.After(new DateOnly(FinancialYearOf(itemDay, financialYearEnd).Year, 12, 31)),
        _ => null,
    };

    /// <summary>The last day on which anything held today may be kept: that of an item recorded today.</summary>
    public DateOnly? LatestUntil(DateOnly today, MonthDay financialYearEnd) => Until(today, financialYearEnd);

    private static DateOnly FinancialYearOf(DateOnly day, MonthDay end) =>
        end.In(day.Year) >= day ? end.In(day.Year) : end.In(day.Year + 1);
}

internal enum RetentionStart
{
    /// <summary>The day the item was recorded.</summary>
    Recorded,
    /// <summary>31 December of the year in which it was recorded.</summary>
    CalendarYearEnd,
    /// <summary>31 December of the calendar year in which the item's financial year ended.</summary>
    FinancialYearCalendarEnd,
    /// <summary>Something that has yet to happen, such as the end of the contract.</summary>
    Event,
}

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

    public override string ToString() =>
        "P" + (Years, "Y").Part() + (Months, "M").Part() + ((Years, Months, Days) is (0, 0, 0) ? "0D" : (Days, "D").Part());

    private static int Number(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\AP(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})D)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

file static class PeriodParts
{
    public static string Part(this (int Number, string Unit) part) =>
        part.Number == 0 ? "" : part.Number.ToString(CultureInfo.InvariantCulture) + part.Unit;
}

internal sealed class PeriodConverter : JsonConverter<Period>
{
    public override Period Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Period.TryParse(reader.GetString(), out var period) ? period : throw new JsonException("Not a period such as P7Y.");

    public override void Write(Utf8JsonWriter writer, Period value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
