using DsrService.Data;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Identity;

/// <summary>Opens one request to the person who confirmed its address. For a foreign token and for an unknown reference
/// the database answers the same question with the same nothing.</summary>
internal sealed class StatusAccess(DsrDbContext db, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(180);
    private const string Scheme = "Bearer ";

    /// <summary>401 to whoever comes without a token that opens the request.</summary>
    public static readonly Failure Refused = new("http.unauthenticated", "Send the access token of this request.", StatusCodes.Status401Unauthorized);

    public static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    /// <summary>The request the token opens, untracked; null unless it is the one named.</summary>
    public async Task<DataSubjectRequest?> FindAsync(string reference, string? token, CancellationToken cancel) =>
        await IdAsync(reference, token, cancel) is { } id
            ? await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(request => request.Id == id, cancel)
            : null;

    /// <summary>The same, its row locked within the work.</summary>
    public async Task<DataSubjectRequest?> LockAsync(Work work, string reference, string? token, CancellationToken cancel) =>
        await IdAsync(reference, token, cancel) is { } id ? await work.LockAsync(id, cancel) : null;

    /// <summary>A new token for the request; the caller's transaction keeps its hash.</summary>
    public string Grant(DataSubjectRequest request)
    {
        var token = Secrets.NewToken();
        var now = time.GetUtcNow();
        db.Add(new AccessToken { TokenHash = Secrets.Hash(token), RequestId = request.Id, CreatedAt = now, ExpiresAt = now + Life });
        return token;
    }

    /// <summary>Ends one token: the person leaves the page on a shared computer.</summary>
    public Task RevokeAsync(string token, CancellationToken cancel)
    {
        var hash = Secrets.Hash(token);
        return db.Set<AccessToken>().Where(row => row.TokenHash == hash).ExecuteDeleteAsync(cancel);
    }

    private Task<Guid?> IdAsync(string reference, string? token, CancellationToken cancel)
    {
        var (hash, now) = (Secrets.Hash(token ?? ""), time.GetUtcNow());
        return (from row in db.Set<AccessToken>()
                join request in db.Set<DataSubjectRequest>() on row.RequestId equals request.Id
                where row.TokenHash == hash && row.ExpiresAt > now && request.Reference == reference
                select (Guid?)request.Id).SingleOrDefaultAsync(cancel);
    }
}
