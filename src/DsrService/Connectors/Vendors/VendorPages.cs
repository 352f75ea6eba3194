using DsrService.DataMap;
using DsrService.Fulfilment.Desk;
using DsrService.Requests.Desk;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using DsrService.Web.Parts;

namespace DsrService.Connectors.Vendors;

/// <summary>The portal's pages for vendors. Opening a page changes nothing, since mail scanners open links; the first one says
/// nothing of whose data it is. Each page asks anew whether the link still holds.</summary>
internal static class VendorPages
{
    private const string List = "/vendor";
    private const string One = "/vendor/items/{task:guid}";

    public static void MapVendorPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").RequireRateLimiting(RateLimits.Tokens);
        pages.MapGet(List, async (string? token, string? done, FindVendor find, ListVendorItems list, CancellationToken cancel) =>
        {
            var vendor = await find.HandleAsync(token, cancel);
            return vendor.Failed ? vendor.Failure.ToPage() : await ListAsync(vendor.Value, token!, list, null, done, cancel);
        });
        pages.MapGet(One, async (Guid task, string? token, string? done, FindVendor find, ReadVendorItem read, CancellationToken cancel) =>
        {
            var vendor = await find.HandleAsync(token, cancel);
            return vendor.Failed ? vendor.Failure.ToPage() : await ShowAsync(vendor.Value, token!, task, read, null, done, cancel);
        });
        pages.MapPost(One, AnswerAsync);
        pages.MapPost($"{One}/files", async (Guid task, string? token, HttpContext context, FindVendor find, ReadVendorItem read, ReceiveForm receive, CancellationToken cancel) =>
        {
            var vendor = await find.HandleAsync(token, cancel);
            var item = vendor.Failed ? vendor.Failure : await read.HandleAsync(vendor.Value, task, cancel);
            if (vendor.Failed || item.Failed || item.Value.Asked.Files is null)
                return (vendor.Failure ?? item.Failure ?? Failure.NotFound()).ToPage();
            return await receive.HandleAsync(context, vendor.Value.Controller.Key, vendor.Value.System.Key, task, cancel) is { } failure
                ? Show(vendor.Value, token!, item.Value, new SentForm("upload", new Dictionary<string, string>(), failure), null)
                : Results.LocalRedirect($"{Address(task, token!)}&done=upload");
        });
    }

    private static async Task<IResult> AnswerAsync(Guid task, string? token, HttpContext context, FindVendor find, ReadVendorItem read, ListVendorItems list, AnswerVendorItem answer, CancellationToken cancel)
    {
        var vendor = await find.HandleAsync(token, cancel);
        if (vendor.Failed)
            return vendor.Failure.ToPage();
        var form = await FormBody.ReadAsync(context, cancel);
        if (form.Failed)
            return form.Failure.ToPage();
        var asked = await read.AskedAsync(vendor.Value, task, cancel);
        if (asked.Failed)
            return asked.Failure.ToPage();
        var said = VendorForm.Read(asked.Value, form.Value);
        var result = said.Failed ? said.Failure : await answer.HandleAsync(vendor.Value, task, said.Value, cancel);
        if (!result.Failed)
            return Results.LocalRedirect($"{List}?token={Uri.EscapeDataString(token!)}&done={(said.Value!.Problem is null ? "answer" : "problem")}");
        var failure = said.Failed ? result.Failure : Meant(result.Failure, vendor.Value).ByField(said.Value.Receipt?.Items ?? []);
        var sent = new SentForm("complete", form.Value.ToDictionary(field => field.Key, field => field.Value.ToString()), failure);
        var item = await read.HandleAsync(vendor.Value, task, cancel);
        // Closed meanwhile: what was typed is shown once more, and nothing of whose data it is.
        return item.Failed ? await ListAsync(vendor.Value, token!, list, sent, null, cancel) : Show(vendor.Value, token!, item.Value, sent, null);
    }

    private static Failure Meant(Failure failure, VendorCaller vendor) => failure.Code is "receipt.contradicts_earlier" or "task.has_ended"
        ? failure with { Message = $"We have another answer for this item already, so yours was not recorded. If the earlier one is wrong, write to {vendor.Controller.Contact}." }
        : failure;

    private static async Task<IResult> ListAsync(VendorCaller vendor, string token, ListVendorItems list, SentForm? sent, string? done, CancellationToken cancel) =>
        Pages.Show<VendorListPage, VendorListView>(new(vendor, token, await list.HandleAsync(vendor, cancel), sent, done), sent?.Failure?.Status ?? StatusCodes.Status200OK);

    private static async Task<IResult> ShowAsync(VendorCaller vendor, string token, Guid task, ReadVendorItem read, SentForm? sent, string? done, CancellationToken cancel)
    {
        var item = await read.HandleAsync(vendor, task, cancel);
        return item.Failed ? ErrorPages.For(StatusCodes.Status404NotFound, "This item is closed, or does not wait for you. Go back to your list to see what does.") : Show(vendor, token, item.Value, sent, done);
    }

    private static IResult Show(VendorCaller vendor, string token, VendorItem item, SentForm? sent, string? done) =>
        Pages.Show<VendorItemPage, VendorItemView>(new(vendor, token, item, sent, done), sent?.Failure?.Status ?? StatusCodes.Status200OK);

    public static string Address(Guid task, string token) => $"/vendor/items/{task}?token={Uri.EscapeDataString(token)}";

    public static string Asked(TaskAction action) => action switch
    {
        TaskAction.Locate => "Look up what you hold",
        TaskAction.Access => "Hand over a copy of the data",
        TaskAction.Export => "Hand over the data in a portable form",
        TaskAction.Erase => "Erase the data",
        TaskAction.Rectify => "Correct the data",
        TaskAction.Restrict => "Restrict the processing",
        TaskAction.LiftRestriction => "End the restriction",
        TaskAction.StopProcessing => "Stop the processing",
        TaskAction.ResumeProcessing => "Take up the processing again",
        TaskAction.Preserve => "Preserve the data until the answer",
        TaskAction.Release => "End the preservation",
        TaskAction.Verify => "Say what you still hold",
        _ => "Take note of the change",
    };
}

/// <summary>What every page for a vendor stands in.</summary>
internal sealed record VendorFrameView(ControllerFacts Controller, string Home);

internal sealed record VendorListView(VendorCaller Vendor, string Token, IReadOnlyList<ListVendorItems.Item> Items, SentForm? Sent, string? Done)
{
    public VendorFrameView Frame => new(Vendor.Controller, $"/vendor?token={Uri.EscapeDataString(Token)}");

    public string? DoneText => Sent is not null ? null : Done switch
    {
        "answer" => "Recorded. Thank you.",
        "problem" => "Passed on to a person, who will see to it. Thank you.",
        _ => null,
    };

    /// <summary>What was typed into a form that was refused.</summary>
    public string? Note => Sent?.Values.GetValueOrDefault(CompletionForm.Messages) is { Length: > 0 } note ? note : null;
}

internal sealed record VendorItemView(VendorCaller Vendor, string Token, VendorItem Item, SentForm? Sent, string? Done)
{
    public VendorFrameView Frame => new(Vendor.Controller, $"/vendor?token={Uri.EscapeDataString(Token)}");

    public FieldErrors Errors => Sent?.Failure?.Errors is { } errors ? new(errors) : FieldErrors.None;

    public string? Problem => Sent?.Failure is { Errors: null } failure ? failure.Message : null;

    public string? Value(string field) => Sent?.Values.GetValueOrDefault(field);

    public CountsView Counts => new(Item.Asked, Item.CategoryLabel, Value);

    public string Action(string form) => $"/vendor/items/{Item.Sent.TaskId}{form}?token={Uri.EscapeDataString(Token)}";
}
