using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DsrService.Staff;

internal static class StaffFeature
{
    // OWASP's number for PBKDF2 with SHA-512.
    private const int PasswordIterations = 210_000;

    /// <summary>Operations that need no desk: the verb and the demo use them too.</summary>
    public static IServiceCollection AddStaffOperations(this IServiceCollection services) => services
        .AddSingleton<IPasswordHasher<StaffMember>>(new PasswordHasher<StaffMember>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordIterations })))
        .AddScoped<StaffDirectory>()
        .AddScoped<SignIn>()
        .AddScoped<AddStaff>()
        .AddScoped<IssueToken>()
        .AddScoped<DeactivateStaff>();
}
