using DsrService.Data;
using DsrService.Hosting;
using DsrService.Requests;
using Microsoft.Extensions.Options;

namespace DsrService.Identity;

/// <summary>Makes the links by which people confirm their address. An older link stays good until it is used or its
/// seven days are over: mails overtake each other.</summary>
internal sealed class IdentityLinks(TimeProvider time, IOptions<DsrOptions> options)
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>The address to send; the row holds but the hash of its token.</summary>
    public Uri Add(DsrDbContext db, DataSubjectRequest request)
    {
        var token = Secrets.NewToken();
        var now = time.GetUtcNow();
        db.Add(new IdentityLink { Id = Guid.CreateVersion7(), RequestId = request.Id, TokenHash = Secrets.Hash(token), CreatedAt = now, ExpiresAt = now + Life });
        return new Uri($"{StatusPage(request.Reference)}/confirm?token={token}");
    }

    public Uri StatusPage(string reference) => new($"{options.Value.PublicAddress.TrimEnd('/')}/status/{reference}");
}
