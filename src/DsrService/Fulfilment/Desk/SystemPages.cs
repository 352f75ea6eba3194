using System.Globalization;
using DsrService.Connectors;
using DsrService.Fulfilment.Restores;
using DsrService.Requests.Desk;
using DsrService.Restrictions;
using DsrService.Staff;
using DsrService.Web;
using DsrService.Web.Parts;

namespace DsrService.Fulfilment.Desk;

/// <summary>The list of systems and the page of each, with the emergency stop, its alarms and its restores.</summary>
internal static class SystemPages
{
    private const string List = "/desk/systems";
    private const string One = "/desk/systems/{controller}/{system}";

    public static void MapSystemPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(List, async (string? done, StaffCaller caller, ListSystems list, CancellationToken cancel) =>
            await ShowAllAsync(caller, list, null, done, cancel)).ForStaffPages(StaffRole.Agent, StaffRole.Auditor, StaffRole.Admin);
        routes.MapGet(One, async (string controller, string system, string? done, StaffCaller caller, ListSystems list, ListRestores restores, CancellationToken cancel) =>
            await ShowAsync(controller, system, caller, list, restores, null, done, cancel)).ForStaffPages(StaffRole.Agent, StaffRole.Auditor, StaffRole.Admin);
        routes.MapPost($"{One}/reimports/{{alarm:guid}}", SettleAsync).ForStaffPages(StaffRole.Approver);
        routes.MapPost($"{One}/restores", RestoreAsync).ForStaffPages(StaffRole.Admin, StaffRole.SystemOwner);
        foreach (var stop in new[] { true, false })
        {
            var name = stop ? "stop" : "start";
            routes.MapPost($"{One}/{name}", (string controller, string system, HttpContext context, StaffCaller caller, StopSystem operation, ListSystems list, ListRestores restores, CancellationToken cancel) =>
                SetAsync(stop, controller, system, context, caller, operation, list, restores, cancel)).ForStaffPages(StaffRole.Admin);
            routes.MapPost($"{List}/{{controller}}/{name}", (string controller, HttpContext context, StaffCaller caller, StopSystem operation, ListSystems list, ListRestores restores, CancellationToken cancel) =>
                SetAsync(stop, controller, SystemStop.All, context, caller, operation, list, restores, cancel)).ForStaffPages(StaffRole.Admin);
        }
    }

    private static async Task<IResult> SetAsync(bool stop, string controller, string system, HttpContext context, StaffCaller caller, StopSystem operation, ListSystems list, ListRestores restores, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var input = new StopSystem.Input(form.Value["stop.reason"]);
        var set = await (stop ? operation.StopAsync(controller, system, caller, input, cancel) : operation.StartAsync(controller, system, caller, input, cancel));
        var all = system == SystemStop.All;
        if (!set.Failed)
            return Results.LocalRedirect($"{List}{(all ? "" : $"/{controller}/{system}")}?done={(stop ? "stop" : "start")}");
        var failure = set.Failure.Errors is null ? set.Failure : set.Failure with { Errors = set.Failure.Errors.ToDictionary(error => $"stop.{error.Key}", error => error.Value) };
        var sent = new SentForm(stop ? "stop" : "start", form.Value.ToDictionary(field => field.Key, field => field.Value.ToString()), failure);
        return all ? await ShowAllAsync(caller, list, failure, null, cancel) : await ShowAsync(controller, system, caller, list, restores, sent, null, cancel);
    }

    private static async Task<IResult> SettleAsync(string controller, string system, Guid alarm, HttpContext context, StaffCaller caller, SettleReimport operation, ListSystems list, ListRestores restores, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var settled = await operation.HandleAsync(alarm, caller, new(form.Value["settle.reason"]), cancel);
        if (!settled.Failed)
            return Results.LocalRedirect($"{List}/{controller}/{system}?done=settle");
        var failure = settled.Failure.Errors is null ? settled.Failure : settled.Failure with { Errors = settled.Failure.Errors.ToDictionary(error => $"settle.{error.Key}", error => error.Value) };
        return await ShowAsync(controller, system, caller, list, restores, new SentForm("settle", new Dictionary<string, string>(), failure), null, cancel);
    }

    private static async Task<IResult> RestoreAsync(string controller, string system, HttpContext context, StaffCaller caller, StateRestore operation, ListSystems list, ListRestores restores, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var typed = form.Value["restore.restoredTo"].ToString();
        DateTimeOffset? restoredTo = DateTimeOffset.TryParse(typed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read) ? read : null;
        var stated = await operation.HandleAsync(controller, system, caller, new(restoredTo), cancel);
        if (!stated.Failed)
            return Results.LocalRedirect($"{List}/{controller}/{system}?done=restore");
        var failure = stated.Failure.Errors is null ? stated.Failure : stated.Failure with { Errors = stated.Failure.Errors.ToDictionary(error => $"restore.{error.Key}", error => error.Value) };
        return await ShowAsync(controller, system, caller, list, restores, new SentForm("restore", new Dictionary<string, string> { ["restore.restoredTo"] = typed }, failure), null, cancel);
    }

    private static async Task<IResult> ShowAllAsync(StaffCaller caller, ListSystems list, Failure? failure, string? done, CancellationToken cancel) =>
        Pages.Show<SystemsPage, SystemsView>(new(await list.HandleAsync(caller, cancel), caller, failure?.Errors?.Values.First()[0] ?? failure?.Message, done), failure?.Status ?? StatusCodes.Status200OK);

    private static async Task<IResult> ShowAsync(string controller, string system, StaffCaller caller, ListSystems list, ListRestores restores, SentForm? sent, string? done, CancellationToken cancel)
    {
        var found = (await list.HandleAsync(caller, cancel)).SingleOrDefault(row => row.Controller == controller && row.System == system);
        return found is null || sent is { Failure.Status: StatusCodes.Status404NotFound }
            ? ErrorPages.For(StatusCodes.Status404NotFound)
            : Pages.Show<SystemPage, SystemPageModel>(new(found, caller, await restores.HandleAsync(controller, system, cancel), sent, done), sent?.Failure?.Status ?? StatusCodes.Status200OK);
    }
}

internal sealed record SystemsView(IReadOnlyList<SystemView> Systems, StaffCaller Caller, string? Problem, string? Done)
{
    public string? DoneText => Problem is null ? SystemPageModel.Said(Done) : null;
}

internal sealed record SystemPageModel(SystemView System, StaffCaller Caller, IReadOnlyList<RestoreView> Restores, SentForm? Sent, string? Done)
{
    public string? Problem => Sent?.Failure is { Errors: null } failure ? failure.Message : null;

    public FieldErrors Errors => Sent is { Move: "settle", Failure.Errors: { } errors } ? new(errors) : FieldErrors.None;

    public FieldErrors RestoreErrors => Sent is { Move: "restore", Failure.Errors: { } errors } ? new(errors) : FieldErrors.None;

    public string? RestoreValue => Sent?.Values.GetValueOrDefault("restore.restoredTo");

    /// <summary>Whether the caller may say that the system was restored.</summary>
    public bool MayState => Caller.Has(StaffRole.Admin, System.Controller) || Caller.Owns(System.Controller, System.System);

    /// <summary>What the form of the stop held, where it came back.</summary>
    public SentForm? StopSent => Sent is { Move: "stop" or "start" } ? Sent : null;

    public string? DoneText => Sent is null ? Said(Done) : null;

    public static string? Said(string? done) => done switch
    {
        "stop" => "Stopped. Everything queued is kept.",
        "start" => "Started. What was queued is going out.",
        "restore" => "Recorded. What was changed since is being made again.",
        "settle" => "Settled; the audit says why.",
        _ => null,
    };
}
