using DsrService.Audit;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>Gives a caller that the data map names its token, or a new one in place of the old. It is shown once.</summary>
internal sealed class AddCaller(DsrDbContext db, WorkSignal signal, DataMaps maps, AuditLog audit, TimeProvider time)
{
    /// <param name="Controller">Key of the controller.</param>
    /// <param name="Caller">Key of the caller.</param>
    /// <param name="CallbackOrigin">Where callbacks may go beside the caller's domain: scheme, host and port.</param>
    /// <param name="Replace">Without it a caller that has a token keeps it.</param>
    internal sealed record Input(string Controller, string Caller, string? CallbackOrigin = null, bool Replace = false);

    public async Task<Result<string>> HandleAsync(Input input, CancellationToken cancel)
    {
        if (input.CallbackOrigin is { } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", UserInfo: "" } && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase)))
            return new Failure("opendsr.invalid_origin", "The origin is scheme, host and port, such as https://gateway.example:8443.", StatusCodes.Status400BadRequest);
        if (await maps.CurrentAsync(input.Controller, cancel) is not { } current || current.Map.Callers.All(entry => entry.Key != input.Caller))
            return new Failure("opendsr.unknown_caller", "No data map in force names this caller.", StatusCodes.Status404NotFound);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        var known = await db.Set<CallerCredential>().SingleOrDefaultAsync(row => row.Controller == input.Controller && row.Caller == input.Caller, cancel);
        if (known is not null && !input.Replace)
            return new Failure("opendsr.caller_exists", "This caller has a token already.");
        var token = Secrets.NewToken();
        if (known is null)
            db.Add(new CallerCredential
            {
                Controller = input.Controller,
                Caller = input.Caller,
                TokenHash = Secrets.Hash(token),
                CallbackOrigin = input.CallbackOrigin,
                CreatedAt = time.GetUtcNow(),
            });
        else
            (known.TokenHash, known.CallbackOrigin) = (Secrets.Hash(token), input.CallbackOrigin ?? known.CallbackOrigin);
        audit.Record(db, installation, AuditLog.Service, known is null ? "caller.added" : "caller.token_replaced", new { input.Controller, input.Caller });
        await work.CommitAsync(cancel);
        return token;
    }
}
