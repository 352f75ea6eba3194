using DsrService.DataMap;
using DsrService.Notices.Templates;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Notices.Letters;

/// <summary>Sample data for previews: every placeholder of a message filled, what people write shown as ‹its name›.</summary>
internal static class LetterSamples
{
    private static readonly DateOnly Received = new(2026, 11, 2);
    private static readonly DateOnly Due = new(2026, 12, 2);
    private static readonly DateOnly Day = new(2026, 11, 21);
    private static readonly Uri Link = new("https://dsr.example/status?token=sample");

    public static LetterContext Context(LetterSet set, string language, bool uk, Right right = Right.Erasure) => new()
    {
        Texts = set.In(language),
        ControllerName = "Muster AB",
        ControllerContact = "privacy@muster.example",
        DataProtectionOfficer = "dpo@muster.example",
        AuthorityName = set.Authorities.Of(uk ? Authorities.Uk : "FR")!.Name.In(language),
        AuthorityWeb = set.Authorities.Of(uk ? Authorities.Uk : "FR")!.Web,
        OtherAuthorityName = "Integritetsskyddsmyndigheten (IMY)",
        OtherAuthorityWeb = "https://www.imy.se",
        Uk = uk,
        Reference = "DSR-2026-7K3QX9PM",
        Right = right,
        ReceivedOn = Received,
        DueOn = Due,
        RecipientName = "Ada Lind",
        StatusPage = new("https://dsr.example/status"),
    };

    /// <summary>The forms that a message can take, the fullest first.</summary>
    public static IReadOnlyList<Letter> Write(LetterMessage message, LetterSet set, string language, bool uk)
    {
        var context = Context(set, language, uk, RightOf(message));
        return [.. Models(message, context, context.Common()).Select(model => context.Write(message, model))];
    }

    private static IEnumerable<LetterModel> Models(LetterMessage message, LetterContext context, LetterModel common)
    {
        var words = context.Words;
        var (day, later) = (words.Day(Day), words.Day(Due.AddMonths(2)));
        IReadOnlyList<string> some = ["‹category A›", "‹category B›"];
        if (message.Model == typeof(AnswerModel))
            return Answers(message, context, common);
        if (message == LetterMessage.Acknowledgement)
            return [new AcknowledgementModel(common, Link.AbsoluteUri, false), new AcknowledgementModel(common, Link.AbsoluteUri, true)];
        if (message.Model == typeof(LinkModel))
            return [new LinkModel(common, Link.AbsoluteUri, false), new LinkModel(common, Link.AbsoluteUri, true)];
        if (message == LetterMessage.Refusal)
            return [.. Enum.GetValues<RefusalGround>().Select(ground => new RefusalModel(common, words.Of("refusalGrounds", ground), "‹explanation›", words.Of("remains.otherwise")))];
        LetterModel one = message.Name switch
        {
            "verification" => new VerificationModel(common, "‹doubts›", "‹needed›"),
            "clarification" => new ClarificationModel(common, "‹question›"),
            "fee" => new FeeModel(common, "‹reason›", "‹amount›", "‹basis›"),
            "extension" => new ExtensionModel(common, later, words.Of("extensionGrounds.complexity"), "‹reasons›"),
            "lifting" => new LiftingModel(common, later, "‹reason›", some),
            "recipient-notice" => new RecipientNoticeModel(common, "‹recipient›", words.Of("changes.erasure"), "‹subject›", some, day),
            "published-data" => new RecipientNoticeModel(common, "‹recipient›", words.Of("changes.erasure"), "‹subject›", some, day),
            "recipients-list" => new RecipientsListModel(common, Recipients(day)),
            "late" => new LateModel(common, "‹cause›", later),
            "breach" or "breach-report" => new BreachModel(common, "‹what›", day, some, "‹consequences›", "‹measures›", "‹advice›"),
            "uk-complaint" => new ComplaintModel(common, day, "‹subject›", "‹steps›", later),
            "vendor-items" => VendorItemsLetter.Model(words, common, new()
            {
                System = LocalText.Of("‹system›"),
                Items = [(TaskAction.Erase, Due), (TaskAction.Erase, Due.AddDays(4)), (TaskAction.Access, Due.AddDays(2))],
                Link = new("https://dsr.example/vendor?token=sample"),
                ExpiresOn = Day,
                Reminder = false,
            }),
            "kept-erased" => new KeptErasedModel(common, later, some),
            _ => common,
        };
        return message == LetterMessage.RecipientsList ? [one, new RecipientsListModel(common, [])] : [one];
    }

    private static IEnumerable<LetterModel> Answers(LetterMessage message, LetterContext context, LetterModel common)
    {
        var words = context.Words;
        var day = words.Day(Day);
        var done = new AnswerModel(common)
        {
            DoneOn = day,
            Complete = true,
            AnythingDone = true,
            Handed = [new("‹category A›", null, null, null, false), new("‹category B›", words.Reason("15-4-redacted"), null, null, false)],
            Erased = [new("‹category A›", null, null, null, false)],
            Anonymised = [new("‹category B›", null, null, null, false)],
            Rectified = [new("‹category A›", null, null, null, false)],
            Restricted = [new("‹category A›", null, null, null, false)],
            Stopped = [new("‹category A›", null, null, null, false)],
            Recipients = Recipients(day),
            Purposes = [new("‹purpose›", words.Of("legalBases.contract"), "‹category A›, ‹category B›", words.Of("storage.event", ("period", words.Of("units.years", ("number", words.Number(3)))), ("event", "‹event›")), words.Of("sources.provided"))],
            DisclosedTo = [new("‹recipient›", words.Of("roles.processor"), words.Country("US"), true, "‹safeguard›", words.Area)],
            CorrectedFields = ["‹field›"],
            HistoricRecords = ["‹record›"],
            StoppedPurposes = ["‹purpose›"],
            MarketingSuppressed = true,
            RestrictionCase = words.Reason("18-1-a"),
            Backups = [new("‹system›", words.Day(Day.AddDays(35)))],
        };
        var withheld = done with
        {
            Complete = false,
            AnythingWithheld = true,
            Remark = "‹remark›",
            Kept =
            [
                new("‹category C›", words.Reason("17-3-b"), "‹law›.", words.Day(new(2033, 12, 31)), false),
                new("‹category D›", words.Reason("17-3-e"), null, null, false),
            ],
            NotDone = [new("‹category E›", "‹reason›.", null, null, true), new("‹category F›", words.Reason("another-controller"), null, null, false)],
            AutomatedDecisions = ["‹automated decision›"],
            LookedForBy = "‹identifier›",
            NothingFoundAt = ["‹system›"],
        };
        var partly = withheld with { Partly = true, Late = true };
        var denied = withheld with
        {
            Denied = true,
            AnythingDone = false,
            Handed = [],
            Erased = [],
            Anonymised = [],
            Rectified = [],
            Restricted = [],
            Stopped = [],
            Recipients = [],
            CorrectedFields = [],
            HistoricRecords = [],
            StoppedPurposes = [],
            MarketingSuppressed = false,
            Backups = [],
        };
        var nothing = new AnswerModel(common) { NothingHeld = true, LookedForBy = "‹identifier›", NothingFoundAt = ["‹system›"], Remark = "‹remark›" };
        return message == LetterMessage.AccessNone ? [nothing]
            : message == LetterMessage.ObjectionRefused ? [denied]
            : message == LetterMessage.Objection ? [partly, done, nothing]
            : [partly, done, denied, nothing];
    }

    private static IReadOnlyList<ToldRecipient> Recipients(string day) => [new("‹recipient A›", day), new("‹recipient B›", null)];

    private static Right RightOf(LetterMessage message) => message.Name switch
    {
        "access" or "access-none" or "swiss-access" => Right.Access,
        "rectification" => Right.Rectification,
        "restriction" or "lifting" => Right.Restriction,
        "portability" => Right.Portability,
        "objection" or "objection-refused" => Right.Objection,
        _ => Right.Erasure,
    };
}
