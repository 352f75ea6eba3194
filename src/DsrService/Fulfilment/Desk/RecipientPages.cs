using System.Globalization;
using DsrService.DataMap;
using DsrService.Requests.Desk;
using DsrService.Staff;
using DsrService.Web;
using DsrService.Web.Parts;

namespace DsrService.Fulfilment.Desk;

/// <summary>The ledger of recipients (Art. 19), over the API and as pages.</summary>
internal static class RecipientPages
{
    public static void MapRecipientRoutes(this IEndpointRouteBuilder api)
    {
        api.MapGet("/requests/{reference}/recipients", async (string reference, StaffCaller caller, ListRecipients list, CancellationToken cancel) =>
        {
            var found = await list.HandleAsync(reference, caller, cancel);
            return (found.Failed ? found.Failure : Result<IReadOnlyList<RecipientEntry>>.Of(found.Value.Entries)).ToHttp();
        }).ForStaff(StaffRole.Agent, StaffRole.Auditor);
        api.MapPost("/requests/{reference}/recipients/{recipient}/answer", async (string reference, string recipient, HttpRequest http, StaffCaller caller, RecordRecipientAnswer operation, CancellationToken cancel) =>
        {
            var input = await JsonBody.ReadAsync<RecordRecipientAnswer.Input>(http, StaffMoves.LargestBody, cancel);
            return input.Failed ? input.Failure.ToProblem() : (await operation.HandleAsync(reference, recipient, caller, input.Value, cancel)).ToHttp();
        }).ForStaff(StaffRole.Agent);
        api.MapGet("/recipients", async (StaffCaller caller, ListRecipients list, CancellationToken cancel) =>
            Result<IReadOnlyList<RecipientSummary>>.Of(await list.AcrossAsync(caller, cancel)).ToHttp()).ForStaff(StaffRole.Agent, StaffRole.Auditor);
        api.MapGet("/recipients/{controller}/{recipient}", async (string controller, string recipient, StaffCaller caller, ListRecipients list, CancellationToken cancel) =>
        {
            var found = await list.OfRecipientAsync(controller, recipient, caller, cancel);
            return (found.Failed ? found.Failure : Result<IReadOnlyList<RecipientEntry>>.Of(found.Value.Entries)).ToHttp();
        }).ForStaff(StaffRole.Agent, StaffRole.Auditor);
    }

    public static void MapRecipientPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/requests/{reference}/recipients", (string reference, string? done, StaffCaller caller, ListRecipients list, CancellationToken cancel) =>
            ShowAsync(reference, caller, list, null, done, cancel)).ForStaffPages(StaffRole.Agent, StaffRole.Auditor);
        routes.MapPost("/desk/requests/{reference}/recipients/{recipient}/answer", RecordAsync).ForStaffPages(StaffRole.Agent);
        routes.MapGet("/desk/recipients", async (StaffCaller caller, ListRecipients list, CancellationToken cancel) =>
            Pages.Show<RecipientListPage, RecipientListView>(new(await list.AcrossAsync(caller, cancel)))).ForStaffPages(StaffRole.Agent, StaffRole.Auditor);
        routes.MapGet("/desk/recipients/{controller}/{recipient}", async (string controller, string recipient, StaffCaller caller, ListRecipients list, CancellationToken cancel) =>
        {
            var found = await list.OfRecipientAsync(controller, recipient, caller, cancel);
            return found.Failed ? found.Failure.ToPage()
                : Pages.Show<RecipientsPage, RecipientsView>(new(found.Value.Recipient.Name, "All recipients", "/desk/recipients", found.Value.Map, found.Value.Entries, Across: true));
        }).ForStaffPages(StaffRole.Agent, StaffRole.Auditor);
    }

    private static async Task<IResult> RecordAsync(string reference, string recipient, HttpContext context, StaffCaller caller, RecordRecipientAnswer operation, ListRecipients list, CancellationToken cancel)
    {
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        DateOnly? on = DateOnly.TryParseExact(form.Value[$"{recipient}.answeredOn"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
        var recorded = await operation.HandleAsync(reference, recipient, caller, new(form.Value[$"{recipient}.answer"], on, form.Value[$"{recipient}.note"]), cancel);
        if (!recorded.Failed)
            return Results.LocalRedirect($"/desk/requests/{reference}/recipients?done={recipient}");
        var failure = recorded.Failure.Errors is null ? recorded.Failure : recorded.Failure with { Errors = recorded.Failure.Errors.ToDictionary(error => $"{recipient}.{error.Key}", error => error.Value) };
        return failure.Status == StatusCodes.Status404NotFound ? failure.ToPage()
            : await ShowAsync(reference, caller, list, new SentForm(recipient, form.Value.ToDictionary(field => field.Key, field => field.Value.ToString()), failure), null, cancel);
    }

    private static async Task<IResult> ShowAsync(string reference, StaffCaller caller, ListRecipients list, SentForm? sent, string? done, CancellationToken cancel)
    {
        var found = await list.HandleAsync(reference, caller, cancel);
        return found.Failed ? found.Failure.ToPage()
            : Pages.Show<RecipientsPage, RecipientsView>(new("Recipients", $"{DeskWords.Of(found.Value.Right)} {reference}", $"/desk/requests/{reference}", found.Value.Map, found.Value.Entries, Across: false)
            {
                MayRecord = found.Value.MayRecord,
                Sent = sent,
                Done = sent is null ? done : null,
            }, sent?.Failure?.Status ?? StatusCodes.Status200OK);
    }

    public static string Word(RecipientState state) => state switch
    {
        RecipientState.NotYet => "Not told yet",
        RecipientState.Told => "Told",
        RecipientState.Silent => "Silent",
        RecipientState.Answered => "Answered",
        RecipientState.AnsweredLate => "Answered late",
        RecipientState.Refused => "Refused",
        RecipientState.NotReached => "Not reached",
        _ => "Set aside",
    };

    public static string Tone(RecipientState state) => state switch
    {
        RecipientState.Answered => "good",
        RecipientState.AnsweredLate or RecipientState.SetAside or RecipientState.Silent => "warn",
        RecipientState.Refused or RecipientState.NotReached => "bad",
        RecipientState.Told => "info",
        _ => "",
    };

    public static string Way(RecipientEntry entry) => entry.Way switch
    {
        RecipientWay.Mail => "By mail",
        RecipientWay.ByHand => "By a person",
        _ => "By its system",
    };
}

internal sealed record RecipientListView(IReadOnlyList<RecipientSummary> Recipients);

/// <param name="Title">Whose ledger it is.</param>
/// <param name="From">Where the reader comes from, in words.</param>
/// <param name="Back">The same as an address.</param>
/// <param name="Map">By which things are called.</param>
/// <param name="Entries">The ledger.</param>
/// <param name="Across">One recipient's requests, and not one request's recipients.</param>
internal sealed record RecipientsView(string Title, string From, string Back, ControllerDataMap Map, IReadOnlyList<RecipientEntry> Entries, bool Across)
{
    /// <summary>Whether the reader may put on record what those said who were written to.</summary>
    public bool MayRecord { get; init; }

    /// <summary>The form of one recipient that came back.</summary>
    public SentForm? Sent { get; init; }

    /// <summary>The recipient whose answer was just put on record.</summary>
    public string? Done { get; init; }

    public static IReadOnlyList<Option> Answers { get; } =
    [
        new("", "Choose"), new("completed", "It did the same"), new("nothing-found", "It holds nothing"), new("refused", "It refused"), new("impossible", "It cannot be told"),
    ];

    public FieldErrors Errors => Sent?.Failure?.Errors is { } errors ? new(errors) : FieldErrors.None;

    public SentForm? SentFor(string recipient) => Sent?.Move == recipient ? Sent : null;

    public string? DoneText => Entries.FirstOrDefault(entry => entry.Recipient == Done) is { } entry ? $"Put on record: the answer of {entry.Name}." : null;

    public string At(DateTimeOffset instant) => DeskWords.At(Deadlines.RequestDeadline.Local(instant, Map.Controller));

    public string Data(RecipientEntry entry) => entry.Categories.Count == 0 ? "–"
        : string.Join(", ", entry.Categories.Distinct().Select(key => Map.Categories.FirstOrDefault(category => category.Key == key)?.Label.English ?? key));

    public static string? Said(RecipientEntry entry) => entry.Outcome is null ? null
        : string.Join("; ", entry.Items.Select(item => DeskWords.Counts(item)).Where(text => text != "nothing").Prepend(DeskWords.Of(entry.Outcome.Value)));
}
