using System.Net;
using System.Xml;
using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Demo.Surface;

/// <summary>What exists nowhere else: mailbox, people, stores, clock and the systems' behaviour, as JSON and as a page.
/// It answers this machine alone.</summary>
internal static class DemoSurface
{
    private const int BodyLimit = 4096;

    public static void MapDemo(this IEndpointRouteBuilder routes)
    {
        var demo = routes.MapGroup("/demo").AddEndpointFilter(async (context, next) =>
            IsOfThisMachine(context.HttpContext) ? await next(context) : Problems.For(StatusCodes.Status404NotFound));
        demo.MapGet("mailbox", async (string? to, DemoMail mail, CancellationToken cancel) =>
            TypedResults.Json((await mail.List(to, cancel)).Select(caught => new { caught.To, caught.Subject, caught.Text, caught.Html, caught.Links }), DsrJson.Options));
        demo.MapGet("people/{controller}", (string controller, IReadOnlyList<DemoCompany> companies) => companies.FirstOrDefault(one => one.Key == controller) is { } company
            ? TypedResults.Json(company.People.Select(PersonOutput.Of), DsrJson.Options)
            : Failure.NotFound("demo.unknown_controller").ToProblem() as IResult);
        demo.MapGet("stores/{controller}/{system}", ReadStoreAsync);
        demo.MapGet("clock", (DemoClock clock) => TypedResults.Json(ClockOutput.Of(clock), DsrJson.Options));
        demo.MapPost("clock", AdvanceAsync);
        demo.MapPost("systems/{controller}/{system}", TellAsync);
        demo.MapImports();
        demo.MapDemoPage();
        demo.MapApprovalPage();
    }

    private static async Task<IResult> ReadStoreAsync(
        string controller, string system, string? kind, string? value, IReadOnlyList<DemoStore> stores, CancellationToken cancel)
    {
        if (Find(stores, controller, system) is not { } store)
            return Failure.NotFound("demo.unknown_system").ToProblem();
        if (string.IsNullOrEmpty(kind) || string.IsNullOrEmpty(value))
            return Failure.Invalid(new Dictionary<string, string[]> { [kind is null or "" ? "kind" : "value"] = ["Say whom you mean: ?kind=email&value=…"] }).ToProblem();
        return TypedResults.Json(await ReadStore.Handle(store, PeopleDirectory.AllOf(controller, kind, value), cancel), DsrJson.Options);
    }

    private static async Task<IResult> AdvanceAsync(HttpRequest request, DemoClock clock, CancellationToken cancel)
    {
        var input = await JsonBody.ReadAsync<AdvanceInput>(request, BodyLimit, cancel);
        if (input.Failed)
            return input.Failure.ToProblem();
        var by = ClockPeriod.Read(input.Value.Advance, clock.Now);
        if (by.Failed)
            return by.Failure.ToProblem();
        await clock.Advance(by.Value, cancel);
        return TypedResults.Json(ClockOutput.Of(clock), DsrJson.Options);
    }

    private static async Task<IResult> TellAsync(
        string controller, string system, HttpRequest request, IReadOnlyList<DemoStore> stores, Behaviours behaviours, CancellationToken cancel)
    {
        if (Find(stores, controller, system) is not { } store)
            return Failure.NotFound("demo.unknown_system").ToProblem();
        var input = await JsonBody.ReadAsync<BehaviourInput>(request, BodyLimit, cancel);
        if (input.Failed)
            return input.Failure.ToProblem();
        await behaviours.Tell(store, input.Value.Behaviour, cancel);
        return TypedResults.Json(input.Value, DsrJson.Options);
    }

    public static DemoStore? Find(IEnumerable<DemoStore> stores, string controller, string system) =>
        stores.FirstOrDefault(store => store.Controller == controller && store.Key == system);

    /// <summary>From loopback, and asked for by a name of loopback: no page of another site reaches it by a name of its own.</summary>
    private static bool IsOfThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && (context.Request.Host.Host is "localhost" || IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host));

    private sealed record AdvanceInput(string Advance);

    private sealed record BehaviourInput(Behaviour Behaviour);

    private sealed record ClockOutput(DateTimeOffset Now, string Offset)
    {
        public static ClockOutput Of(DemoClock clock) => new(clock.Now, XmlConvert.ToString(clock.Offset));
    }

    private sealed record PersonOutput(string Name, string Email, IReadOnlyList<IdentifierOutput> Identifiers, string Note)
    {
        public static PersonOutput Of(SyntheticPerson person) => new(person.Name, person.Email,
            [.. person.Identifiers().Select(identifier => new IdentifierOutput(identifier.Kind, identifier.Value))], person.Note);
    }

    private sealed record IdentifierOutput(string Kind, string Value);
}
