using DsrService.Data;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Staff;

/// <summary>Finds the caller behind a session or a token, as granted at this very moment: what is taken away ends with
/// the next call.</summary>
internal sealed class StaffDirectory(DsrDbContext db, TimeProvider time)
{
    public async Task<StaffCaller?> FindBySessionAsync(Guid member, Guid stamp, CancellationToken cancel) =>
        await CallerAsync(db.Set<StaffMember>().Where(row => row.Id == member && row.SecurityStamp == stamp), cancel);

    public async Task<StaffCaller?> FindByTokenAsync(string token, CancellationToken cancel)
    {
        var (hash, now) = (Secrets.Hash(token), time.GetUtcNow());
        return await CallerAsync(db.Set<StaffMember>().Where(row => db.Set<StaffToken>()
            .Any(held => held.StaffId == row.Id && held.TokenHash == hash && (held.ExpiresAt == null || held.ExpiresAt > now))), cancel);
    }

    /// <summary>How members are called, for pages and lists.</summary>
    public async Task<IReadOnlyDictionary<Guid, StaffName>> NamesAsync(IEnumerable<Guid> members, CancellationToken cancel)
    {
        var ids = members.Distinct().ToArray();
        return ids.Length == 0
            ? new Dictionary<Guid, StaffName>()
            : await db.Set<StaffMember>().Where(row => ids.Contains(row.Id))
                .Select(row => new StaffName(row.Id, row.UserName, row.DisplayName)).ToDictionaryAsync(row => row.Id, cancel);
    }

    /// <summary>By user name or id.</summary>
    public async Task<Guid?> FindIdAsync(string member, CancellationToken cancel)
    {
        if (Guid.TryParse(member, out var id))
            return id;
        var userName = AddStaff.Normalise(member);
        return await db.Set<StaffMember>().Where(row => row.UserName == userName).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancel);
    }

    /// <summary>Active members who can work on requests of a controller, by name.</summary>
    public async Task<IReadOnlyList<StaffName>> AgentsAsync(string controller, CancellationToken cancel) =>
        await db.Set<StaffMember>().Where(row => row.Active && db.Set<StaffGrant>().Any(grant => grant.StaffId == row.Id && grant.Controller == controller
                && (grant.Role == StaffRole.Agent || grant.Role == StaffRole.Approver || grant.Role == StaffRole.Officer)))
            .OrderBy(row => row.DisplayName).Select(row => new StaffName(row.Id, row.UserName, row.DisplayName)).ToListAsync(cancel);

    /// <summary>Where a reminder of a request goes: to who works on it and, where it matters to the whole or nobody works on it,
    /// to the officers. A member without an address may have one for a user name.</summary>
    public async Task<IReadOnlyList<string>> AddressesAsync(string controller, Guid? assignee, bool officers, CancellationToken cancel)
    {
        var found = await db.Set<StaffMember>().AsNoTracking()
            .Where(row => row.Active && (row.Id == assignee || ((officers || assignee == null)
                && db.Set<StaffGrant>().Any(grant => grant.StaffId == row.Id && grant.Controller == controller && grant.Role == StaffRole.Officer))))
            .OrderBy(row => row.Id).Select(row => new { row.Email, row.UserName }).ToListAsync(cancel);
        return [.. found.Select(row => row.Email ?? row.UserName).Where(MailboxAddress.IsValid).Distinct()];
    }

    private async Task<StaffCaller?> CallerAsync(IQueryable<StaffMember> members, CancellationToken cancel)
    {
        var found = await members.AsNoTracking().Where(row => row.Active).Select(row => new
        {
            row.Id,
            row.DisplayName,
            Grants = db.Set<StaffGrant>().Where(grant => grant.StaffId == row.Id)
                .Select(grant => new CallerGrant(grant.Controller, grant.Role, grant.System)).ToList(),
        }).SingleOrDefaultAsync(cancel);
        return found is null ? null : new StaffCaller(found.Id, found.DisplayName, found.Grants);
    }
}

internal sealed record StaffName(Guid Id, string UserName, string DisplayName);
