using System.Text.RegularExpressions;
using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Requests;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Staff;

/// <summary>Makes a member of staff with roles at controllers.</summary>
internal sealed partial class AddStaff(DsrDbContext db, WorkSignal signal, IPasswordHasher<StaffMember> hasher, AuditLog audit)
{
    public const int ShortestPassword = 12;

    /// <summary>Without a password the member can only hold tokens.</summary>
    internal sealed record Input(string UserName, string DisplayName, string? Password, IReadOnlyList<CallerGrant> Grants, string? Email = null);

    public async Task<Result<Guid>> HandleAsync(Input input, CancellationToken cancel)
    {
        var userName = Normalise(input.UserName);
        if (await CheckAsync(input, userName, cancel) is { Count: > 0 } errors)
            return new Failure("staff.invalid", "The member of staff cannot be added like this.", StatusCodes.Status400BadRequest) { Errors = errors };

        var member = new StaffMember { Id = Guid.CreateVersion7(), UserName = userName, DisplayName = input.DisplayName.Trim(), SecurityStamp = Guid.CreateVersion7(), Email = input.Email?.Trim() };
        if (input.Password is { } password)
            member.PasswordHash = hasher.HashPassword(member, password);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        db.Add(member);
        db.AddRange(input.Grants.Select(grant => new StaffGrant
        {
            Id = Guid.CreateVersion7(),
            StaffId = member.Id,
            Controller = grant.Controller,
            Role = grant.Role,
            System = grant.System,
        }));
        audit.Record(db, installation, AuditLog.Service, "staff.added", new { staff = member.Id, grants = input.Grants });
        try
        {
            await work.CommitAsync(cancel);
        }
        catch (DbUpdateException error) when (error.IsDuplicate(out var constraint) && constraint == "staff_user_name_key")
        {
            return new Failure("staff.user_name_taken", "Somebody has this user name already.");
        }
        return member.Id;
    }

    /// <summary>User names are the same in upper and lower case.</summary>
    public static string Normalise(string userName) => userName.Trim().ToLowerInvariant();

    private async Task<Dictionary<string, string[]>> CheckAsync(Input input, string userName, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string[]>();
        if (!UserNameForm().IsMatch(userName))
            errors["userName"] = ["2 to 64 letters, digits or . _ @ -, beginning with a letter or digit."];
        if (input.DisplayName.Trim() is not { Length: > 0 and <= 100 } name || name.Any(char.IsControl))
            errors["displayName"] = ["1 to 100 characters."];
        if (input.Email is { } email && !MailboxAddress.IsValid(email.Trim()))
            errors["email"] = ["Must be an e-mail address."];
        if (input.Password is { Length: < ShortestPassword or > 256 })
            errors["password"] = [$"At least {ShortestPassword} characters, at most 256."];
        if (input.Grants.Count == 0 || input.Grants.Any(grant => grant.Role == StaffRole.SystemOwner != grant.System is not null))
            errors["grants"] = ["At least one role; a system owner's names its system, the others none."];
        else
        {
            var controllers = await db.Set<ControllerOrganisation>().Select(row => row.Key).ToListAsync(cancel);
            if (input.Grants.Select(grant => grant.Controller).Except(controllers, StringComparer.Ordinal).Any())
                errors["grants"] = [$"Unknown controller; there are: {string.Join(", ", controllers.Order(StringComparer.Ordinal))}."];
        }
        return errors;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._@-]{1,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex UserNameForm();
}
