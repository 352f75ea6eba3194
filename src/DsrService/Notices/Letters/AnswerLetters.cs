using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>The answer to each right, complete or in part (Art. 12(3), 12(4)). Pure: facts in, text and HTML out.</summary>
internal static class AnswerLetters
{
    public static Letter Write(LetterContext context, AnswerFacts facts) => context.Write(MessageFor(facts), common => Model(context, facts, common));

    public static LetterMessage MessageFor(AnswerFacts facts) => facts.Right switch
    {
        Right.Access => facts.AnythingDone || facts.AnythingWithheld ? LetterMessage.Access : LetterMessage.AccessNone,
        Right.Rectification => LetterMessage.Rectification,
        Right.Erasure => LetterMessage.Erasure,
        Right.Restriction => LetterMessage.Restriction,
        Right.Portability => LetterMessage.Portability,
        _ => facts.AnythingDone || !facts.AnythingWithheld ? LetterMessage.Objection : LetterMessage.ObjectionRefused,
    };

    public static AnswerModel Model(LetterContext context, AnswerFacts facts, LetterModel common)
    {
        var words = context.Words;
        List<Fate> Fates(params AnswerOutcome[] outcomes) =>
        [
            .. facts.Items.Where(item => outcomes.Contains(item.Outcome)).GroupBy(item => item with { Category = "" }).SelectMany(alike =>
                Fate(context, alike.Key, string.Join(", ", alike.Select(item => item.Category))) is { Details: true } fate
                    ? [fate] : alike.Select(item => Fate(context, item, item.Category))),
        ];
        return new(common)
        {
            Complete = facts.AnythingDone && !facts.AnythingWithheld,
            Partly = facts.AnythingDone && facts.AnythingWithheld,
            Denied = !facts.AnythingDone && facts.AnythingWithheld,
            NothingHeld = !facts.AnythingDone && !facts.AnythingWithheld,
            AnythingDone = facts.AnythingDone,
            AnythingWithheld = facts.AnythingWithheld,
            Late = facts.Today > (context.ExtendedTo ?? context.DueOn),
            DoneOn = words.Day(facts.DoneOn),
            Remark = string.IsNullOrWhiteSpace(facts.Remark) ? null : facts.Remark,
            Handed = Fates(AnswerOutcome.Handed),
            Erased = Fates(AnswerOutcome.Erased),
            Anonymised = Fates(AnswerOutcome.Anonymised),
            Rectified = Fates(AnswerOutcome.Rectified),
            Restricted = Fates(AnswerOutcome.Restricted),
            Stopped = Fates(AnswerOutcome.Stopped),
            Kept = Fates(AnswerOutcome.Retained),
            NotDone = Fates(AnswerOutcome.Refused, AnswerOutcome.SetAside),
            Recipients = Told(context, facts.Recipients),
            LookedForBy = facts.LookedForBy.Count == 0 ? null : string.Join(", ", facts.LookedForBy),
            NothingFoundAt = facts.NothingFoundAt,
            Purposes = facts.Purposes,
            DisclosedTo = [.. facts.DisclosedTo.Select(recipient => recipient with { Area = words.Area })],
            AutomatedDecisions = facts.AutomatedDecisions,
            CorrectedFields = facts.CorrectedFields,
            HistoricRecords = facts.HistoricRecords,
            StoppedPurposes = facts.StoppedPurposes,
            MarketingSuppressed = facts.MarketingSuppressed,
            RestrictionCase = facts.RestrictionCase is { } ground ? words.Reason(ground) : null,
            Backups = [.. facts.Backups.Select(backup => new BackupLine(backup.System, words.Day(backup.GoneBy)))],
        };
    }

    public static IReadOnlyList<ToldRecipient> Told(LetterContext context, IEnumerable<AnswerRecipient> recipients) =>
        [.. recipients.Select(recipient => new ToldRecipient(recipient.Name, recipient.Told is { } at ? context.Words.Day(DateOnly.FromDateTime(at.DateTime)) : null))];

    private static Fate Fate(LetterContext context, AnswerItem item, string what) => new(
        what,
        item.Reason is { } reason ? Sentence(reason) : null,
        item.LegalBasis is { } law ? Sentence(law) : null,
        item.Until is { } until ? context.Words.Day(until) : null,
        item.Outcome == AnswerOutcome.SetAside);

    private static string Sentence(string text) => text.TrimEnd() is var trimmed && trimmed.EndsWith('.') ? trimmed : $"{trimmed}.";
}
