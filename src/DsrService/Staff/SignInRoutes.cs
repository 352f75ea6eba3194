using DsrService.Web;
using Microsoft.AspNetCore.Authentication;

namespace DsrService.Staff;

/// <summary>The desk's sign-in and sign-out.</summary>
internal static class SignInRoutes
{
    private const string Start = "/desk";
    public const string SignOutPath = "/desk/sign-out";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(StaffAccess.SignInPath, (string? returnTo) => Show(new SignInView(Local(returnTo)), StatusCodes.Status200OK));
        routes.MapPost(StaffAccess.SignInPath, SignInAsync).RequireRateLimiting(RateLimits.Tokens);
        routes.MapPost(SignOutPath, SignOutAsync).ForStaffPages(Enum.GetValues<StaffRole>());
    }

    private static async Task<IResult> SignInAsync(HttpContext context, SignIn signIn, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var (returnTo, userName) = (Local(form.Value["returnTo"]), form.Value["userName"].ToString());
        var member = await signIn.HandleAsync(new(userName, form.Value["password"]), cancel);
        if (member.Failed)
            return Show(new SignInView(returnTo, userName, member.Failure.Message), member.Failure.Status);
        await context.SignInAsync(StaffAccess.Cookie, StaffAccess.Session(member.Value));
        return Results.LocalRedirect(returnTo ?? Start);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        await context.SignOutAsync(StaffAccess.Cookie);
        return Results.LocalRedirect(StaffAccess.SignInPath);
    }

    private static IResult Show(SignInView view, int status) => Pages.Show<SignInPage, SignInView>(view, status);

    // Only pages of the desk: a link must not lead elsewhere by way of our sign-in.
    private static string? Local(string? path) =>
        path is not null && (path == Start || path.StartsWith(Start + "/", StringComparison.Ordinal) || path.StartsWith(Start + "?", StringComparison.Ordinal))
        && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : null;
}
