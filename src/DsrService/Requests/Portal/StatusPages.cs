using DsrService.Data;
using DsrService.DataMap;
using DsrService.Identity;
using DsrService.Response;
using DsrService.Web;
using Microsoft.AspNetCore.Mvc;

namespace DsrService.Requests.Portal;

/// <summary>The portal's pages on which a request is followed. Without its cookie every reference shows the same.</summary>
internal static class StatusPages
{
    private const string One = "/status/{reference}";

    public static void MapStatusPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", () => AskForLink(null));
        routes.MapPost("/status", SendLinkAsync).RequireRateLimiting(RateLimits.Tokens);
        routes.MapGet(One, ShowAsync);
        routes.MapGet($"{One}/confirm", (string reference, string? token) =>
            Secrets.IsReference(reference) && !string.IsNullOrEmpty(token)
                ? Pages.Show<ConfirmPage, ConfirmView>(new(reference, token))
                : ErrorPages.For(StatusCodes.Status404NotFound));
        routes.MapPost($"{One}/confirm", ConfirmAsync).RequireRateLimiting(RateLimits.Tokens);
        routes.MapPost($"{One}/withdraw", WithdrawAsync);
        routes.MapPost($"{One}/leave", LeaveAsync);
        routes.MapGet($"{One}/package", async (string reference, HttpContext context, DownloadPackage download, CancellationToken cancel) =>
            await download.HandleAsync(reference, StatusCookie.Read(context), cancel) is { Failed: false } package
                ? PackageRoutes.Send(context, package)
                : TypedResults.LocalRedirect($"/status/{reference}"));
    }

    private static IResult AskForLink(string? reference, string? error = null, int status = StatusCodes.Status200OK) =>
        Pages.Show<LinkPage, LinkView>(new(reference, Sent: false, error), status);

    private static async Task<IResult> SendLinkAsync(HttpContext context, ResendLink resend, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var reference = form.Value["reference"].ToString().Trim().ToUpperInvariant();
        if (!Secrets.IsReference(reference))
            return AskForLink(null, "A reference looks like DSR-2026-7K3QX9PM. It stands in every mail we sent you.", StatusCodes.Status400BadRequest);
        await resend.HandleAsync(reference, cancel);
        return Pages.Show<LinkPage, LinkView>(new(reference, Sent: true));
    }

    private static async Task<IResult> ShowAsync(string reference, HttpContext context, ReadStatus read, DataMaps maps, CancellationToken cancel) =>
        Secrets.IsReference(reference)
            ? await ShowRequestAsync(reference, null, context, read, maps, cancel)
            : ErrorPages.For(StatusCodes.Status404NotFound);

    private static async Task<IResult> ShowRequestAsync(string reference, string? refusal, HttpContext context, ReadStatus read, DataMaps maps, CancellationToken cancel)
    {
        var result = await read.HandleAsync(reference, StatusCookie.Read(context), cancel);
        if (result.Failed)
            return AskForLink(reference);
        var facts = (await maps.ForAsync(result.Value.Request.DataMapVersion, cancel)).Controller;
        var view = new StatusView(facts, result.Value.Status, TimeZoneInfo.FindSystemTimeZoneById(facts.TimeZone), refusal);
        return Pages.Show<StatusPage, StatusView>(view, refusal is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ConfirmAsync(string reference, HttpContext context, ConfirmIdentity confirm, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var result = await confirm.HandleAsync(reference, form.Value["token"], cancel);
        if (result.Failed)
            return Secrets.IsReference(reference) ? AskForLink(reference, result.Failure.Message, result.Failure.Status) : ErrorPages.For(StatusCodes.Status404NotFound);
        StatusCookie.Write(context, reference, result.Value.AccessToken);
        return TypedResults.LocalRedirect($"/status/{reference}");
    }

    private static async Task<IResult> WithdrawAsync(string reference, HttpContext context, WithdrawRequest withdraw,
        [FromServices] ReadStatus read, DataMaps maps, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var result = await withdraw.HandleAsync(reference, StatusCookie.Read(context), cancel);
        return result.Failure is { Status: StatusCodes.Status409Conflict } refusal
            ? await ShowRequestAsync(reference, refusal.Message, context, read, maps, cancel)
            : TypedResults.LocalRedirect($"/status/{reference}");
    }

    private static async Task<IResult> LeaveAsync(string reference, HttpContext context, StatusAccess access, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        if (StatusCookie.Read(context) is { } token)
            await access.RevokeAsync(token, cancel);
        StatusCookie.Remove(context, reference);
        return TypedResults.LocalRedirect("/status");
    }
}
