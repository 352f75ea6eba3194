namespace DsrService.Notices.Letters;

/// <summary>What every message can hold. The properties are the placeholders of the templates; each is text in the language of
/// the letter already, a yes or no, or a list.</summary>
internal record LetterModel
{
    public string Controller { get; init; } = "";
    public string Contact { get; init; } = "";
    public string? Officer { get; init; }

    /// <summary>The person's name, where it is known.</summary>
    public string? Name { get; init; }
    public string Reference { get; init; } = "";

    /// <summary>The right as it was understood, with its article.</summary>
    public string Right { get; init; } = "";

    /// <summary>A sentence: what was asked for, and when.</summary>
    public string Asked { get; init; } = "";
    public string ReceivedOn { get; init; } = "";
    public string DueOn { get; init; } = "";
    public string StatusPage { get; init; } = "";

    /// <summary>What the law is called: GDPR or UK GDPR, in the words of the language.</summary>
    public string Gdpr { get; init; } = "";

    /// <summary>Whether the UK GDPR applies and not that of the Union.</summary>
    public bool Uk { get; init; }

    /// <summary>The supervisory authority of the person's country.</summary>
    public string Authority { get; init; } = "";
    public string AuthorityWeb { get; init; } = "";

    /// <summary>The controller's own authority, where that is another one.</summary>
    public string? OtherAuthority { get; init; }
    public string? OtherAuthorityWeb { get; init; }
}

internal sealed record AcknowledgementModel(LetterModel Common, string Link, bool ActsAtOnce) : LetterModel(Common);

internal sealed record LinkModel(LetterModel Common, string Link, bool Confirmed) : LetterModel(Common);

/// <param name="Common">What every message can hold.</param>
/// <param name="Doubts">Why there are reasonable doubts (Art. 12(6)).</param>
/// <param name="Needed">The least that would settle them.</param>
internal sealed record VerificationModel(LetterModel Common, string Doubts, string Needed) : LetterModel(Common);

internal sealed record ClarificationModel(LetterModel Common, string Question) : LetterModel(Common);

internal sealed record FeeModel(LetterModel Common, string Reason, string Amount, string Basis) : LetterModel(Common);

internal sealed record ExtensionModel(LetterModel Common, string ExtendedTo, string Ground, string Reasons) : LetterModel(Common);

internal sealed record RefusalModel(LetterModel Common, string Ground, string Explanation, string Remains) : LetterModel(Common);

internal sealed record LiftingModel(LetterModel Common, string LiftedOn, string Reason, IReadOnlyList<string> Categories) : LetterModel(Common);

/// <param name="Common">What every message can hold.</param>
/// <param name="Recipient">Who is told.</param>
/// <param name="Change">What was done to the data.</param>
/// <param name="Subject">Whose data it is, as briefly as the recipient needs it.</param>
/// <param name="Categories">Which data.</param>
/// <param name="DoneOn">When.</param>
internal sealed record RecipientNoticeModel(LetterModel Common, string Recipient, string Change, string Subject, IReadOnlyList<string> Categories, string DoneOn) : LetterModel(Common);

internal sealed record RecipientsListModel(LetterModel Common, IReadOnlyList<ToldRecipient> Recipients) : LetterModel(Common);

/// <param name="Common">What every message can hold.</param>
/// <param name="Cause">Why it is late.</param>
/// <param name="ExpectedOn">When the answer will be there.</param>
internal sealed record LateModel(LetterModel Common, string Cause, string ExpectedOn) : LetterModel(Common);

internal sealed record KeptErasedModel(LetterModel Common, string ErasedOn, IReadOnlyList<string> Categories) : LetterModel(Common);

/// <param name="Common">What every message can hold; the due date is that of the first item.</param>
/// <param name="System">Of what the vendor takes care.</param>
/// <param name="Count">How many items wait.</param>
/// <param name="Items">The same by what is asked.</param>
/// <param name="Link">Where they are seen and answered.</param>
/// <param name="ExpiresOn">The link's last day.</param>
/// <param name="Reminder">Nothing of it is new.</param>
internal sealed record VendorItemsModel(LetterModel Common, string System, string Count, IReadOnlyList<VendorLine> Items, string Link, string ExpiresOn, bool Reminder) : LetterModel(Common);

internal sealed record VendorLine(string What, string Number, string DueOn);

/// <summary>Art. 33(3) and 34(2).</summary>
internal sealed record BreachModel(LetterModel Common, string What, string HappenedOn, IReadOnlyList<string> Categories, string Consequences, string Measures, string Advice) : LetterModel(Common);

/// <summary>DPA 2018 s. 164A.</summary>
internal sealed record ComplaintModel(LetterModel Common, string ComplaintOn, string Subject, string Steps, string OutcomeBy) : LetterModel(Common);

internal sealed record ToldRecipient(string Name, string? ToldOn);

/// <summary>What an answer to any right can hold.</summary>
internal sealed record AnswerModel(LetterModel Common) : LetterModel(Common)
{
    /// <summary>All of it was done.</summary>
    public bool Complete { get; init; }

    /// <summary>Something was done and something withheld.</summary>
    public bool Partly { get; init; }

    /// <summary>Something was withheld and nothing done.</summary>
    public bool Denied { get; init; }

    /// <summary>There is nothing.</summary>
    public bool NothingHeld { get; init; }
    public bool AnythingDone { get; init; }
    public bool AnythingWithheld { get; init; }

    /// <summary>The answer goes out after the day on which it was due.</summary>
    public bool Late { get; init; }
    public string DoneOn { get; init; } = "";
    public string? Remark { get; init; }
    public IReadOnlyList<Fate> Handed { get; init; } = [];
    public IReadOnlyList<Fate> Erased { get; init; } = [];
    public IReadOnlyList<Fate> Anonymised { get; init; } = [];
    public IReadOnlyList<Fate> Rectified { get; init; } = [];
    public IReadOnlyList<Fate> Restricted { get; init; } = [];
    public IReadOnlyList<Fate> Stopped { get; init; } = [];
    public IReadOnlyList<Fate> Kept { get; init; } = [];

    /// <summary>Refused or set aside.</summary>
    public IReadOnlyList<Fate> NotDone { get; init; } = [];
    public IReadOnlyList<ToldRecipient> Recipients { get; init; } = [];
    public string? LookedForBy { get; init; }
    public IReadOnlyList<string> NothingFoundAt { get; init; } = [];
    public IReadOnlyList<PurposeOfAnswer> Purposes { get; init; } = [];
    public IReadOnlyList<Disclosure> DisclosedTo { get; init; } = [];
    public IReadOnlyList<string> AutomatedDecisions { get; init; } = [];
    public IReadOnlyList<string> CorrectedFields { get; init; } = [];
    public IReadOnlyList<string> HistoricRecords { get; init; } = [];
    public IReadOnlyList<string> StoppedPurposes { get; init; } = [];
    public bool MarketingSuppressed { get; init; }
    public string? RestrictionCase { get; init; }
    public IReadOnlyList<BackupLine> Backups { get; init; } = [];
}

/// <summary>What became of one or several categories.</summary>
internal sealed record Fate(string What, string? Reason, string? Law, string? Until, bool SetAside)
{
    public bool Details => SetAside || Reason is not null || Law is not null || Until is not null;
}

internal sealed record Disclosure(string Name, string Role, string Country, bool Outside, string? Safeguard, string Area);

internal sealed record BackupLine(string System, string GoneBy);
