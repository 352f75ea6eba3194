using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Plan;
using DsrService.Notices.Letters;
using DsrService.Requests;

namespace DsrService.Notices;

/// <summary>Art. 19: writes to the recipients that no connected system reaches, once the data disclosed to them was changed
/// and that is proved. Runs in the transaction of what ended the last of those tasks; each recipient is written to once.</summary>
internal sealed class TellRecipients(RequestKeys keys, NoticeQueue queue, LettersInForce letters, AuditLog audit, TimeProvider time)
{
    public void Handle(DsrDbContext db, DataSubjectRequest request, ControllerDataMap map, RequestPlan plan, IReadOnlyList<RequestTask> tasks, IEnumerable<RequestIdentifier> identifiers)
    {
        foreach (var notice in plan.Notices.Where(notice => notice is { Step: null, Contact: not null }))
        {
            var written = request.RecipientsWritten?.Split(' ') ?? [];
            if (written.Contains(notice.Recipient) || Changed(map, plan, tasks, notice) is not { Count: > 0 } changed)
                continue;
            Write(db, request, map, notice, changed, identifiers);
            request.RecipientsWritten = string.Join(' ', written.Append(notice.Recipient));
        }
    }

    /// <summary>The categories that were changed; empty while a task that changes them is open.</summary>
    private static List<string> Changed(ControllerDataMap map, RequestPlan plan, IReadOnlyList<RequestTask> tasks, RecipientNotice notice)
    {
        var sources = map.Activities.Where(activity => activity.Recipients.Contains(notice.Recipient)).Select(activity => activity.System).ToHashSet();
        var steps = plan.Coverage.Where(row => sources.Contains(row.System) && notice.Categories.Contains(row.Category)).Select(row => row.Step).OfType<string>().ToHashSet();
        var acting = tasks.Where(task => steps.Contains(task.Step) && task is { Preview: false, ReplacedBy: null, Verifies: null }).ToList();
        var known = plan.Steps.ToDictionary(step => step.Key, StringComparer.Ordinal);
        if (acting.Count < steps.Count || acting.Exists(task => Progress.HoldsOpen(task, known)))
            return [];
        var items = acting.Where(task => task.Items is not null && task.State != TaskState.SetAside)
            .SelectMany(task => task.ReceiptItems)
            .Where(item => item.Erased + item.Anonymised + item.Rectified + item.Restricted > 0).Select(item => item.Category).ToHashSet();
        return [.. notice.Categories.Where(items.Contains)];
    }

    private void Write(DsrDbContext db, DataSubjectRequest request, ControllerDataMap map, RecipientNotice notice, List<string> changed, IEnumerable<RequestIdentifier> identifiers)
    {
        var key = keys.Open(request);
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        // Companies are written to in the controller's own language.
        var context = letters.ContextFor(request, intake, map.Controller) with { Texts = letters.Current.In(map.Controller.Languages[0]) };
        var language = context.Words.Language;
        var letter = context.Write(LetterMessage.RecipientNotice, common => new RecipientNoticeModel(
            common,
            notice.Name,
            context.Words.Of("changes", request.Right),
            string.Join("; ", Subject(intake).Concat(Identifiers(identifiers, request, key, map, language))),
            [.. changed.Select(category => map.Category(category).Label.In(language))],
            context.Words.Day(map.Controller.Today(time))));
        var queued = queue.Add(db, request, key, NoticeKind.RecipientNotice, letter.To(notice.Contact!), notice.Recipient);
        audit.Record(db, request, AuditLog.Service, "recipient.notice_queued", new { notice = queued.Id, notice.Recipient, categories = changed });
    }

    private static IEnumerable<string> Subject(IntakeContent intake) =>
        (intake.Requester.Relation == Relation.Self ? intake.Requester.Name : intake.Subject?.Name) is { Length: > 0 } name ? [name] : [];

    // No more than the recipient needs to find the person, and nothing that was not shown to be theirs.
    private static IEnumerable<string> Identifiers(IEnumerable<RequestIdentifier> identifiers, DataSubjectRequest request, DataKey key, ControllerDataMap map, string language) =>
        identifiers.Where(row => row.LeadsToData(request) && row.Source == RequestIdentifier.Requester).OrderBy(row => row.Kind, StringComparer.Ordinal)
            .Select(row => $"{map.FindIdentifierKind(row.Kind)?.Label.In(language) ?? row.Kind}: {key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value)}");
}
