using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Identity;

/// <summary>Uses up a link: whoever holds it reads the mailbox. The first time it confirms who asks and has the request
/// planned; each time it gives access to the request's status.</summary>
internal sealed class ConfirmIdentity(DsrDbContext db, WorkSignal signal, RequestKeys keys, StatusAccess access, PlanRequest planning, AuditLog audit, TimeProvider time)
{
    private static readonly Failure NotConfirmed = new("identity.not_confirmed", "This link does not work, or not any more. You can ask for a new one.", StatusCodes.Status403Forbidden);

    internal sealed record Input(string? Token);

    internal sealed record Output(string Reference, RequestStatus Status, string AccessToken);

    public async Task<Result<Output>> HandleAsync(string reference, string? token, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var work = await Work.BeginAsync(db, signal, cancel);
        // The same statements whatever is wrong: neither answer nor time tells an unknown reference from a used link.
        var request = await work.LockAsync(reference, cancel);
        if (!await UseAsync(request?.Id ?? Guid.Empty, token, now, cancel) || request is null)
            return NotConfirmed;

        var key = keys.Open(request);
        if (request.IdentityConfirmedAt is null)
            await ConfirmAsync(request, key, now, cancel);
        else
            audit.Record(db, request, AuditLog.Person, "identity.shown_again");
        if (request.TryMove(RequestMove.Reopen, now))
            audit.Record(db, request, AuditLog.Service, "request.reopened");
        if (request.Status == RequestStatus.AwaitingIdentity)
            await planning.PlanAsync(work, request, key, cancel);
        var accessToken = access.Grant(request);
        await work.CommitAsync(cancel);
        return new Output(request.Reference, request.Status, accessToken);
    }

    // One row or none: of two at the same moment the database lets one through.
    private async Task<bool> UseAsync(Guid request, string? token, DateTimeOffset now, CancellationToken cancel)
    {
        var hash = Secrets.Hash(token ?? "");
        return await db.Set<IdentityLink>()
            .Where(link => link.TokenHash == hash && link.RequestId == request && link.UsedAt == null && link.ExpiresAt > now)
            .ExecuteUpdateAsync(link => link.SetProperty(row => row.UsedAt, now), cancel) == 1;
    }

    // Where somebody writes for another the address is a contact only: it says nothing of whose data it is.
    private async Task ConfirmAsync(DataSubjectRequest request, DataKey key, DateTimeOffset now, CancellationToken cancel)
    {
        request.IdentityConfirmedAt = now;
        var requester = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake).Requester;
        var verified = new List<string>();
        if (requester.Relation == Relation.Self)
            foreach (var identifier in await db.Set<RequestIdentifier>()
                         .Where(row => row.RequestId == request.Id && row.Kind == IdentifierKind.Email && row.Source == RequestIdentifier.Requester).ToListAsync(cancel))
                if (key.OpenText(RequestIdentifier.ValueField(identifier.Id), identifier.Value) == requester.Email)
                {
                    identifier.Verified = true;
                    verified.Add(identifier.Kind);
                }
        audit.Record(db, request, AuditLog.Person, "identity.confirmed", new { requester.Relation, verified });
    }
}
