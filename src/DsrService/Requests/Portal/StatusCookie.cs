namespace DsrService.Requests.Portal;

/// <summary>The access token as the browser keeps it: for the pages of one request, until the browser is closed, out of
/// reach of scripts and addresses.</summary>
internal static class StatusCookie
{
    public const string Name = "dsr-status";

    public static string? Read(HttpContext context) => context.Request.Cookies[Name];

    public static void Write(HttpContext context, string reference, string token) => context.Response.Cookies.Append(Name, token, Options(context, reference));

    public static void Remove(HttpContext context, string reference) => context.Response.Cookies.Delete(Name, Options(context, reference));

    private static CookieOptions Options(HttpContext context, string reference) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        // Strict would leave it out when the person comes from a mail.
        SameSite = SameSiteMode.Lax,
        Path = $"/status/{reference}",
        IsEssential = true,
    };
}
