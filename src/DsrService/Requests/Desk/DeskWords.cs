using System.Globalization;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Desk;
using DsrService.Sdk.Contracts;

namespace DsrService.Requests.Desk;

/// <summary>How the desk's pages call things.</summary>
internal static class DeskWords
{
    public static string Of(Right right) => right switch
    {
        Right.Access => "Access",
        Right.Rectification => "Rectification",
        Right.Erasure => "Erasure",
        Right.Restriction => "Restriction",
        Right.Portability => "Portability",
        _ => "Objection",
    };

    public static string Of(RequestStatus status) => Sentence(DsrJson.Kebab(status));

    public static string Tone(RequestStatus status) => status switch
    {
        RequestStatus.Fulfilled => "good",
        RequestStatus.PartlyFulfilled or RequestStatus.Planned or RequestStatus.AwaitingDecision => "warn",
        RequestStatus.Refused or RequestStatus.Expired => "bad",
        RequestStatus.InProgress => "info",
        _ => "",
    };

    /// <summary>For whom or what the request waits.</summary>
    public static string? Waiting(string? code) => code switch
    {
        null => null,
        WaitingReasons.Identity => "the person to confirm the address",
        WaitingReasons.Questions => "answers to the plan's questions",
        WaitingReasons.Approval => "approval of the plan",
        WaitingReasons.Systems => "the systems to answer",
        WaitingReasons.Package => "the package to be put together",
        WaitingReasons.Answer => "review of the answer",
        _ => code.Replace('-', ' '),
    };

    public static string Of(TaskState state) => state == TaskState.SetAside ? "Set aside" : Sentence(DsrJson.Kebab(state));

    public static string Tone(TaskState state) => state switch
    {
        TaskState.Done or TaskState.Verified => "good",
        TaskState.Failed => "bad",
        TaskState.SetAside => "warn",
        TaskState.Sent or TaskState.Accepted => "info",
        _ => "",
    };

    public static string Of(TaskWaiting waiting) => waiting switch
    {
        TaskWaiting.System => "the system",
        TaskWaiting.Staff => "a person",
        TaskWaiting.EarlierTasks => "earlier tasks",
        TaskWaiting.NextAttempt => "the next attempt",
        TaskWaiting.ReleaseOfHold => "the release of the hold",
        TaskWaiting.Vendor => "the vendor",
        _ => "the start of the system",
    };

    public static string Action(TaskAction action, bool preview) => preview ? $"Preview: {Action(action).ToLowerInvariant()}" : Action(action);

    public static string Of(ReceiptOutcome outcome) => outcome switch
    {
        ReceiptOutcome.NothingFound => "Nothing found",
        ReceiptOutcome.PartlyRetained => "Partly retained",
        ReceiptOutcome.NotHeld => "Not held",
        _ => outcome.ToString(),
    };

    /// <summary>What an error code of a task means; one we do not know is shown as it is.</summary>
    public static string Error(string code) => code switch
    {
        TaskErrors.NoIdentifier => "nothing known leads to the person there",
        TaskErrors.NotVerified => "asked again, it still held records",
        TaskErrors.NothingToLift => "it found nothing of what it had restricted: it may know the person by another name now",
        TaskErrors.StillRestricted => "it keeps some of it restricted",
        TaskErrors.Refused => "the system refused",
        "connector.circuit_open" => "the system failed too often and is left alone for a while",
        TaskErrors.NoPreview => "no preview was given",
        "connector.no_credentials" => "it has no credentials that can be read: system add gives some",
        "connector.http_401" or "connector.http_403" => $"it did not accept our signature ({code[^3..]}): its webhook secret may be another",
        "connector.http_404" => "nothing takes tasks at its address (404)",
        _ => code,
    };

    /// <summary>A kebab-case code as the beginning of a sentence.</summary>
    public static string Sentence(string code) => code.Length == 0 ? "" : char.ToUpperInvariant(code[0]) + code[1..].Replace('-', ' ');

    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string At(DateTimeOffset local) => local.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Such as "10 erased, 2 kept"; of a preview "10 to erase, 2 to keep".</summary>
    public static string Counts(ReceiptItem item, bool preview = false)
    {
        var parts = new[]
        {
            (item.Handed, "handed over", "to hand over"), (item.Erased, "erased", "to erase"), (item.Anonymised, "anonymised", "to anonymise"),
            (item.Rectified, "corrected", "to correct"), (item.Restricted, "restricted", "to restrict"), (item.Stopped, "stopped", "to stop"),
            (item.Retained, "kept", "to keep"),
        }.Where(part => part.Item1 > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Item1} {(preview ? part.Item3 : part.Item2)}")).ToList();
        return parts.Count > 0 ? string.Join(", ", parts) : item.Found == 0 ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{item.Found} found");
    }

    public static string Of(RefusalGround ground) => ground switch
    {
        RefusalGround.IdentityNotConfirmed => "Identity not confirmed",
        RefusalGround.Unfounded => "Manifestly unfounded (Art. 12(5))",
        RefusalGround.Excessive => "Excessive (Art. 12(5))",
        RefusalGround.NotApplicable => "The right does not apply",
        RefusalGround.Exempt => "Exempt by law",
        RefusalGround.NotTheController => "We are not the controller",
        _ => "Restricted by law (Art. 23)",
    };

    private static string Action(TaskAction action) => action switch
    {
        TaskAction.Locate => "Look up",
        TaskAction.Access => "Hand over a copy",
        TaskAction.Export => "Export",
        TaskAction.StopProcessing => "Stop processing",
        TaskAction.ResumeProcessing => "Resume processing",
        TaskAction.LiftRestriction => "Lift restriction",
        TaskAction.Preserve => "Preserve until the answer",
        TaskAction.Release => "End the preservation",
        TaskAction.Notify => "Tell the recipient",
        TaskAction.Verify => "Ask again",
        _ => action.ToString(),
    };
}
