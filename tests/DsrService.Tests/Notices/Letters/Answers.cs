using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Notices.Letters;
using DsrService.Notices.Templates;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Tests.DataMap;

namespace DsrService.Tests.Notices.Letters;

/// <summary>Answers of toontrack, from plan to letter, with receipts as its systems would send them.</summary>
internal static class Answers
{
    public static readonly DateOnly Today = new(2026, 11, 22);
    public static readonly DateTimeOffset Done = new(2026, 11, 21, 23, 30, 0, TimeSpan.Zero);

    public static ControllerDataMap Map => TestMaps.Toontrack;

    public static LetterContext Context(Right right) => new()
    {
        ControllerName = "Toontrack Music AB",
        ControllerContact = "privacy@toontrack.com",
        DataProtectionOfficer = "dpo@toontrack.example",
        AuthorityName = "Integritetsskyddsmyndigheten (IMY)",
        AuthorityWeb = "https://www.imy.se",
        Reference = "DSR-2026-7K3QX9PM",
        Right = right,
        ReceivedOn = new(2026, 11, 2),
        DueOn = new(2026, 12, 2),
        Texts = LetterSet.BuiltIn.In("en"),
        RecipientName = "Ada <b>Lind</b>",
        StatusPage = new("https://dsr.example/status"),
    };

    public static RequestPlan Plan(Right right, Func<PlanInput, PlanInput>? with = null)
    {
        var input = new PlanInput { Right = right, Today = Today, Identifiers = [new("email", true)] };
        return Planner.Plan(Map, with?.Invoke(input) ?? input);
    }

    /// <summary>Every step that acts, answered by <paramref name="item"/> for each category in its scope.</summary>
    public static List<StepResult> Results(RequestPlan plan, Func<PlanStep, ScopeItem, ReceiptItem> item) =>
    [
        .. plan.Steps.Where(step => step.Phase == StepPhase.Act).Select(step => new StepResult
        {
            Step = step.Key,
            Items = [.. step.Scope.Select(scope => item(step, scope))],
            ToldAt = Done.AddHours(-1),
            EndedAt = Done,
        }),
    ];

    public static ReceiptItem Erased(ScopeItem scope) => scope.Decision == ScopeDecision.Act
        ? new() { Category = scope.Category, Found = 2, Erased = scope.Category == "forum-posts" ? 0 : 2, Anonymised = scope.Category == "forum-posts" ? 2 : 0 }
        : new() { Category = scope.Category, Found = 3, Retained = 3, Reason = scope.Reason, Until = scope.Until!.Value.AddYears(-1), Handle = "h1" };

    public static AnswerFacts Facts(RequestPlan plan, IEnumerable<StepResult> results, string? remark = null, string language = "en") =>
        GatherAnswer.From(Map, plan, results, ["email", "customer-number", "email"], Today, LetterSet.BuiltIn.In(language).Words(underUkLaw: false), remark);

    public static Letter Letter(RequestPlan plan, IEnumerable<StepResult> results, string? remark = null, string language = "en") =>
        AnswerLetters.Write(Context(plan.Right) with { Texts = LetterSet.BuiltIn.In(language) }, Facts(plan, results, remark, language));
}
