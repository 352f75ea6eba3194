using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Web.Parts;

namespace DsrService.Requests.Portal;

/// <summary>The portal's words for rights, statuses and outcomes: what people say, with the Regulation's article behind it.</summary>
internal static class PlainWords
{
    public static string TitleOf(Right right) => right switch
    {
        Right.Access => "See my data",
        Right.Rectification => "Correct my data",
        Right.Erasure => "Erase my data",
        Right.Restriction => "Keep my data, but do not use it",
        Right.Objection => "Object to a use of my data",
        _ => "Take my data with me",
    };

    public static string HintOf(Right right) => right switch
    {
        Right.Access => "A copy of what is held about you, where it comes from, what it is used for and who receives it.",
        Right.Rectification => "Have something put right that is wrong, or complete what is missing.",
        Right.Erasure => "Have your data erased. What the law requires to be kept is kept, and you are told what, why and until when.",
        Right.Restriction => "While a question about your data is open it is stored, and not used for anything else.",
        Right.Objection => "Advertising stops at once. For other uses your reasons are weighed.",
        _ => "The data you gave, in a form that another service can read.",
    };

    public static string ArticleOf(Right right) => right switch
    {
        Right.Access => "Right of access, Article 15 GDPR",
        Right.Rectification => "Right to rectification, Article 16 GDPR",
        Right.Erasure => "Right to erasure, Article 17 GDPR",
        Right.Restriction => "Right to restriction of processing, Article 18 GDPR",
        Right.Objection => "Right to object, Article 21 GDPR",
        _ => "Right to data portability, Article 20 GDPR",
    };

    public static IReadOnlyList<Option> OptionsOf(IEnumerable<Right> rights) =>
        [.. rights.Select(right => new Option(DsrJson.Kebab(right), TitleOf(right), HintOf(right)))];

    public static readonly IReadOnlyList<Option> Relations =
    [
        new("self", "About myself"),
        new("guardian", "About my child, or a person I am guardian of"),
        new("representative", "About somebody who asked me to act for them"),
    ];

    public static readonly IReadOnlyList<Option> TellWhenErased = [new("yes", "Write to me again when that is erased too")];

    public static readonly IReadOnlyList<Option> ErasureGrounds =
    [
        new("no-longer-necessary", "The data is not needed any more", "For example, you are no longer a customer."),
        new("consent-withdrawn", "I take my consent back"),
        new("objection", "I object to how it is used"),
        new("unlawful", "The data should never have been collected or used"),
        new("legal-duty", "A law says it must be erased"),
        new("child", "It was collected from a child by an online service", "Also if you were that child and are grown up now."),
        new("unknown", "I do not know", "Then we check every ground the law has."),
    ];

    public static readonly IReadOnlyList<Option> RestrictionGrounds =
    [
        new("accuracy-contested", "The data is wrong, and it has to be checked"),
        new("unlawful", "The data is used unlawfully, but I do not want it erased"),
        new("needed-for-claims", "It is no longer needed here, but I need it for a legal claim"),
        new("objection-pending", "I have objected, and it has to be decided who is right"),
        new("unknown", "I do not know", "Then a person looks whether the law gives you this."),
    ];

    public static string StatusOf(RequestStatus status) => status switch
    {
        RequestStatus.Received or RequestStatus.AwaitingIdentity => "Waiting for you to confirm it",
        RequestStatus.Planned => "Being looked at",
        RequestStatus.InProgress => "In progress",
        RequestStatus.AwaitingDecision => "The answer is being prepared",
        RequestStatus.Fulfilled => "Done",
        RequestStatus.PartlyFulfilled => "Done in part",
        RequestStatus.Refused => "Refused",
        RequestStatus.Withdrawn => "Taken back",
        _ => "Expired",
    };

    public static string ToneOf(RequestStatus status) => status switch
    {
        RequestStatus.Fulfilled or RequestStatus.PartlyFulfilled => "good",
        RequestStatus.Received or RequestStatus.AwaitingIdentity or RequestStatus.Expired => "warn",
        RequestStatus.Refused => "bad",
        RequestStatus.Withdrawn => "",
        _ => "info",
    };

    /// <summary>What comes next; null where nothing does.</summary>
    public static string? NextOf(RequestStatus status, string? waitingFor) => (status, waitingFor) switch
    {
        (RequestStatus.Received or RequestStatus.AwaitingIdentity, _) => "We wait until you open the link in our mail. Until then nothing can be done.",
        (RequestStatus.Planned, WaitingReasons.Questions) => "A person has to decide a question the law leaves to people.",
        (RequestStatus.Planned, _) => "A person checks what is going to be done before it is done.",
        (RequestStatus.InProgress, WaitingReasons.Package) => "Your data is being put together.",
        (RequestStatus.InProgress, _) => "The systems that hold your data are working on it.",
        (RequestStatus.AwaitingDecision, _) => "A person reads the answer before it is sent to you.",
        (RequestStatus.Expired, _) => "Nobody confirmed this request in time. A new link takes it up again.",
        _ => null,
    };

    public static (string Word, string Tone) Of(AnswerOutcome outcome) => outcome switch
    {
        AnswerOutcome.Handed => ("handed to you", "good"),
        AnswerOutcome.Erased => ("erased", "good"),
        AnswerOutcome.Anonymised => ("made anonymous", "good"),
        AnswerOutcome.Rectified => ("corrected", "good"),
        AnswerOutcome.Restricted => ("restricted", "good"),
        AnswerOutcome.Stopped => ("use stopped", "good"),
        AnswerOutcome.NothingFound => ("nothing found", ""),
        AnswerOutcome.Retained => ("kept", "warn"),
        AnswerOutcome.Refused => ("refused", "bad"),
        _ => ("not done", "bad"),
    };
}
