using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Staff;

namespace DsrService.Response;

/// <summary>A person has reviewed the answer: it goes to the person who asked, and the request is closed (Art. 12(3)).</summary>
internal sealed class AnswerRequest(DsrDbContext db, WorkSignal signal, RequestKeys keys, ComposeAnswer compose, NoticeQueue notices, EndMeanwhile meanwhile, AuditLog audit, TimeProvider time)
{
    /// <summary>What the person of the staff adds in words of their own.</summary>
    internal sealed record Input(string? Remark = null);

    public async Task<Result<DataSubjectRequest>> HandleAsync(string reference, StaffCaller caller, Input input, CancellationToken cancel)
    {
        var remark = StaffText.Optional("remark", input.Remark);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var locked = await work.LockForAsync(reference, caller, RequestMove.Answer, cancel);
        if (locked.Failed)
            return locked.Failure;
        if (remark.Failed)
            return remark.Failure;
        var request = locked.Value;
        if (request.OnHold)
            return new Failure("request.on_hold", "The request is on hold; release it first.");

        var key = keys.Open(request);
        var answer = await compose.HandleAsync(request, key, remark.Value.Length == 0 ? null : remark.Value, cancel);
        if (answer.OpenAt.Count > 0)
            return TasksOpen(answer.OpenAt);
        request.TryMove(RequestMove.Answer, time.GetUtcNow(), answer.Status);
        request.WaitingFor = null;
        request.Answer = key.SealJson(RequestFields.Answer(request.Id), answer.Content);
        var notice = notices.Add(db, request, key, NoticeKind.Answer, answer.Letter.To(answer.To));
        await meanwhile.HandleAsync(request, key, caller.Actor, cancel);
        audit.Record(db, request, caller.Actor, "request.answered", new
        {
            answer.Status,
            items = answer.Facts.Items.GroupBy(item => item.Outcome).Select(items => new { outcome = items.Key, categories = items.Count() }),
            recipients = answer.Facts.Recipients.Select(recipient => new { recipient.Name, recipient.Told }),
            remark = remark.Value.Length == 0 ? null : SealedText.Seal(key, remark.Value),
            notice = notice.Id,
        });
        await work.CommitAsync(cancel);
        return request;
    }

    private static Failure TasksOpen(IReadOnlyList<string> systems) =>
        new("request.tasks_open", "Some tasks have not ended, or what they did is not proved yet. Try them again or set them aside with a reason.")
        {
            Extensions = new Dictionary<string, object?> { ["systems"] = systems },
        };
}
