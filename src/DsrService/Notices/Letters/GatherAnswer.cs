using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Notices.Templates;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Notices.Letters;

/// <summary>Plan and receipts -> what the person is told. Pure: what the plan decided, what the systems then said they
/// found and did; never more than they said.</summary>
internal sealed class GatherAnswer
{
    private readonly ControllerDataMap map;
    private readonly RequestPlan plan;
    private readonly LetterWords words;
    private readonly string language;
    private readonly ILookup<string, StepResult> results;
    private readonly Dictionary<PlanRow, List<AnswerItem>> fates;
    private readonly IReadOnlyDictionary<string, string> grounds;
    private readonly IReadOnlyDictionary<string, DateTimeOffset?> mailed;

    private GatherAnswer(ControllerDataMap map, RequestPlan plan, IEnumerable<StepResult> results, LetterWords words, IReadOnlyDictionary<string, string>? grounds, IReadOnlyDictionary<string, DateTimeOffset?>? mailed)
    {
        (this.map, this.plan, this.words, language) = (map, plan, words, words.Language);
        this.grounds = grounds ?? new Dictionary<string, string>();
        this.mailed = mailed ?? new Dictionary<string, DateTimeOffset?>();
        this.results = results.ToLookup(result => result.Step, StringComparer.Ordinal);
        fates = plan.Rows.ToDictionary(row => row, row => Fates(row).ToList());
    }

    /// <param name="map">The data map in force at receipt.</param>
    /// <param name="plan">The plan that was carried out.</param>
    /// <param name="results">What came of its steps.</param>
    /// <param name="identifierKinds">Kinds of identifier by which the person was looked for.</param>
    /// <param name="today">The day in the controller's time zone.</param>
    /// <param name="words">Of the person's language.</param>
    /// <param name="remark">What the agent adds.</param>
    /// <param name="grounds">The facts behind the answers to the plan's questions, by their keys.</param>
    /// <param name="mailed">Recipients that were written to, and when the mail left.</param>
    public static AnswerFacts From(ControllerDataMap map, RequestPlan plan, IEnumerable<StepResult> results,
        IEnumerable<string> identifierKinds, DateOnly today, LetterWords words, string? remark, IReadOnlyDictionary<string, string>? grounds = null,
        IReadOnlyDictionary<string, DateTimeOffset?>? mailed = null) =>
        new GatherAnswer(map, plan, results, words, grounds, mailed).Gather(identifierKinds, today, remark);

    private AnswerFacts Gather(IEnumerable<string> identifierKinds, DateOnly today, string? remark)
    {
        var changed = plan.Rows.Where(row => fates[row].Exists(item => item.Outcome < AnswerOutcome.NothingFound)).ToList();
        var doneOn = changed.SelectMany(row => ResultsOf(row)).Max(result => result.EndedAt) is { } last ? Day(last) : today;
        var information = new AccessInformation(map, words, [.. plan.Rows.Where(Holds)]);
        return new AnswerFacts
        {
            Right = plan.Right,
            Items = [.. plan.Rows.SelectMany(row => fates[row]), .. FieldFates()],
            Recipients = [.. plan.Notices.Where(IsToBeTold).Select(notice => new AnswerRecipient(notice.Name, Told(notice)))],
            DoneOn = doneOn,
            Today = today,
            LookedForBy = [.. identifierKinds.Distinct().Select(kind => map.FindIdentifierKind(kind)?.Label.In(language) ?? kind)],
            NothingFoundAt = [.. plan.Rows.GroupBy(row => row.System).Where(NothingFound).Select(rows => map.System(rows.Key).Label.In(language))],
            Purposes = plan.Right == Right.Access ? information.Purposes() : [],
            DisclosedTo = plan.Right == Right.Access ? information.DisclosedTo() : [],
            AutomatedDecisions = plan.Right == Right.Access ? information.AutomatedDecisions() : [],
            CorrectedFields = plan.Right == Right.Rectification ? CorrectedFields() : [],
            HistoricRecords = plan.Right == Right.Rectification ? HistoricRecords(changed) : [],
            StoppedPurposes = plan.Right == Right.Objection
                ? [.. changed.SelectMany(row => row.Activities).Distinct().Select(key => Activity(key).Purpose.In(language))] : [],
            MarketingSuppressed = plan.Suppressions.Any(suppression => suppression.Purpose == ObjectionRules.DirectMarketing),
            RestrictionCase = plan.Right == Right.Restriction ? changed.Select(row => row.Reason).FirstOrDefault() : null,
            Backups = plan.Right == Right.Erasure ? Backups(changed) : [],
            Remark = remark,
        };
    }

    private IEnumerable<AnswerItem> Fates(PlanRow row)
    {
        var step = StepOf(row);
        var told = step is null ? [] : results[step].ToList();
        var items = told.SelectMany(result => result.Items).Where(item => item.Category == row.Category).ToList();
        if (told.Select(result => result.SetAside).FirstOrDefault(reason => reason is not null) is { } setAside)
            return [Item(row, AnswerOutcome.SetAside) with { Reason = setAside }];
        if (items.Exists(item => item.Found > 0))
            return Found(row, items);
        var coverage = plan.Coverage.First(coverage => (coverage.System, coverage.Category) == (row.System, row.Category));
        return coverage.State switch
        {
            CoverageState.Uncovered => [Item(row, AnswerOutcome.SetAside) with { Reason = words.Reason(coverage.Reason ?? row.Reason) }],
            // Without counts nobody has said that what the plan keeps is gone, nor that there was none.
            _ when plan.Right == Right.Erasure && row.Decision != Decision.Grant && told.Exists(result => result.Uncounted) =>
                [Item(row, AnswerOutcome.Refused) with { Reason = Reason(row, coverage.Reason ?? row.Reason), LegalBasis = row.LegalBasis }],
            // A system that was asked to erase and found nothing has nothing to keep either.
            CoverageState.Exempt when plan.Right != Right.Erasure || told.Count == 0 => [Item(row, AnswerOutcome.Refused) with { Reason = Reason(row, coverage.Reason ?? row.Reason), LegalBasis = row.LegalBasis }],
            // A recipient that has not answered was told, and that is all that is known.
            _ when step is not null && !plan.Steps.First(known => known.Key == step).HoldsRequestOpen && told.All(result => result.EndedAt is null) => [],
            CoverageState.Covered when told.Exists(result => result.Uncounted) => [Item(row, Changed(plan.Right))],
            _ => [Item(row, AnswerOutcome.NothingFound)],
        };
    }

    private static AnswerOutcome Changed(Right right) => right switch
    {
        Right.Rectification => AnswerOutcome.Rectified,
        Right.Restriction => AnswerOutcome.Restricted,
        Right.Objection => AnswerOutcome.Stopped,
        _ => AnswerOutcome.Erased,
    };

    private IEnumerable<AnswerItem> Found(PlanRow row, List<ReceiptItem> items)
    {
        (AnswerOutcome Outcome, Func<ReceiptItem, int> Count)[] done =
        [
            (AnswerOutcome.Handed, item => item.Handed), (AnswerOutcome.Erased, item => item.Erased), (AnswerOutcome.Anonymised, item => item.Anonymised),
            (AnswerOutcome.Rectified, item => item.Rectified), (AnswerOutcome.Restricted, item => item.Restricted), (AnswerOutcome.Stopped, item => item.Stopped),
        ];
        foreach (var (outcome, count) in done)
            if (items.Exists(item => count(item) > 0))
                yield return Item(row, outcome) with { Reason = row.Decision == Decision.Partial && outcome is AnswerOutcome.Handed or AnswerOutcome.Rectified ? words.Reason(row.Reason) : null };
        foreach (var kept in items.Where(item => item.Retained > 0).GroupBy(item => (Reason: WhyKept(row, item), item.LegalBasis)))
            yield return Item(row, AnswerOutcome.Retained) with
            {
                Reason = Reason(row, kept.Key.Reason),
                LegalBasis = kept.Key.LegalBasis is { } law && !words.KnowsReason(law) ? law : row.LegalBasis,
                Until = kept.Max(item => item.Until) is { } said && !(IsPlanned(row) && row.Until < said) ? said
                    : IsPlanned(row) || kept.Key.Reason == row.Reason ? row.Until : null,
            };
    }

    // Where the controller decided that it stays, the reason is the controller's: a system's own words are for whoever runs it.
    private string WhyKept(PlanRow row, ReceiptItem item) =>
        item.Reason is { } said && (words.KnowsReason(said) || !IsPlanned(row)) ? said : row.Reason;

    private static bool IsPlanned(PlanRow row) => row.Decision != Decision.Grant;

    // The paragraph alone is no reason (Art. 12(4)): the map says why this data, and what of it.
    private string Reason(PlanRow row, string reason)
    {
        var activity = Activity(row.Activities[0]);
        var facts = reason == row.Reason && reason is ReasonCode.LegalObligation or ReasonCode.StillNecessary or ReasonCode.PublicTask
            ? new[] { activity.NecessaryReason?.In(language), activity.CutDownTo is { } rest ? words.Of("cutDownTo", ("rest", rest.In(language))) : null }
            : [];
        return string.Join(' ', facts.Append(Ground(row.Answered)).OfType<string>().Prepend(words.Reason(reason)));
    }

    private string? Ground(string? question) => question is null ? null : grounds.GetValueOrDefault(question);

    // A field that stayed while another of its category was corrected would not be told of otherwise (Art. 12(4)).
    private IEnumerable<AnswerItem> FieldFates()
    {
        foreach (var field in plan.Fields.Where(field => field.Field is not null && field.Decision == Decision.Deny
                     && plan.Rows.Any(row => row.System == field.System && row.Category == field.Category && row.Decision != Decision.Deny && fates[row].Exists(item => item.Outcome == AnswerOutcome.Rectified))))
            yield return new()
            {
                Category = map.System(field.System!).Fields.First(known => known.Field == field.Field).Label.In(language),
                Outcome = AnswerOutcome.Refused,
                Reason = string.Join(' ', new[] { words.Reason(field.Reason), Ground(field.Answered) }.OfType<string>()),
            };
        foreach (var field in plan.Fields.Where(field => field.Field is null))
            yield return new()
            {
                Category = words.Of("otherFields"),
                Outcome = field.Decision == Decision.Grant ? AnswerOutcome.Rectified : AnswerOutcome.Refused,
                Reason = string.Join(' ', new[] { field.Decision == Decision.Grant ? null : words.Reason(field.Reason), Ground(field.Answered) }.OfType<string>()) is { Length: > 0 } reason ? reason : null,
            };
    }

    private bool NothingFound(IEnumerable<PlanRow> rows) =>
        rows.SelectMany(row => fates[row]).ToList() is { Count: > 0 } all && all.TrueForAll(item => item.Outcome == AnswerOutcome.NothingFound);

    private bool Holds(PlanRow row) => fates[row].Exists(item => item.Outcome is AnswerOutcome.Handed or AnswerOutcome.Retained);

    private List<string> CorrectedFields() =>
    [
        .. plan.Steps.Where(step => step is { Action: TaskAction.Rectify, Phase: StepPhase.Act } && results[step.Key].Any(result => result.Items.Any(item => item.Rectified > 0)))
            .SelectMany(step => map.System(step.System).Fields.Where(field => step.Fields.Contains(field.Field)))
            .Select(field => field.Label.In(language)).Distinct(),
    ];

    private List<string> HistoricRecords(List<PlanRow> changed) =>
    [
        .. map.Activities.Where(activity => activity.LegalBasis == LegalBasis.LegalObligation && changed.Exists(row => row.System == activity.System))
            .SelectMany(activity => activity.Categories.Select(category => $"{map.Category(category).Label.In(language)} ({activity.Obligation})")).Distinct(),
    ];

    private List<BackupOfAnswer> Backups(List<PlanRow> changed) =>
    [
        .. changed.GroupBy(row => row.System).Where(rows => map.System(rows.Key).BackupPeriod is not null)
            .Select(rows => (System: map.System(rows.Key), Ended: rows.SelectMany(ResultsOf).Max(result => result.EndedAt)))
            .Where(item => item.Ended is not null)
            .Select(item => new BackupOfAnswer(item.System.Label.In(language), item.System.BackupPeriod!.Value.After(Day(item.Ended!.Value)))),
    ];

    // Where nothing was changed there is nothing to write of.
    private bool IsToBeTold(RecipientNotice notice) => notice.Step is not null || notice.Contact is null || mailed.ContainsKey(notice.Recipient);

    private DateTimeOffset? Told(RecipientNotice notice) =>
        notice.Step is null ? mailed.GetValueOrDefault(notice.Recipient) is { } sent ? TimeZoneInfo.ConvertTime(sent, Zone) : null : results[notice.Step].Min(result => result.ToldAt) is { } at
            ? TimeZoneInfo.ConvertTime(at, Zone) : null;

    private AnswerItem Item(PlanRow row, AnswerOutcome outcome)
    {
        var label = map.Category(row.Category).Label.In(language);
        var elsewhere = plan.Rows.Any(other => other.Category == row.Category && other.System != row.System);
        return new() { Category = elsewhere ? $"{label} ({map.System(row.System).Label.In(language)})" : label, Outcome = outcome };
    }

    private string? StepOf(PlanRow row) => plan.Coverage.First(coverage => (coverage.System, coverage.Category) == (row.System, row.Category)).Step;

    private IEnumerable<StepResult> ResultsOf(PlanRow row) => StepOf(row) is { } step ? results[step] : [];

    private ProcessingActivity Activity(string key) => map.Activities.First(activity => activity.Key == key);

    private TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(map.Controller.TimeZone);

    private DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime);
}
