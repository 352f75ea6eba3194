using DsrService.Demo.Companies;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Demo.Systems;
using DsrService.Sdk.Contracts;
using DsrService.Web;

namespace DsrService.Demo.Surface;

/// <summary>The page for a person who tries the demo out.</summary>
internal static class DemoPage
{
    private const string Root = "/demo";

    public static void MapDemoPage(this IEndpointRouteBuilder demo)
    {
        demo.MapGet("", ShowAsync);
        demo.MapPost("page/clock", AdvanceAsync);
        demo.MapPost("page/systems", TellAsync);
    }

    private static async Task<IResult> ShowAsync(
        string? to, long? mail, string? company, int? person, DemoMail mailbox, DemoClock clock, Behaviours behaviours,
        IReadOnlyList<DemoCompany> companies, IReadOnlyList<DemoStore> stores, CancellationToken cancel)
    {
        var shown = companies.FirstOrDefault(one => one.Key == company) ?? companies[0];
        var chosen = shown.People.FirstOrDefault(one => one.Number == person);
        List<(DemoStore Store, Behaviour Behaviour)> systems = [];
        foreach (var store in stores)
            systems.Add((store, await behaviours.Of(store, cancel)));
        List<(DemoStore Store, StoreContent Content)> holdings = [];
        foreach (var store in stores.Where(store => chosen is not null && store.Controller == shown.Key))
            holdings.Add((store, await ReadStore.Handle(store, chosen!.Identifiers(), cancel)));
        return Pages.Show<DemoView, DemoModel>(new(
            to, await mailbox.List(to, cancel), mail is { } id ? await mailbox.Find(id, cancel) : null, companies, shown, chosen, holdings, clock.Now, systems));
    }

    private static async Task<IResult> AdvanceAsync(HttpContext context, DemoClock clock, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var by = ClockPeriod.Read(form.Value["advance"], clock.Now);
        if (by.Failed)
            return by.Failure.ToPage();
        await clock.Advance(by.Value, cancel);
        return Results.LocalRedirect($"{Root}#clock");
    }

    private static async Task<IResult> TellAsync(
        HttpContext context, Behaviours behaviours, IReadOnlyList<DemoStore> stores, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        if (form.Value["system"].ToString().Split('/') is not [var controller, var system]
            || DemoSurface.Find(stores, controller, system) is not { } store
            || !DsrJson.TryParseKebab<Behaviour>(form.Value["behaviour"], out var behaviour))
            return Failure.NotFound("demo.unknown_system").ToPage();
        await behaviours.Tell(store, behaviour, cancel);
        return Results.LocalRedirect($"{Root}#systems");
    }
}

internal sealed record DemoModel(
    string? To,
    IReadOnlyList<CaughtMail> Mails,
    CaughtMail? Mail,
    IReadOnlyList<DemoCompany> Companies,
    DemoCompany Company,
    SyntheticPerson? Person,
    IReadOnlyList<(DemoStore Store, StoreContent Content)> Holdings,
    DateTimeOffset Now,
    IReadOnlyList<(DemoStore Store, Behaviour Behaviour)> Systems);
