using DsrService.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Staff;

/// <summary>Checks a user name and password. The answer is the same for an unknown name, a wrong password and a locked
/// account; several failures lock the account for a while.</summary>
internal sealed class SignIn(DsrDbContext db, IPasswordHasher<StaffMember> hasher, TimeProvider time, ILogger<SignIn> log)
{
    public const int FailuresBeforeLock = 5;
    public static readonly TimeSpan LockFor = TimeSpan.FromMinutes(15);

    // What an unknown name is compared with, so that it takes as long.
    private static readonly StaffMember Nobody = new() { Id = Guid.Empty, UserName = "", DisplayName = "", SecurityStamp = Guid.Empty };
    private static string? nobodysHash;

    internal sealed record Input(string? UserName, string? Password);

    public async Task<Result<StaffMember>> HandleAsync(Input input, CancellationToken cancel)
    {
        var userName = AddStaff.Normalise(input.UserName ?? "");
        var password = input.Password ?? "";
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Locked, so that guesses at the same moment count one by one.
        var member = await db.Set<StaffMember>().FromSql($"SELECT * FROM dsr.staff WHERE user_name = {userName} FOR UPDATE").SingleOrDefaultAsync(cancel);
        if (member is null or { PasswordHash: "" })
        {
            hasher.VerifyHashedPassword(Nobody, nobodysHash ??= hasher.HashPassword(Nobody, Secrets.NewToken()), password);
            return NotAccepted;
        }
        var now = time.GetUtcNow();
        var matches = hasher.VerifyHashedPassword(member, member.PasswordHash, password) != PasswordVerificationResult.Failed;
        if (!member.Active || member.LockedUntil > now)
            return NotAccepted;
        if (matches)
            (member.FailedSignIns, member.LockedUntil) = (0, null);
        else if (++member.FailedSignIns >= FailuresBeforeLock)
        {
            (member.FailedSignIns, member.LockedUntil) = (0, now + LockFor);
            log.LogWarning("Sign-in of staff member {Member} is locked until {Until}", member.Id, member.LockedUntil);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return matches ? member : NotAccepted;
    }

    private static Failure NotAccepted => new("staff.sign_in_refused",
        "User name and password do not go together, or the account is locked for a while after several failures.", StatusCodes.Status401Unauthorized);
}
