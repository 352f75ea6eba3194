using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using DsrService.Web;

namespace DsrService.Demo.Surface;

/// <summary>Plays an old list on a system that sends letters: <c>POST /demo/imports/{controller}/{system}</c> with the address
/// of one of the people.</summary>
internal static class ImportRoute
{
    private const int BodyLimit = 4096;

    private sealed record Input(string Email);

    public static void MapImports(this IEndpointRouteBuilder demo) => demo.MapPost("imports/{controller}/{system}", ImportAsync);

    private static async Task<IResult> ImportAsync(
        string controller, string system, HttpContext context, IReadOnlyList<DemoStore> stores, CancellationToken cancel)
    {
        var store = DemoSurface.Find(stores, controller, system);
        if (store is null || store.Categories.All(category => category.Suppressed is null)
            || context.RequestServices.GetService<SystemsApi>() is not { } api || context.RequestServices.GetService<SystemCredentials>() is not { } credentials)
            return Failure.NotFound("demo.unknown_system").ToProblem();
        var input = await JsonBody.ReadAsync<Input>(context.Request, BodyLimit, cancel);
        if (input.Failed)
            return input.Failure.ToProblem();
        var people = DemoCompanies.Find(controller)!.People;
        if (people.FirstOrDefault(person => string.Equals(person.Email, input.Value.Email, StringComparison.OrdinalIgnoreCase)) is not { } person)
            return Failure.Invalid(new Dictionary<string, string[]> { ["email"] = ["None of the synthetic people has this address."] }).ToProblem();
        try
        {
            var outcome = await ImportList.Handle(store, person, new Cast(people, store.Clock.GetUtcNow(), 0),
                (address, stop) => api.CheckSubjectAsync(credentials.Connection(controller, system), "email", address, stop), cancel);
            return TypedResults.Json(outcome, DsrJson.Options);
        }
        catch (TaskFailedException refused)
        {
            // Who cannot ask takes nobody in.
            return new Failure("demo.import_stopped", $"The service did not say what holds ({refused.Code}): nobody was taken in.", StatusCodes.Status503ServiceUnavailable).ToProblem();
        }
    }
}
