using System.Globalization;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Notices.Templates;

/// <summary>The words of one language that letters are put together from: months, rights, reasons, legal bases, countries.
/// The framework's own names of months and countries are switched off (invariant globalisation), so they are data too.</summary>
internal sealed class LetterWords
{
    public const string FileName = "words.yaml";
    private readonly IReadOnlyDictionary<string, string> words;

    /// <param name="language">Two letters.</param>
    /// <param name="words">Texts by keys such as <c>reasons.17-1-a</c>.</param>
    /// <param name="uk">Names the UK GDPR where the text says <c>{gdpr}</c>.</param>
    public LetterWords(string language, IReadOnlyDictionary<string, string> words, bool uk)
    {
        Language = language;
        this.words = words;
        Gdpr = words[uk ? "ukGdpr" : "gdpr"];
        Area = words[uk ? "ukArea" : "area"];
    }

    public string Language { get; }

    /// <summary>What the law is called.</summary>
    public string Gdpr { get; }

    /// <summary>Where data may travel without safeguards.</summary>
    public string Area { get; }

    public string Of(string key, params ReadOnlySpan<(string Name, string Value)> values) =>
        Find(key, values) ?? throw new InvalidOperationException($"The words of {Language} lack '{key}'.");

    public string? Find(string key, params ReadOnlySpan<(string Name, string Value)> values)
    {
        if (!words.TryGetValue(key, out var text))
            return null;
        text = text.Replace("{gdpr}", Gdpr, StringComparison.Ordinal);
        foreach (var (name, value) in values)
            text = text.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return text;
    }

    public string Of<T>(string section, T choice) where T : struct, Enum => Of($"{section}.{DsrJson.Kebab(choice)}");

    public string Day(DateOnly day) => Of("date",
        ("day", day.Day == 1 ? Of("firstDay") : Number(day.Day)), ("month", Of($"months.{Number(day.Month)}")), ("year", day.Year.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The right with its article, such as "erasure of your data (Article 17 GDPR)".</summary>
    public string Right(Right right) => Of("rights", right);

    /// <summary>A sentence: what was asked for, and when.</summary>
    public string Asked(Right right, DateOnly receivedOn) => Of($"asked.{DsrJson.Kebab(right)}", ("date", Day(receivedOn)));

    /// <summary>The sentence for a reason; words that are no code are given back as they are.</summary>
    public string Reason(string reason) => KnowsReason(reason) ? Of($"reasons.{reason}") : reason;

    public bool KnowsReason(string reason) => words.ContainsKey($"reasons.{reason}");

    public string LegalBasis(ProcessingActivity activity) => Of($"legalBases.{DsrJson.Kebab(activity.LegalBasis)}", ("law", activity.Obligation ?? ""));

    /// <summary>Art. 15(1)(d): the period, or what decides it.</summary>
    public string Storage(RetentionRule rule)
    {
        var happening = rule.Event?.In(Language) ?? "";
        var text = rule.Period == default
            ? rule.Start == RetentionStart.Event ? Of("storage.until", ("event", happening)) : Of("storage.none")
            : Of($"storage.{DsrJson.Kebab(rule.Start)}", ("period", Length(rule.Period)), ("event", happening));
        return rule.Law is null ? text : $"{text} ({rule.Law})";
    }

    /// <summary>Art. 15(1)(g)</summary>
    public string Source(ProcessingActivity activity) =>
        activity is { Source: DataSource.ThirdParty, SourceName: { } name } ? name.In(Language) : Of("sources", activity.Source);

    public string Role(RecipientRole role) => Of("roles", role);

    /// <summary>The country's name, or its code where none is known.</summary>
    public string Country(string code) => Find($"countries.{code}") ?? code;

    public string Length(Period period)
    {
        (int Number, string Unit)[] parts = [(period.Years, "year"), (period.Months, "month"), (period.Days, "day")];
        return string.Join(Of("and"), parts.Where(part => part.Number > 0)
            .Select(part => Of($"units.{part.Unit}{(part.Number == 1 ? "" : "s")}", ("number", Number(part.Number)))));
    }

    public string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", words["thousands"], StringComparison.Ordinal);
}
