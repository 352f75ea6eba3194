using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Requests;

namespace DsrService.Notices;

/// <summary>Puts a message into the transaction of what it tells of; it is sent after the commit.</summary>
internal sealed class NoticeQueue(TimeProvider time)
{
    public Notice Add(DsrDbContext db, DataSubjectRequest request, DataKey key, NoticeKind kind, NoticeContent content, string? recipient = null)
    {
        var id = Guid.CreateVersion7();
        var now = time.GetUtcNow();
        var notice = new Notice
        {
            Id = id,
            RequestId = request.Id,
            Kind = kind,
            Recipient = recipient,
            Content = key.SealJson(Notice.ContentField(id), content),
            CreatedAt = now,
            QueuedAt = now,
            NextAttemptAt = now,
        };
        db.Add(notice);
        return notice;
    }
}
