using System.Globalization;
using DsrService.DataMap;

namespace DsrService.Response.Package;

/// <summary>The data map's terms as the person reads them.</summary>
internal static class InWords
{
    public static string LegalBasis(ProcessingActivity activity) => activity.LegalBasis switch
    {
        DataMap.LegalBasis.Consent => "Your consent (Article 6(1)(a) GDPR)",
        DataMap.LegalBasis.Contract => "A contract with you (Article 6(1)(b) GDPR)",
        DataMap.LegalBasis.LegalObligation => $"A legal obligation: {activity.Obligation} (Article 6(1)(c) GDPR)",
        DataMap.LegalBasis.VitalInterests => "Vital interests (Article 6(1)(d) GDPR)",
        DataMap.LegalBasis.PublicTask => "A task in the public interest (Article 6(1)(e) GDPR)",
        _ => "Legitimate interests (Article 6(1)(f) GDPR)",
    };

    /// <summary>Art. 15(1)(d): the period, or what decides it.</summary>
    public static string Storage(RetentionRule rule, string language)
    {
        var from = rule.Start switch
        {
            RetentionStart.Recorded => "after it was recorded",
            RetentionStart.CalendarYearEnd => "after the end of the calendar year in which it was recorded",
            RetentionStart.FinancialYearCalendarEnd => "after the end of the calendar year in which the financial year of the record ended",
            _ => $"after {rule.Event?.In(language)}",
        };
        var text = rule.Period == default
            ? rule.Start == RetentionStart.Event ? $"Until {rule.Event?.In(language)}" : "Not kept beyond the day it is recorded"
            : $"{Of(rule.Period)} {from}";
        return rule.Law is null ? text : $"{text} ({rule.Law})";
    }

    /// <summary>Art. 15(1)(g)</summary>
    public static string Source(ProcessingActivity activity, string language) => activity.Source switch
    {
        DataSource.Provided => "You gave it to us",
        DataSource.Observed => "Recorded when you used our services",
        DataSource.Derived => "Derived by us from other data about you",
        _ => activity.SourceName?.In(language) ?? "Somebody else gave it to us",
    };

    public static string Role(RecipientRole role) => role switch
    {
        RecipientRole.Processor => "Works for us and on our instructions (processor)",
        RecipientRole.JointController => "Decides together with us (joint controller)",
        RecipientRole.Authority => "Authority",
        _ => "Decides for itself (controller)",
    };

    /// <summary>The country's English name, or its code where the framework knows none.</summary>
    public static string Country(string code) => CountryNames.TryGetValue(code, out var name) ? name : code;

    public static string Bytes(long length) => length switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{length} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{length / 1000.0:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{length / 1_000_000.0:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{length / 1_000_000_000.0:0.##} GB"),
    };

    public static string Count(int number, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? one : many)}");

    private static string Of(Period period)
    {
        (int Number, string Unit)[] parts = [(period.Years, "year"), (period.Months, "month"), (period.Days, "day")];
        return string.Join(" and ", parts.Where(part => part.Number > 0).Select(part => Count(part.Number, part.Unit, $"{part.Unit}s")));
    }

    private static readonly Dictionary<string, string> CountryNames = new(StringComparer.Ordinal)
    {
        ["AT"] = "Austria",
        ["BE"] = "Belgium",
        ["BG"] = "Bulgaria",
        ["CY"] = "Cyprus",
        ["CZ"] = "Czechia",
        ["DE"] = "Germany",
        ["DK"] = "Denmark",
        ["EE"] = "Estonia",
        ["ES"] = "Spain",
        ["FI"] = "Finland",
        ["FR"] = "France",
        ["GR"] = "Greece",
        ["HR"] = "Croatia",
        ["HU"] = "Hungary",
        ["IE"] = "Ireland",
        ["IS"] = "Iceland",
        ["IT"] = "Italy",
        ["LI"] = "Liechtenstein",
        ["LT"] = "Lithuania",
        ["LU"] = "Luxembourg",
        ["LV"] = "Latvia",
        ["MT"] = "Malta",
        ["NL"] = "the Netherlands",
        ["NO"] = "Norway",
        ["PL"] = "Poland",
        ["PT"] = "Portugal",
        ["RO"] = "Romania",
        ["SE"] = "Sweden",
        ["SI"] = "Slovenia",
        ["SK"] = "Slovakia",
        ["GB"] = "the United Kingdom",
        ["CH"] = "Switzerland",
        ["US"] = "the United States",
        ["CA"] = "Canada",
        ["JP"] = "Japan",
        ["IN"] = "India",
        ["AU"] = "Australia",
        ["NZ"] = "New Zealand",
    };
}
