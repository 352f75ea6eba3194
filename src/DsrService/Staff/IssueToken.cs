using DsrService.Audit;
using DsrService.Data;
using DsrService.Hosting;

namespace DsrService.Staff;

/// <summary>Gives a member of staff a bearer token for the staff API. It is shown once; its hash is kept.</summary>
internal sealed class IssueToken(DsrDbContext db, WorkSignal signal, AuditLog audit, TimeProvider time)
{
    /// <summary><paramref name="lifetime"/> null: until it is withdrawn.</summary>
    public async Task<string> HandleAsync(Guid member, TimeSpan? lifetime, CancellationToken cancel)
    {
        var token = Secrets.NewToken();
        var now = time.GetUtcNow();
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        var row = new StaffToken { Id = Guid.CreateVersion7(), StaffId = member, TokenHash = Secrets.Hash(token), CreatedAt = now, ExpiresAt = now + lifetime };
        db.Add(row);
        audit.Record(db, installation, AuditLog.Service, "staff.token_issued", new { staff = member, token = row.Id, row.ExpiresAt });
        await work.CommitAsync(cancel);
        return token;
    }
}
