using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Tests.Applicability.Rules;

/// <summary>Rows of a data map and facts of a case for tests of the rules.</summary>
internal static class Rows
{
    public static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly MonthDay YearEnd = new(12, 31);

    public static ProcessingActivity Of(LegalBasis basis, bool ends = false) => new()
    {
        Key = "row",
        Purpose = LocalText.Of("To test"),
        LegalBasis = basis,
        Obligation = basis == LegalBasis.LegalObligation ? "Test Act, section 1" : null,
        Reading = Reading.Policy,
        System = "system",
        Categories = ["category"],
        Retention = new() { Period = new(0, 0, 30), Start = RetentionStart.Recorded },
        Source = DataSource.Provided,
        EndsOnErasure = ends,
        NecessaryReason = LocalText.Of("because"),
    };

    public static CaseFacts Facts(Right right) => new() { Right = right, Today = Today };

    public static CaseFacts Erasure(params ErasureGround[] grounds) => Facts(Right.Erasure) with { ErasureGrounds = grounds };

    public static RowDecision Decide(ProcessingActivity row, CaseFacts facts) => RowRules.Decide(row, YearEnd, facts)!;

    public static RowDecision Answer(ProcessingActivity row, CaseFacts facts, QuestionAnswer answer) =>
        Decide(row, Answered(facts, Decide(row, facts), answer));

    public static CaseFacts Answered(CaseFacts facts, RowDecision asked, QuestionAnswer answer) =>
        facts with { Answers = new Dictionary<string, QuestionAnswer>(facts.Answers) { [asked.Question!.Key] = answer } };
}
