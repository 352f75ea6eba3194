using DsrService.DataMap;
using DsrService.Fulfilment.Desk;
using DsrService.Notices;
using DsrService.Response;
using DsrService.Staff;
using DsrService.Web;

namespace DsrService.Requests.Desk;

/// <summary>The desk's pages: the queue, and one request with a form for every move.</summary>
internal static class DeskPages
{
    private const string Root = "/desk";

    public static void MapDeskPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, QueueAsync).ForStaffPages(Enum.GetValues<StaffRole>());
        routes.MapGet($"{Root}/requests/{{reference}}", ShowAsync).ForStaffPages(StaffRole.Agent, StaffRole.Auditor);
        foreach (var (name, form) in RequestForms.All)
            routes.MapPost($"{Root}/requests/{{reference}}/{name}", (string reference, HttpContext context, StaffCaller caller, CancellationToken cancel) =>
                PostAsync(reference, name, form, context, caller, cancel)).ForStaffPages(RequestLifecycle.RoleFor(form.Move)!.Value);
        routes.MapTaskPages();
        routes.MapRecipientPages();
        routes.MapSystemPages();
        routes.MapNoticeForms();
    }

    // Everybody starts here; who has no queue is led to what there is.
    private static async Task<IResult> QueueAsync(HttpContext context, StaffCaller caller, ListRequests list, DataMaps maps, StaffDirectory staff, CancellationToken cancel)
    {
        if (caller.ReadableControllers.Count == 0)
            return Results.LocalRedirect(caller.Has(StaffRole.SystemOwner) ? $"{Root}/tasks" : $"{Root}/systems");
        var query = context.Request.Query.ContainsKey("status") ? context.Request.Query : new QueryCollection(
            context.Request.Query.Append(new("status", QueueView.DefaultStatus)).ToDictionary());
        var filter = RequestFilter.Parse(query);
        if (filter.Failed)
            return ErrorPages.For(filter.Failure.Status, "The address of this list holds a filter that does not exist.");
        var found = await list.HandleAsync(caller, filter.Value, cancel);
        if (found.Failed)
            return Results.LocalRedirect(Root);
        var controllers = new List<ControllerName>();
        var agents = new List<StaffName>();
        foreach (var key in caller.ReadableControllers.Order(StringComparer.Ordinal))
        {
            controllers.Add(new(key, (await maps.CurrentAsync(key, cancel))?.Map.Controller.Name ?? key));
            agents.AddRange(await staff.AgentsAsync(key, cancel));
        }
        return Pages.Show<QueuePage, QueueView>(new QueueView(filter.Value, found.Value, controllers,
            [.. agents.DistinctBy(agent => agent.Id).OrderBy(agent => agent.DisplayName, StringComparer.Ordinal).Select(agent => new StaffChoice(agent.UserName, agent.DisplayName))]));
    }

    private static async Task<IResult> ShowAsync(string reference, HttpContext context, StaffCaller caller, string? done, CancellationToken cancel) =>
        await PageAsync(context, reference, caller, null, done is null ? null : done == NoticeRoutes.Again ? "The letter is on its way again." : RequestForms.All.GetValueOrDefault(done)?.Done, cancel);

    private static async Task<IResult> PostAsync(string reference, string name, RequestForms.Form form, HttpContext context, StaffCaller caller, CancellationToken cancel)
    {
        var read = await FormBody.ReadAsync(context, cancel);
        if (read.Failed)
            return read.Failure.ToPage();
        var posted = new RequestForms.Posted(context.RequestServices, reference, caller, read.Value, name, cancel);
        if (read.Value.ContainsKey("preview") && form.Preview is not null)
        {
            var letter = await form.Preview(posted);
            return await PageAsync(context, reference, caller, new SentForm(name, posted.Values, letter.Failure, letter.Value), null, cancel);
        }
        return await form.Make(posted) is { } failure
            ? await PageAsync(context, reference, caller, new SentForm(name, posted.Values, failure), null, cancel)
            : Results.LocalRedirect($"{Root}/requests/{reference}?done={name}");
    }

    private static async Task<IResult> PageAsync(HttpContext context, string reference, StaffCaller caller, SentForm? sent, string? done, CancellationToken cancel)
    {
        var services = context.RequestServices;
        var read = await services.GetRequiredService<ReadRequest>().HandleAsync(reference, caller, cancel);
        if (read.Failed)
            return read.Failure.ToPage();
        var (detail, map, _) = read.Value;
        var agents = await services.GetRequiredService<StaffDirectory>().AgentsAsync(detail.Controller, cancel);
        var page = new RequestPageModel(detail, map, caller, agents, sent, done);
        if (detail.Status == RequestStatus.AwaitingDecision)
        {
            var answer = await services.GetRequiredService<PreviewAnswer>().HandleAsync(reference, caller, null, cancel);
            if (!answer.Failed)
                page = page with { AnswerPreview = answer.Value.Letter, OpenAt = answer.Value.OpenAt };
        }
        return Pages.Show<RequestPage, RequestPageModel>(page, sent?.Failure?.Status ?? StatusCodes.Status200OK);
    }
}
