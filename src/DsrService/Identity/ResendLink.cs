using DsrService.Audit;
using DsrService.Data;
using DsrService.Notices;
using DsrService.Notices.Letters;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Identity;

/// <summary>Sends a new link to the address the request came from, and nowhere else. The caller learns nothing, not even
/// whether there is such a request.</summary>
internal sealed class ResendLink(DsrDbContext db, WorkSignal signal, IdentityLinks links, WriteToPerson letters, AuditLog audit, TimeProvider time)
{
    // Somebody who knows a reference must not be able to fill another's mailbox.
    private const int MostInADay = 6;

    public async Task HandleAsync(string reference, CancellationToken cancel)
    {
        await using var work = await Work.BeginAsync(db, signal, cancel);
        if (await work.LockAsync(reference, cancel) is not { } request)
            return;
        var since = time.GetUtcNow().AddDays(-1);
        if (await db.Set<IdentityLink>().CountAsync(link => link.RequestId == request.Id && link.CreatedAt > since, cancel) >= MostInADay)
            return;
        var link = links.Add(db, request);
        var confirmed = request.IdentityConfirmedAt is not null;
        await letters.AddAsync(request, NoticeKind.IdentityLink, context => IdentityLinkLetter.Write(context, link, confirmed), cancel);
        audit.Record(db, request, AuditLog.Person, "identity.link_sent");
        await work.CommitAsync(cancel);
    }
}
