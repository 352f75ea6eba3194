using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Web;

namespace DsrService.Identity;

internal static class IdentityFeature
{
    private const int BodyLimit = 4096;

    public static IServiceCollection AddIdentityOperations(this IServiceCollection services, DsrOptions options)
    {
        services.AddSingleton<IdentityLinks>();
        services.AddScoped<StatusAccess>();
        services.AddScoped<ConfirmIdentity>();
        services.AddScoped<ResendLink>();
        if (options.Runs(Role.Worker))
            services.AddRecurring<RemindOfIdentity>().AddRecurring<ExpireUnconfirmed>();
        return services;
    }

    public static void MapIdentity(this IEndpointRouteBuilder routes, DsrOptions options)
    {
        if (!options.Runs(Role.Portal))
            return;
        var identity = routes.MapGroup($"{PublicApi.Base}/requests/{{reference}}/identity").RequireRateLimiting(RateLimits.Tokens);
        identity.MapPost("", async (string reference, HttpContext context, ConfirmIdentity confirm, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadAsync<ConfirmIdentity.Input>(context.Request, BodyLimit, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await confirm.HandleAsync(reference, input.Value.Token, cancel)).ToHttp();
        });
        identity.MapPost("/resend", async (string reference, ResendLink resend, CancellationToken cancel) =>
        {
            await resend.HandleAsync(reference, cancel);
            return TypedResults.Accepted((string?)null);
        });
    }
}
