using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Notices.Templates;

namespace DsrService.Notices.Letters;

/// <summary>Art. 15(1)(a) to (d), (g), (h) and 15(2) for the categories of which data was found.</summary>
internal sealed class AccessInformation(ControllerDataMap map, LetterWords words, IReadOnlyList<PlanRow> held)
{
    private readonly List<ProcessingActivity> activities =
        [.. map.Activities.Where(activity => held.Any(row => row.System == activity.System && activity.Categories.Contains(row.Category)))];

    public List<PurposeOfAnswer> Purposes() => [.. activities.Select(activity => new PurposeOfAnswer(
        activity.Purpose.In(words.Language),
        words.LegalBasis(activity),
        string.Join(", ", activity.Categories.Where(category => held.Any(row => row.System == activity.System && row.Category == category)).Select(category => map.Category(category).Label.In(words.Language))),
        words.Storage(activity.Retention),
        words.Source(activity)))];

    public List<Disclosure> DisclosedTo() =>
    [
        .. activities.SelectMany(activity => activity.Recipients).Distinct().Select(map.Recipient).Select(recipient => new Disclosure(
            recipient.Name, words.Role(recipient.Role), words.Country(recipient.Country), recipient.InThirdCountry, recipient.Safeguard?.In(words.Language), words.Area)),
    ];

    public List<string> AutomatedDecisions() => [.. activities.Select(activity => activity.AutomatedDecision?.In(words.Language)).OfType<string>().Distinct()];
}
