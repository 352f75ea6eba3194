using DsrService.Requests;
using DsrService.Requests.Desk;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Web;
using DsrService.Web.Parts;

namespace DsrService.Fulfilment.Desk;

/// <summary>Pages of tasks: for staff, and for owners of systems who see nothing but their tasks.</summary>
internal static class TaskPages
{
    private const string Task = "/desk/requests/{reference}/tasks/{task:guid}";

    public static void MapTaskPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/tasks", ListAsync).ForStaffPages(StaffRole.Agent, StaffRole.Auditor, StaffRole.SystemOwner);
        routes.MapGet(Task, (string reference, Guid task, string? done, StaffCaller caller, ReadTask read, CancellationToken cancel) =>
            ShowAsync(reference, task, caller, read, null, done, cancel)).ForStaffPages(StaffRole.Agent, StaffRole.Auditor, StaffRole.SystemOwner);
        routes.MapPost($"{Task}/complete", CompleteAsync).ForStaffPages(StaffRole.Agent, StaffRole.SystemOwner);
        routes.MapPost($"{Task}/files", async (string reference, Guid task, HttpContext context, StaffCaller caller, UploadFile upload, ReadTask read, CancellationToken cancel) =>
        {
            var stored = await upload.HandleAsync(context, reference, task, caller, cancel);
            return stored.Failed ? await ShowAsync(reference, task, caller, read, new SentForm("upload", new Dictionary<string, string>(), stored.Failure), null, cancel) : Back(reference, task, "upload");
        }).ForStaffPages(StaffRole.Agent, StaffRole.SystemOwner);
        routes.MapPost($"{Task}/retry", async (string reference, Guid task, HttpContext context, StaffCaller caller, RetryTask retry, ReadTask read, CancellationToken cancel) =>
            await MakeAsync(reference, task, "retry", context, caller, read, async _ => await retry.HandleAsync(reference, task, caller, cancel), cancel)).ForStaffPages(StaffRole.Agent);
        routes.MapPost($"{Task}/set-aside", async (string reference, Guid task, HttpContext context, StaffCaller caller, SetAsideTask setAside, ReadTask read, CancellationToken cancel) =>
            await MakeAsync(reference, task, "set-aside", context, caller, read, async form => await setAside.HandleAsync(reference, task, form["set-aside.reason"], caller, cancel), cancel)).ForStaffPages(StaffRole.Agent);
    }

    private static async Task<IResult> ListAsync(HttpRequest http, StaffCaller caller, ListTasks list, CancellationToken cancel)
    {
        var filter = TaskFilter.Parse(http.Query);
        if (filter.Failed)
            return ErrorPages.For(filter.Failure.Status, "The address of this list holds a filter that does not exist.");
        var found = await list.HandleAsync(caller, filter.Value, cancel);
        return found.Failed ? Results.LocalRedirect("/desk/tasks") : Pages.Show<TasksPage, TasksView>(new TasksView(filter.Value, found.Value));
    }

    private static async Task<IResult> CompleteAsync(string reference, Guid task, HttpContext context, StaffCaller caller, ReadTask read, CompleteManualTask complete, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var found = await read.HandleAsync(reference, task, caller, cancel);
        if (found.Failed)
            return found.Failure.ToPage();
        var values = Values(form.Value);
        var input = CompletionForm.Read(found.Value.Asked, form.Value);
        if (input.Failed)
            return Show(found.Value, new SentForm("complete", values, input.Failure), null);
        var completed = await complete.HandleAsync(reference, task, input.Value, caller, cancel);
        return completed.Failed ? Show(found.Value, new SentForm("complete", values, completed.Failure.ByField(input.Value.Items)), null) : Back(reference, task, "complete");
    }

    private static async Task<IResult> MakeAsync(string reference, Guid task, string name, HttpContext context, StaffCaller caller, ReadTask read,
        Func<IFormCollection, Task<Result<TaskOutput>>> make, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var made = await make(form.Value);
        if (!made.Failed)
            return Back(reference, made.Value.TaskId, name);
        var failure = made.Failure.Errors is null ? made.Failure : made.Failure with { Errors = made.Failure.Errors.ToDictionary(error => $"{name}.{error.Key}", error => error.Value) };
        return await ShowAsync(reference, task, caller, read, new SentForm(name, Values(form.Value), failure), null, cancel);
    }

    private static async Task<IResult> ShowAsync(string reference, Guid task, StaffCaller caller, ReadTask read, SentForm? sent, string? done, CancellationToken cancel)
    {
        var found = await read.HandleAsync(reference, task, caller, cancel);
        return found.Failed ? found.Failure.ToPage() : Show(found.Value, sent, done);
    }

    private static IResult Show(TaskDetail task, SentForm? sent, string? done) =>
        Pages.Show<TaskPage, TaskPageModel>(new TaskPageModel(task, sent, done), sent?.Failure?.Status ?? StatusCodes.Status200OK);

    private static IResult Back(string reference, Guid task, string done) => Results.LocalRedirect($"/desk/requests/{reference}/tasks/{task}?done={done}");

    private static Dictionary<string, string> Values(IFormCollection form) => form.ToDictionary(field => field.Key, field => field.Value.ToString());
}

internal sealed record TasksView(TaskFilter Filter, TaskList List)
{
    public string NextPage => "/desk/tasks" + QueryString.Create(new Dictionary<string, string?>
    {
        ["binding"] = Filter.Binding is { } binding ? DsrJson.Kebab(binding) : null,
        ["state"] = Filter.State is { } state ? DsrJson.Kebab(state) : null,
        ["cursor"] = List.Next,
    }.Where(pair => pair.Value is not null));
}

internal sealed record TaskPageModel(TaskDetail Detail, SentForm? Sent, string? Done)
{
    public FieldErrors Errors => Sent?.Failure?.Errors is { } errors ? new FieldErrors(errors) : FieldErrors.None;

    public string? Problem => Sent?.Failure is { Errors: null } failure ? failure.Message : null;

    public bool WasSent(string form) => Sent?.Move == form;

    public string? Value(string field) => Sent?.Values.GetValueOrDefault(field);

    public string Action(string form) => $"/desk/requests/{Detail.Reference}/tasks/{Detail.Task.TaskId}/{form}";

    public string SystemLabel => Detail.Map.System(Detail.Task.System).Label.English;

    public string CategoryLabel(string key) => Detail.Map.Categories.FirstOrDefault(category => category.Key == key)?.Label.English ?? key;

    public string KindLabel(string key) => Detail.Map.FindIdentifierKind(key)?.Label.English ?? key;

    public string At(DateTimeOffset instant) => DeskWords.At(Deadlines.RequestDeadline.Local(instant, Detail.Map.Controller));

    public string? DoneText => Done switch
    {
        "complete" => "Recorded. Thank you.",
        "upload" => "The file was taken in.",
        "retry" => "It is being tried again.",
        "set-aside" => IsAnswered ? "Set aside; the audit says why." : "Set aside; the letter will say so.",
        _ => null,
    };

    /// <summary>No letter about this task is still to come.</summary>
    public bool IsAnswered => !Detail.Status.IsOpen();

    public string AboutSetAside => !IsAnswered ? "The request goes on without this task. The letter tells the person so, with your reason."
        : Detail.Task.Action == TaskAction.Notify ? "Nobody tries it any more. The audit says why."
        : "Nobody tries it any more: you answer for it that nothing is restricted there. The audit says why.";
}
