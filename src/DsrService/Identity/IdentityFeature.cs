namespace DsrService.Identity;

internal static class IdentityFeature
{
    public static IServiceCollection AddIdentityOperations(this IServiceCollection services) => services
        .AddSingleton<IdentityLinks>()
        .AddScoped<StatusAccess>();
}
