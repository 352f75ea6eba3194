using DsrService.Audit;
using DsrService.Connectors.OpenDsr;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Http;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Connectors;

/// <summary>Gives a system that the data map names its credentials, or new ones in place of the old. They are shown once.</summary>
internal sealed class AddSystem(DsrDbContext db, WorkSignal signal, KeyRing ring, DataMaps maps, AuditLog audit)
{
    /// <param name="Controller">Key of the controller.</param>
    /// <param name="System">Key of the system.</param>
    /// <param name="Address">Where tasks are pushed to (http and opendsr bindings).</param>
    /// <param name="Authorization">What a peer asks for in the header of that name (opendsr binding).</param>
    /// <param name="Certificates">What it signs with, as PEM; without them an authority must vouch for the one it publishes.</param>
    /// <param name="Replace">Without it a system that has credentials keeps them.</param>
    internal sealed record Input(string Controller, string System, string? Address = null, bool Replace = false, string? Authorization = null, string? Certificates = null);

    internal sealed record Output(string Token, string WebhookSecret, string SealingKey);

    public async Task<Result<Output>> HandleAsync(Input input, CancellationToken cancel)
    {
        if (input.Address is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            return new Failure("system.invalid_address", "The address must be an absolute http or https address.", StatusCodes.Status400BadRequest);
        if (input.Authorization is { } header && !header.All(letter => letter is >= ' ' and <= '~'))
            return new Failure("system.invalid_authorization", "The header must be one line of plain letters.", StatusCodes.Status400BadRequest);
        if (input.Certificates is { } pem && PeerCertificates.Read(pem).Count == 0)
            return new Failure("system.invalid_certificates", "The certificates must be in PEM.", StatusCodes.Status400BadRequest);
        if (await maps.CurrentAsync(input.Controller, cancel) is not { } current || current.Map.Systems.All(row => row.Key != input.System))
            return new Failure("system.unknown", "No data map in force names this system.", StatusCodes.Status404NotFound);
        await using var work = await Work.BeginAsync(db, signal, cancel);
        var installation = await Installation.LockAsync(db, cancel);
        // Sealed under a key that the service has not, they would be good for nothing.
        if (ring.Ids().Count == 0 && (await db.Set<ConnectedSystem>().AnyAsync(cancel) || await db.Set<DataSubjectRequest>().AnyAsync(cancel)))
            return new Failure("keys.elsewhere", "The folder Dsr:Keys holds no key, and this database has data sealed under one: name the folder that the service uses.");
        var system = await db.Set<ConnectedSystem>()
            .SingleOrDefaultAsync(row => row.Controller == input.Controller && row.System == input.System, cancel);
        if (system is not null && !input.Replace)
            return new Failure("system.exists", "This system has credentials already. New ones in their place: system add --replace; the old end at once.");

        var output = new Output(Secrets.NewToken(), StandardWebhooks.NewSecret(), SubjectSeal.NewKey());
        var fresh = new ConnectedSystem
        {
            Controller = input.Controller,
            System = input.System,
            Address = input.Address,
            TokenHash = Secrets.Hash(output.Token),
            SealingKey = ring.WrapSealingKey(input.Controller, input.System, output.SealingKey),
            WebhookSecret = ring.WrapWebhookSecret(input.Controller, input.System, output.WebhookSecret),
            KeyId = ring.CurrentId,
            Authorization = input.Authorization is null ? null : ring.WrapAuthorization(input.Controller, input.System, input.Authorization),
            Certificates = input.Certificates,
        };
        if (system is null)
            db.Add(fresh);
        else
        {
            (system.TokenHash, system.SealingKey, system.WebhookSecret, system.KeyId) = (fresh.TokenHash, fresh.SealingKey, fresh.WebhookSecret, fresh.KeyId);
            (system.FormerWebhookSecret, system.FormerWebhookUntil) = (null, null);
            system.Address = input.Address ?? system.Address;
            (system.Authorization, system.Certificates) = (fresh.Authorization, fresh.Certificates ?? system.Certificates);
        }
        audit.Record(db, installation, AuditLog.Service, system is null ? "system.added" : "system.credentials_replaced",
            new { input.Controller, input.System });
        await work.CommitAsync(cancel);
        return output;
    }
}
