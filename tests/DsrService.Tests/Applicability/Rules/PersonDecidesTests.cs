using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Tests.Applicability.Rules;

/// <summary>What only a person may decide is asked, in words that name the purpose, and both answers have their end.</summary>
internal sealed class PersonDecidesTests
{
    [TestCaseSource(nameof(Questions))]
    public void Decide_OnlyAPersonMay_AsksAndBothAnswersEnd(ProcessingActivity row, CaseFacts facts, string article, string granted, string denied)
    {
        var asked = Rows.Decide(row, facts);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((asked.Decision, asked.Article), Is.EqualTo((Decision.Human, article)));
            Assert.That(asked.Question!.Text, Does.EndWith("?"));
            Assert.That(Rows.Answer(row, facts, QuestionAnswer.Grant) is { Decision: Decision.Grant, Reason: var yes } && yes == granted, Is.True);
            Assert.That(Rows.Answer(row, facts, QuestionAnswer.Deny) is { Decision: Decision.Deny, Reason: var no } && no == denied, Is.True);
            Assert.That(Rows.Answer(row, facts, QuestionAnswer.Deny).Answered, Is.EqualTo(asked.Question.Key));
        }
    }

    private static IEnumerable<TestCaseData> Questions()
    {
        var interests = Rows.Of(LegalBasis.LegitimateInterests);
        var consent = Rows.Of(LegalBasis.Consent);
        yield return Case("15(4)", interests with { OthersData = OthersData.Review }, Rows.Facts(Right.Access), "15-1", "15-4");
        yield return Case("23(1)", interests with { RestrictedBy = "Secrecy Act, section 1" }, Rows.Facts(Right.Access), "15-1", "23");
        yield return Case("17(3)(a)", consent with { PurposeKind = PurposeKind.Expression }, Rows.Erasure(ErasureGround.ConsentWithdrawn), "17-1-a", "17-3-a");
        yield return Case("17(3)(c)", interests with { PurposeKind = PurposeKind.PublicHealth }, Rows.Erasure(ErasureGround.Unlawful), "17-1-a", "17-3-c");
        yield return Case("17(3)(d)", consent with { PurposeKind = PurposeKind.ResearchStatistics }, Rows.Erasure(), "17-1-a", "17-3-d");
        yield return Case("17(3)(d)", interests with { PurposeKind = PurposeKind.ArchivingPublicInterest }, Rows.Erasure(ErasureGround.Objection), "17-1-a", "17-3-d");
        yield return Case("17(3)(e)", interests with { PurposeKind = PurposeKind.LegalClaims }, Rows.Erasure(ErasureGround.Objection), "17-1-a", "17-3-e");
        yield return Case("17(1)(b)", consent with { Location = DataLocation.Model }, Rows.Erasure(ErasureGround.ConsentWithdrawn), "17-1-b", "model");
        yield return Case("20(4)", consent with { OthersData = OthersData.Review }, Rows.Facts(Right.Portability), "20-1", "15-4");
        yield return Case("21(1)", interests, Rows.Facts(Right.Objection), "21-1", "21-1-compelling");
        yield return Case("21(6)", interests with { PurposeKind = PurposeKind.ResearchStatistics }, Rows.Facts(Right.Objection), "21-1", "21-6");
        yield return Case("12(6)", consent, Rows.Facts(Right.Access) with { Relation = Relation.Guardian }, "15-1", "no-authority");
        yield return Case("12(6)", consent, Rows.Erasure() with { Relation = Relation.Representative }, "17-1-b", "no-authority");
    }

    [Test]
    public void Decide_TwoQuestionsOfOneRow_AreAskedOneAfterTheOther()
    {
        var row = Rows.Of(LegalBasis.Contract) with { OthersData = OthersData.Review, RestrictedBy = "Secrecy Act" };
        var facts = Rows.Facts(Right.Access) with { Relation = Relation.Representative };
        var articles = new List<string>();
        while (Rows.Decide(row, facts) is { Question: not null } asked)
        {
            articles.Add(asked.Article);
            facts = Rows.Answered(facts, asked, QuestionAnswer.Grant);
        }

        Assert.That(articles, Is.EqualTo(new[] { "12(6)", "23(1)", "15(4)" }));
        Assert.That(Rows.Decide(row, facts).Decision, Is.EqualTo(Decision.Grant));
    }

    [Test]
    public void Decide_ObjectionToMarketingForAnother_StopsWithoutAQuestion() =>
        Assert.That(Rows.Decide(Rows.Of(LegalBasis.Consent) with { PurposeKind = PurposeKind.DirectMarketing }, Rows.Facts(Right.Objection) with { Relation = Relation.Guardian }).Decision,
            Is.EqualTo(Decision.Grant));

    [TestCase(Right.Access, Decision.Deny)]
    [TestCase(Right.Erasure, Decision.Deny)]
    [TestCase(Right.Restriction, Decision.Deny)]
    [TestCase(Right.Portability, Decision.Deny)]
    [TestCase(Right.Objection, Decision.Human)]
    public void Decide_NotIdentifiable_FallsAwayButForTheObjection(Right right, Decision decision)
    {
        var decided = Rows.Decide(Rows.Of(LegalBasis.LegitimateInterests) with { Identifiable = false }, Rows.Facts(right));

        Assert.That(decided.Decision, Is.EqualTo(decision));
        Assert.That(decided.Reason == "11-2", Is.EqualTo(decision == Decision.Deny));
    }

    private static TestCaseData Case(string article, ProcessingActivity row, CaseFacts facts, string granted, string denied) =>
        new TestCaseData(row, facts, article, granted, denied).SetArgDisplayNames(article, $"{facts.Right} {row.PurposeKind} {facts.Relation} {row.Location}");
}
