using DsrService.Fulfilment;
using DsrService.Fulfilment.Desk;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Vendors;

/// <summary>What a vendor says of an item: a receipt, or the problem that stands in the way.</summary>
internal sealed record VendorAnswer(CompleteManualTask.Input? Receipt, string? Problem);

/// <summary>The vendor's form, read into an answer. What the words say and what the counts say must agree.</summary>
internal static class VendorForm
{
    public const string Done = "done";
    public const string NotFound = "not-found";
    public const string Problem = "exception";
    public const int LongestNote = 2000;

    public static Result<VendorAnswer> Read(AskedWork asked, IFormCollection form)
    {
        var errors = new Dictionary<string, string[]>();
        var outcome = form[CompletionForm.Outcome].ToString();
        var items = CompletionForm.Items(asked, form, errors);
        var note = form[CompletionForm.Messages].ToString().ReplaceLineEndings("\n").Trim();
        if (PlainText.Refusal(note, LongestNote, lines: true) is { } refusal)
            errors[CompletionForm.Messages] = [refusal];
        else if (outcome == Problem && note.Length == 0)
            errors[CompletionForm.Messages] = ["Say what stands in the way."];
        if (Contradiction(asked, outcome, items) is { } contradiction && errors.Count == 0)
            errors[CompletionForm.Outcome] = [contradiction];
        if (errors.Count > 0)
            return Failure.Invalid(errors);
        return outcome == Problem ? new VendorAnswer(null, note) : new VendorAnswer(new CompleteManualTask.Input
        {
            Outcome = outcome == NotFound ? ReceiptOutcome.NothingFound : items.Exists(item => item.Retained > 0) ? ReceiptOutcome.PartlyRetained : ReceiptOutcome.Completed,
            Items = items,
            Messages = note.Length == 0 ? [] : [note],
        }, null);
    }

    private static string? Contradiction(AskedWork asked, string outcome, List<ReceiptItem> items) => outcome switch
    {
        Done when items.Count == 0 && asked.Files is not null => "Hand over the files first, or say that you hold nothing.",
        Done when items.Count == 0 && asked.Counts.Count > 0 => "Say of how many records, or that you hold nothing.",
        Done => null,
        NotFound when items.Count > 0 => asked.Files is { Count: > 0 } ? "You handed over files: then it is done." : "You say that you hold nothing, and count records. Please mend one of the two.",
        NotFound => null,
        Problem when items.Exists(item => item.Handed == 0) => "You tell of a problem, and count records as done. Please mend one of the two; what was done already can stand in the note.",
        Problem => null,
        _ => "Choose what came of it.",
    };
}
