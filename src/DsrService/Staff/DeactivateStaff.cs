using DsrService.Audit;
using DsrService.Data;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Staff;

/// <summary>Ends a member's access at once: open sessions, tokens and the password. The row stays, since audit entries
/// name it.</summary>
internal sealed class DeactivateStaff(DsrDbContext db, WorkSignal signal, AuditLog audit)
{
    public async Task<Result<Guid>> HandleAsync(string userName, CancellationToken cancel)
    {
        userName = AddStaff.Normalise(userName);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        if (await db.Set<StaffMember>().SingleOrDefaultAsync(row => row.UserName == userName, cancel) is not { } member)
            return Failure.NotFound("staff.not_found");
        (member.Active, member.SecurityStamp) = (false, Guid.CreateVersion7());
        await db.Set<StaffToken>().Where(token => token.StaffId == member.Id).ExecuteDeleteAsync(cancel);
        audit.Record(db, installation, AuditLog.Service, "staff.deactivated", new { staff = member.Id });
        await work.CommitAsync(cancel);
        return member.Id;
    }
}
