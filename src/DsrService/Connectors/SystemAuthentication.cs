using System.Security.Claims;
using System.Text.Encodings.Web;
using DsrService.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Connectors;

/// <summary><c>Authorization: Bearer</c> of the systems API; the token's hash is looked up.</summary>
internal sealed class SystemAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, DsrDbContext db)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "system-token";
    private const string Prefix = "Bearer ";

    /// <summary>Connected systems and nobody else.</summary>
    public static AuthorizationPolicy Policy { get; } =
        new AuthorizationPolicyBuilder(SchemeName).RequireAuthenticatedUser().Build();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var hash = Secrets.Hash(header[Prefix.Length..].Trim());
        var caller = await db.Set<ConnectedSystem>().Where(system => system.TokenHash == hash)
            .Select(system => new SystemCaller(system.Controller, system.System)).SingleOrDefaultAsync(Context.RequestAborted);
        if (caller is null)
            return AuthenticateResult.Fail("No such token.");
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{caller.Controller}/{caller.System}")], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        await base.HandleChallengeAsync(properties);
    }
}
