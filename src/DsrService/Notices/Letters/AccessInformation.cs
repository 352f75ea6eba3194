using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Response.Package;

namespace DsrService.Notices.Letters;

/// <summary>Art. 15(1)(a) to (d), (g), (h) and 15(2) for the categories of which data was found.</summary>
internal sealed class AccessInformation(ControllerDataMap map, string language, IReadOnlyList<PlanRow> held)
{
    private readonly List<ProcessingActivity> activities =
        [.. map.Activities.Where(activity => held.Any(row => row.System == activity.System && activity.Categories.Contains(row.Category)))];

    public List<PurposeOfAnswer> Purposes() => [.. activities.Select(activity => new PurposeOfAnswer(
        activity.Purpose.In(language),
        InWords.LegalBasis(activity),
        [.. activity.Categories.Where(category => held.Any(row => row.System == activity.System && row.Category == category)).Select(category => map.Category(category).Label.In(language))],
        InWords.Storage(activity.Retention, language),
        InWords.Source(activity, language)))];

    public List<string> DisclosedTo() =>
    [
        .. activities.SelectMany(activity => activity.Recipients).Distinct().Select(map.Recipient).Select(recipient =>
            $"{recipient.Name}: {InWords.Role(recipient.Role)}, {InWords.Country(recipient.Country)}" +
            (recipient.InThirdCountry ? $", outside the European Economic Area; safeguard: {recipient.Safeguard?.In(language)}" : "")),
    ];

    public List<string> AutomatedDecisions() => [.. activities.Select(activity => activity.AutomatedDecision?.In(language)).OfType<string>().Distinct()];
}
