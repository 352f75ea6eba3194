namespace DsrService.Notices.Letters;

/// <summary>A message that the service can write, and what its article demands of it: a template without that is refused.</summary>
/// <param name="Name">Of its template file.</param>
/// <param name="Code">Of the list of outgoing messages.</param>
/// <param name="Article">Why it holds what it must hold.</param>
/// <param name="Model">What fills its placeholders.</param>
/// <param name="Demands">Placeholders that every wording must use.</param>
internal sealed record LetterMessage(string Name, string Code, string Article, Type Model, IReadOnlyList<string> Demands)
{
    private static readonly string[] Sender = ["controller", "contact", "reference"];
    private static readonly string[] Remedy = [.. Sender, "authority", "authorityWeb", "uk"];
    private static readonly string[] Withheld = [.. Remedy, "receivedOn", "remark", "kept", "notDone"];

    public static readonly LetterMessage Acknowledgement = new("acknowledgement", "M1", "Art. 12(2)", typeof(AcknowledgementModel), [.. Sender, "receivedOn", "dueOn", "right", "link", "actsAtOnce"]);
    public static readonly LetterMessage IdentityLink = new("identity-link", "M1", "Art. 12(2)", typeof(LinkModel), [.. Sender, "link"]);
    public static readonly LetterMessage IdentityReminder = new("identity-reminder", "M1", "Art. 12(2)", typeof(LinkModel), [.. Sender, "link"]);
    public static readonly LetterMessage Withdrawal = new("withdrawal", "M1", "Art. 12(2)", typeof(LetterModel), Sender);
    public static readonly LetterMessage Verification = new("verification", "M2", "Art. 12(6)", typeof(VerificationModel), [.. Sender, "doubts", "needed"]);
    public static readonly LetterMessage Clarification = new("clarification", "M3", "recital 63", typeof(ClarificationModel), [.. Sender, "question", "dueOn", "uk"]);
    public static readonly LetterMessage Fee = new("fee", "M4", "Art. 12(5), 15(3)", typeof(FeeModel), [.. Remedy, "reason", "amount", "basis"]);
    public static readonly LetterMessage Extension = new("extension", "M5", "Art. 12(3)", typeof(ExtensionModel), [.. Remedy, "extendedTo", "ground", "reasons"]);
    public static readonly LetterMessage Refusal = new("refusal", "M6", "Art. 12(4)", typeof(RefusalModel), [.. Remedy, "ground", "explanation"]);
    public static readonly LetterMessage CannotIdentify = new("cannot-identify", "M8", "Art. 11(2), 12(2), 12(4)", typeof(LinkModel), [.. Remedy, "link"]);
    public static readonly LetterMessage Access = new("access", "M9", "Art. 15(1) and (2)", typeof(AnswerModel), [.. Withheld, "handed", "purposes", "disclosedTo", "automatedDecisions"]);
    public static readonly LetterMessage AccessNone = new("access-none", "M9n", "Art. 15(1)", typeof(AnswerModel), [.. Remedy, "remark", "lookedForBy"]);
    public static readonly LetterMessage Rectification = new("rectification", "M10", "Art. 16, 19", typeof(AnswerModel), [.. Withheld, "correctedFields", "historicRecords", "recipients"]);
    public static readonly LetterMessage Erasure = new("erasure", "M11", "Art. 17, 19, 12(4)", typeof(AnswerModel), [.. Withheld, "erased", "anonymised", "backups", "marketingSuppressed", "recipients"]);
    public static readonly LetterMessage Restriction = new("restriction", "M12", "Art. 18, 19", typeof(AnswerModel), [.. Withheld, "restricted", "restrictionCase", "doneOn", "recipients"]);
    public static readonly LetterMessage Lifting = new("lifting", "M13", "Art. 18(3)", typeof(LiftingModel), [.. Remedy, "liftedOn", "reason", "categories"]);
    public static readonly LetterMessage Portability = new("portability", "M14", "Art. 20", typeof(AnswerModel), [.. Withheld, "handed"]);
    public static readonly LetterMessage Objection = new("objection", "M15", "Art. 21", typeof(AnswerModel), [.. Withheld, "stoppedPurposes", "marketingSuppressed"]);
    public static readonly LetterMessage ObjectionRefused = new("objection-refused", "M16", "Art. 21(1), 12(4)", typeof(AnswerModel), Withheld);
    public static readonly LetterMessage RecipientNotice = new("recipient-notice", "M17", "Art. 19", typeof(RecipientNoticeModel), [.. Sender, "recipient", "change", "subject", "categories", "doneOn"]);
    public static readonly LetterMessage PublishedData = new("published-data", "M18", "Art. 17(2)", typeof(RecipientNoticeModel), [.. Sender, "recipient", "subject", "categories"]);
    public static readonly LetterMessage RecipientsList = new("recipients-list", "M19", "Art. 19", typeof(RecipientsListModel), [.. Sender, "recipients"]);
    public static readonly LetterMessage Late = new("late", "M20", "Art. 12(3)", typeof(LateModel), [.. Remedy, "dueOn", "cause", "expectedOn"]);
    public static readonly LetterMessage Breach = new("breach", "M21", "Art. 34(2)", typeof(BreachModel), [.. Remedy, "what", "categories", "consequences", "measures"]);
    public static readonly LetterMessage BreachReport = new("breach-report", "M21", "Art. 33(3)", typeof(BreachModel), [.. Sender, "what", "happenedOn", "categories", "consequences", "measures"]);
    public static readonly LetterMessage UkComplaint = new("uk-complaint", "M22", "DPA 2018 s. 164A", typeof(ComplaintModel), [.. Sender, "complaintOn", "steps", "outcomeBy", "authority", "authorityWeb"]);
    public static readonly LetterMessage SwissAccess = new("swiss-access", "M23", "Art. 25(2) FADP", typeof(AnswerModel), [.. Sender, "purposes", "disclosedTo", "automatedDecisions"]);
    public static readonly LetterMessage KeptErased = new("kept-erased", "M11", "Art. 17", typeof(KeptErasedModel), [.. Sender, "erasedOn", "categories"]);

    public static readonly LetterMessage VendorItems = new("vendor-items", "V1", "Art. 28(3)(e)", typeof(VendorItemsModel), ["controller", "contact", "system", "count", "items", "link", "expiresOn", "dueOn"]);

    public static IReadOnlyList<LetterMessage> All { get; } =
    [
        Acknowledgement, IdentityLink, IdentityReminder, Withdrawal, Verification, Clarification, Fee, Extension, Refusal, CannotIdentify, Access, AccessNone,
        Rectification, Erasure, Restriction, Lifting, Portability, Objection, ObjectionRefused, RecipientNotice, PublishedData, RecipientsList, Late, Breach,
        BreachReport, UkComplaint, SwissAccess, KeptErased, VendorItems,
    ];

    public static LetterMessage? Find(string name) => All.FirstOrDefault(message => message.Name == name);
}
