using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Hosting;
using DsrService.Sdk.Http;
using DsrService.Staff;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors;

/// <summary>Gives a system a new webhook secret. Until the overlap ends pushes are signed with both, so that its owner changes it when it
/// suits and no task is refused in between.</summary>
internal sealed class RotateWebhookSecret(DsrDbContext db, WorkSignal signal, KeyRing ring, AuditLog audit, TimeProvider time)
{
    public const int UsualHours = 24;
    private const int MostHours = 720;
    private const int LargestBody = 4 * 1024;

    /// <param name="OverlapHours">How long the former one is good; 0 ends it at once, for one that somebody else has seen.</param>
    internal sealed record Input(int? OverlapHours = null);

    internal sealed record Output(string WebhookSecret, DateTimeOffset? FormerUntil);

    public async Task<Result<Output>> HandleAsync(string controller, string key, Input input, string actor, CancellationToken cancel)
    {
        var hours = input.OverlapHours ?? UsualHours;
        if (hours is < 0 or > MostHours)
            return Failure.Invalid(new Dictionary<string, string[]> { ["overlapHours"] = [$"From 0 to {MostHours}."] });
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        if (await db.Set<ConnectedSystem>().SingleOrDefaultAsync(row => row.Controller == controller && row.System == key, cancel) is not { } system)
            return Failure.NotFound("system.not_found");
        var now = time.GetUtcNow();
        if (hours > 0 && system.FormerWebhookUntil > now)
            return new Failure("system.rotation_underway", "The secret before this one is still good: the system may know no other. Wait until it ends, or end both with an overlap of 0.");
        var secret = StandardWebhooks.NewSecret();
        var (sealing, former, authorization) = (ring.OpenSealingKey(system), ring.OpenWebhookSecret(system), ring.OpenAuthorization(system));
        // One key wraps all secrets of a row.
        system.SealingKey = ring.WrapSealingKey(controller, key, sealing);
        system.WebhookSecret = ring.WrapWebhookSecret(controller, key, secret);
        system.Authorization = authorization is null ? null : ring.WrapAuthorization(controller, key, authorization);
        system.KeyId = ring.CurrentId;
        system.FormerWebhookSecret = hours == 0 ? null : ring.WrapWebhookSecret(controller, key, former);
        system.FormerWebhookUntil = hours == 0 ? null : now.AddHours(hours);
        audit.Record(db, installation, actor, "system.webhook_secret_rotated", new { controller, system = key, system.FormerWebhookUntil });
        await work.CommitAsync(cancel);
        return new Output(secret, system.FormerWebhookUntil);
    }

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/systems/{controller}/{system}/webhook-secret", async (
        string controller, string system, HttpRequest http, StaffCaller caller, RotateWebhookSecret operation, CancellationToken cancel) =>
    {
        if (!caller.Has(StaffRole.Admin, controller))
            return Failure.NotFound("system.not_found").ToProblem();
        var input = await JsonBody.ReadOptionalAsync(http, new Input(), LargestBody, cancel);
        return input.Failed ? input.Failure.ToProblem() : (await operation.HandleAsync(controller, system, input.Value, caller.Actor, cancel)).ToHttp();
    }).ForStaff(StaffRole.Admin);
}
