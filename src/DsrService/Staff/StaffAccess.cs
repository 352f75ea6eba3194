using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace DsrService.Staff;

/// <summary>How staff are known: a bearer token or the desk's cookie on the API, the cookie on the pages. Endpoints say
/// which roles they are for, and that is checked before anything else about the call.</summary>
internal static class StaffAccess
{
    public const string Cookie = "desk-cookie";
    public const string Token = "desk-token";
    public const string SignInPath = "/desk/sign-in";
    private const string TokenOrCookie = "desk";
    private const string StampClaim = "stamp";
    private static readonly TimeSpan SessionLength = TimeSpan.FromHours(8);

    public static IServiceCollection AddStaffAccess(this IServiceCollection services)
    {
        services.AddAuthentication()
            .AddPolicyScheme(TokenOrCookie, null, policy => policy.ForwardDefaultSelector =
                context => context.Request.Headers.Authorization.Count > 0 || !HasCookie(context) ? Token : Cookie)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(Token, null)
            .AddCookie(Cookie, Configure);
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, RoleHandler>();
        return services;
    }

    /// <summary>The endpoint is for staff who hold one of these roles, or one that includes it, anywhere. Which
    /// controllers the caller then sees is in every query.</summary>
    public static TBuilder ForStaff<TBuilder>(this TBuilder endpoints, params StaffRole[] roles) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(Policy(TokenOrCookie, roles));

    /// <summary>The same for a page: only the cookie counts, and who has none is led to the sign-in.</summary>
    public static TBuilder ForStaffPages<TBuilder>(this TBuilder endpoints, params StaffRole[] roles) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(Policy(Cookie, roles));

    public static ClaimsPrincipal Session(StaffMember member) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, member.Id.ToString()), new Claim(StampClaim, member.SecurityStamp.ToString())], Cookie));

    private static AuthorizationPolicy Policy(string scheme, StaffRole[] roles) =>
        new AuthorizationPolicyBuilder(scheme).RequireAuthenticatedUser().AddRequirements(new RoleRequirement(roles)).Build();

    private static bool HasCookie(HttpContext context) => context.Request.Cookies.ContainsKey(CookieName);

    private const string CookieName = "dsr-desk";

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = CookieName;
        cookie.Cookie.Path = "/desk";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = SessionLength;
        // A session is no legal time: moving the demo's clock must not end it.
        cookie.TimeProvider = TimeProvider.System;
        cookie.LoginPath = SignInPath;
        cookie.ReturnUrlParameter = "returnTo";
        cookie.Events.OnValidatePrincipal = ValidateAsync;
        cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var staff = context.HttpContext.RequestServices.GetRequiredService<StaffDirectory>();
        if (Guid.TryParse(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var member)
            && Guid.TryParse(context.Principal?.FindFirstValue(StampClaim), out var stamp)
            && await staff.FindBySessionAsync(member, stamp, context.HttpContext.RequestAborted) is { } caller)
        {
            context.HttpContext.Features.Set(caller);
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Cookie);
    }

    // Machines are told by status; only pages lead to the sign-in.
    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (status == StatusCodes.Status401Unauthorized && !context.Request.Path.StartsWithSegments("/desk/api"))
            context.Response.Redirect(context.RedirectUri);
        else
            context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private sealed record RoleRequirement(StaffRole[] Roles) : IAuthorizationRequirement;

    private sealed class RoleHandler : AuthorizationHandler<RoleRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
        {
            if (context.Resource is HttpContext http && http.Features.Get<StaffCaller>() is { } caller && requirement.Roles.Any(caller.Has))
                context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }
}
