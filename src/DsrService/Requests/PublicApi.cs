using System.Globalization;
using DsrService.DataMap;
using DsrService.Identity;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DsrService.Requests;

/// <summary>The addresses programs use in a person's name.</summary>
internal static class PublicApi
{
    public const string Base = "/api/v1";
    private const string IdempotencyHeader = "Idempotency-Key";
    private const int LongestIdempotencyKey = 200;

    public static void MapPublicApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Base);
        api.MapPost("/{controller}/requests", SubmitAsync).RequireRateLimiting(RateLimits.Intake);
        api.MapGet("/controllers", async (DataMaps maps, CancellationToken cancel) =>
            TypedResults.Json((await maps.AllAsync(cancel)).Select(ControllerOutput.Of), DsrJson.Options));
        api.MapGet("/controllers/{controller}", async (string controller, DataMaps maps, CancellationToken cancel) =>
            await maps.CurrentAsync(controller, cancel) is { } found
                ? (IResult)TypedResults.Json(ControllerOutput.Of(found), DsrJson.Options)
                : Failure.NotFound("controller.not_found").ToProblem());
        api.MapGet("/requests/{reference}", async Task<IResult> (string reference, HttpContext context, ReadStatus read, CancellationToken cancel) =>
        {
            var result = await read.HandleAsync(reference, StatusAccess.BearerOf(context.Request), cancel);
            return result.Failed ? Refuse(context, result.Failure) : (IResult)TypedResults.Json(result.Value.Status, DsrJson.Options);
        });
        api.MapPost("/requests/{reference}/withdraw", async Task<IResult> (string reference, HttpContext context, WithdrawRequest withdraw, CancellationToken cancel) =>
        {
            var result = await withdraw.HandleAsync(reference, StatusAccess.BearerOf(context.Request), cancel);
            return result.Failed ? Refuse(context, result.Failure) : result.ToHttp();
        });
    }

    private static ProblemHttpResult Refuse(HttpContext context, Failure failure)
    {
        if (failure.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return failure.ToProblem();
    }

    private static async Task<IResult> SubmitAsync(string controller, HttpContext context, DataMaps maps, SubmitRequest submit, CancellationToken cancel)
    {
        if (await maps.CurrentAsync(controller, cancel) is null)
            return Failure.NotFound("controller.not_found").ToProblem();
        var body = await JsonBody.ReadBytesAsync(context.Request, SubmitRequest.BodyLimit, cancel);
        if (body.Failed)
            return body.Failure.ToProblem();
        var repetition = RepetitionOf(context.Request, body.Value);
        if (repetition.Failed)
            return repetition.Failure.ToProblem();
        var input = JsonBody.Parse<SubmitInput>(body.Value);
        if (input.Failed)
            return input.Failure.ToProblem();
        var result = await submit.HandleAsync(controller, input.Value, Channel.Api, repetition.Value.Given, cancel);
        if (result.Failed)
            return result.Failure.ToProblem().After(result.Failure);
        context.Response.Headers.Location = $"{Base}/requests/{result.Value.Reference}";
        return TypedResults.Json(result.Value, DsrJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static Result<(SubmitRequest.Repetition? Given, bool Read)> RepetitionOf(HttpRequest request, byte[] body)
    {
        if (!request.Headers.TryGetValue(IdempotencyHeader, out var values))
            return (null, true);
        var key = values.ToString();
        if (values.Count == 1 && key.Length is > 0 and <= LongestIdempotencyKey && key.All(c => c is > ' ' and < '\u007f' || c == ' '))
            return (new SubmitRequest.Repetition(key, body), true);
        return Failure.Invalid(new Dictionary<string, string[]>
        {
            [IdempotencyHeader] = [string.Create(CultureInfo.InvariantCulture, $"Must be 1 to {LongestIdempotencyKey} printable ASCII characters.")],
        });
    }

    internal sealed record ControllerOutput(string Key, string Name, IReadOnlyList<string> Languages, IReadOnlyList<Right> Rights,
        IEnumerable<string> IdentifierKinds, SupervisoryAuthority Authority, string Contact)
    {
        public static ControllerOutput Of(DataMapInForce inForce)
        {
            var facts = inForce.Map.Controller;
            return new(facts.Key, facts.Name, facts.Languages, facts.Rights,
                inForce.Map.IdentifierKinds.Select(kind => kind.Key), facts.Authority, facts.Contact);
        }
    }
}
