using System.Text.Json;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.Extensions.Primitives;

namespace DsrService.Requests.Portal;

/// <summary>The portal's pages on which a request is made.</summary>
internal static class RequestPages
{
    private const string Slug = "/{controller:regex(^[a-z0-9]+(-[a-z0-9]+)*$)}";

    public static void MapRequestPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", async (DataMaps maps, CancellationToken cancel) =>
            Pages.Show<ControllersPage, ControllerList>(new([.. (await maps.AllAsync(cancel)).Select(inForce => inForce.Map.Controller)])));
        routes.MapGet(Slug, async (string controller, DataMaps maps, CancellationToken cancel) =>
            await maps.CurrentAsync(controller, cancel) is { } inForce
                ? Pages.Show<StartPage, StartView>(new(inForce.Map.Controller))
                : ErrorPages.For(StatusCodes.Status404NotFound));
        routes.MapGet($"{Slug}/request", async (string controller, string? right, DataMaps maps, CancellationToken cancel) =>
            await maps.CurrentAsync(controller, cancel) is { } inForce
                ? Show(new RequestForm(inForce.Map, new Dictionary<string, StringValues> { ["right"] = right }), StatusCodes.Status200OK)
                : ErrorPages.For(StatusCodes.Status404NotFound));
        routes.MapPost($"{Slug}/request", SubmitAsync).RequireRateLimiting(RateLimits.Intake);
        routes.MapGet($"{Slug}/request/{{reference}}", async (string controller, string reference, DataMaps maps, CancellationToken cancel) =>
            await maps.CurrentAsync(controller, cancel) is { } inForce && Secrets.IsReference(reference)
                ? Pages.Show<SentPage, SentView>(new(inForce.Map.Controller, reference))
                : ErrorPages.For(StatusCodes.Status404NotFound));
    }

    private static async Task<IResult> SubmitAsync(string controller, HttpContext context, DataMaps maps, SubmitRequest submit, TimeProvider time, CancellationToken cancel)
    {
        if (await maps.CurrentAsync(controller, cancel) is not { } inForce)
            return ErrorPages.For(StatusCodes.Status404NotFound);
        var sent = await FormBody.ReadAsync(context, cancel);
        if (sent.Failed)
            return sent.Failure.ToPage();
        var form = new RequestForm(inForce.Map, sent.Value.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal));
        var input = form.Read();
        if (form.Unreadable)
            return Again(form, new SubmitChecks(inForce.Map, inForce.Map.Controller.Today(time)).Check(input).Failure);
        var result = await submit.HandleAsync(controller, input, Channel.Web, RepetitionOf(form, input), cancel);
        // The page was sent before and then changed: that is another request.
        if (result.Failure is { Code: SubmitRequest.Mismatch })
            result = await submit.HandleAsync(controller, input, Channel.Web, null, cancel);
        if (!result.Failed)
            return TypedResults.LocalRedirect($"/{controller}/request/{result.Value.Reference}");
        return result.Failure.Errors is null ? result.Failure.ToPage().After(result.Failure) : Again(form, result.Failure);
    }

    private static SubmitRequest.Repetition? RepetitionOf(RequestForm form, SubmitInput input) =>
        Guid.TryParseExact(form.Of(RequestForm.OnceField), "N", out var once)
            ? new($"web:{once:N}", JsonSerializer.SerializeToUtf8Bytes(input, DsrJson.Options))
            : null;

    private static IResult Again(RequestForm form, Failure? failure)
    {
        form.Show(failure?.Errors ?? new Dictionary<string, string[]>());
        return Show(form, StatusCodes.Status400BadRequest);
    }

    private static IResult Show(RequestForm form, int status) => Pages.Show<RequestPage, RequestForm>(form, status);
}
