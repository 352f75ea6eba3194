using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Applicability.Rules;

/// <summary>Every legal basis against every right: the table of Articles 15 to 21. A row that ends by itself is closed by
/// the request (Art. 17(1)(a)); one that stays is still necessary.</summary>
internal sealed class BasisByRightTests
{
    private const string Table = """
                              consent        contract         legal-obligation  vital-interests  public-task          legitimate-interests
        access                grant 15(1)    grant 15(1)      grant 15(1)       grant 15(1)      grant 15(1)          grant 15(1)
        erasure-closes        grant 17(1)(b) grant 17(1)(a)   deny 17(3)(b)     grant 17(1)(a)   grant 17(1)(a)       grant 17(1)(a)
        erasure-unknown       grant 17(1)(b) deny 17(1)(a)    deny 17(3)(b)     deny 17(1)(a)    deny 17(3)(b)        deny 17(1)(a)
        no-longer-necessary   grant 17(1)(b) deny 17(1)(a)    deny 17(3)(b)     deny 17(1)(a)    deny 17(3)(b)        deny 17(1)(a)
        consent-withdrawn     grant 17(1)(b) deny 17(1)(a)    deny 17(3)(b)     deny 17(1)(a)    deny 17(3)(b)        deny 17(1)(a)
        objection             grant 17(1)(b) deny 17(1)(a)    deny 17(3)(b)     deny 17(1)(a)    human 17(1)(c)       human 17(1)(c)
        unlawful              grant 17(1)(b) human 17(1)(d)   deny 17(3)(b)     human 17(1)(d)   human 17(1)(d)       human 17(1)(d)
        legal-duty            grant 17(1)(b) human 17(1)(e)   deny 17(3)(b)     human 17(1)(e)   human 17(1)(e)       human 17(1)(e)
        child                 grant 17(1)(f) deny 17(1)(a)    deny 17(3)(b)     deny 17(1)(a)    deny 17(3)(b)        deny 17(1)(a)
        accuracy-contested    grant 18(1)(a) grant 18(1)(a)   grant 18(1)(a)    grant 18(1)(a)   grant 18(1)(a)       grant 18(1)(a)
        restrict-unlawful     grant 18(1)(b) grant 18(1)(b)   grant 18(1)(b)    grant 18(1)(b)   grant 18(1)(b)       grant 18(1)(b)
        needed-for-claims     grant 18(1)(c) grant 18(1)(c)   grant 18(1)(c)    grant 18(1)(c)   grant 18(1)(c)       grant 18(1)(c)
        objection-pending     deny 18(1)(d)  deny 18(1)(d)    deny 18(1)(d)     deny 18(1)(d)    grant 18(1)(d)       grant 18(1)(d)
        restriction-unclear   human 18(1)    human 18(1)      human 18(1)       human 18(1)      human 18(1)          human 18(1)
        portability           grant 20(1)    grant 20(1)      deny 20(1)(a)     deny 20(1)(a)    deny 20(1)(a)        deny 20(1)(a)
        portability-derived   deny 20(1)     deny 20(1)       deny 20(1)(a)     deny 20(1)(a)    deny 20(1)(a)        deny 20(1)(a)
        portability-art-9     grant 20(1)    grant 20(1)      grant 20(1)       grant 20(1)      grant 20(1)          grant 20(1)
        objection-21          grant 7(3)     deny 21(1)       deny 21(1)        deny 21(1)       human 21(1)          human 21(1)
        objection-to-research grant 7(3)     deny 21(1)       deny 21(1)        deny 21(1)       human 21(6)          human 21(6)
        objection-to-marketing grant 21(3)   grant 21(3)      grant 21(3)       grant 21(3)      grant 21(3)          grant 21(3)
        """;

    [TestCaseSource(nameof(Cells))]
    public void Decide_EveryBasisAndRight_AsTheTableSays(string asked, LegalBasis basis, string expected)
    {
        var (row, facts) = Case(asked, basis);

        var decided = Rows.Decide(row, facts);

        using (Assert.EnterMultipleScope())
        {
            Assert.That($"{DsrJson.Kebab(decided.Decision)} {decided.Article}", Is.EqualTo(expected));
            Assert.That(decided.Because, Is.Not.Empty);
            Assert.That(decided.Question is null, Is.EqualTo(decided.Decision != Decision.Human));
            Assert.That(DsrService.Notices.Letters.ReasonTexts.Knows(decided.Reason), Is.True, $"no words for {decided.Reason}");
        }
    }

    // Rectification goes by field, whatever the basis of the activity around it.
    [TestCase(RectificationProof.PersonsWord, false, Decision.Grant, "16")]
    [TestCase(RectificationProof.Opinion, false, Decision.Partial, "16-statement")]
    [TestCase(RectificationProof.Review, false, Decision.Human, "16-review")]
    public void Decide_Rectification_GoesByTheProofOfTheField(RectificationProof proof, bool statement, Decision decision, string reason)
    {
        var decided = RowRules.Decide(Field(proof), Rows.Facts(Right.Rectification) with { StatementFields = statement ? ["field"] : [] });

        Assert.That((decided.Decision, decided.Reason), Is.EqualTo((decision, reason)));
    }

    [TestCase(QuestionAnswer.Grant, false, Decision.Grant, "16")]
    [TestCase(QuestionAnswer.Deny, false, Decision.Deny, "16-accurate")]
    [TestCase(QuestionAnswer.Deny, true, Decision.Partial, "16-statement")]
    public void Decide_RectificationCompared_TheAnswerCountsAndAStatementIsKept(QuestionAnswer answer, bool statement, Decision decision, string reason)
    {
        var facts = Rows.Facts(Right.Rectification) with { StatementFields = statement ? ["field"] : [] };
        var asked = RowRules.Decide(Field(RectificationProof.Review), facts);

        var decided = RowRules.Decide(Field(RectificationProof.Review), Rows.Answered(facts, asked, answer));

        Assert.That((decided.Decision, decided.Reason, decided.Answered), Is.EqualTo((decision, reason, "16-review:field")));
    }

    private static IEnumerable<TestCaseData> Cells()
    {
        var lines = Table.Split('\n');
        var bases = Words(lines[0]);
        foreach (var line in lines.Skip(1))
        {
            var words = Words(line);
            foreach (var (at, basis) in bases.Index())
            {
                Assert.That(DsrJson.TryParseKebab<LegalBasis>(basis, out var parsed));
                yield return new TestCaseData(words[0], parsed, $"{words[1 + 2 * at]} {words[2 + 2 * at]}").SetArgDisplayNames(words[0], basis);
            }
        }
    }

    private static (ProcessingActivity Row, CaseFacts Facts) Case(string asked, LegalBasis basis)
    {
        var row = Rows.Of(basis);
        return asked switch
        {
            "access" => (row, Rows.Facts(Right.Access)),
            "erasure-closes" => (row with { EndsOnErasure = basis != LegalBasis.LegalObligation }, Rows.Erasure()),
            "erasure-unknown" => (row, Rows.Erasure(ErasureGround.Unknown)),
            "accuracy-contested" => (row, Restriction(RestrictionGround.AccuracyContested)),
            "restrict-unlawful" => (row, Restriction(RestrictionGround.Unlawful)),
            "needed-for-claims" => (row, Restriction(RestrictionGround.NeededForClaims)),
            "objection-pending" => (row, Restriction(RestrictionGround.ObjectionPending)),
            "restriction-unclear" => (row, Restriction(null)),
            "portability" => (row, Rows.Facts(Right.Portability)),
            "portability-derived" => (row with { Source = DataSource.Derived }, Rows.Facts(Right.Portability)),
            "portability-art-9" => (row with { SpecialCondition = SpecialCondition.ExplicitConsent }, Rows.Facts(Right.Portability)),
            "objection-21" => (row, Rows.Facts(Right.Objection)),
            "objection-to-research" => (row with { PurposeKind = PurposeKind.ResearchStatistics }, Rows.Facts(Right.Objection)),
            "objection-to-marketing" => (row with { PurposeKind = PurposeKind.DirectMarketing }, Rows.Facts(Right.Objection)),
            _ => (row, Rows.Erasure(DsrJson.TryParseKebab<ErasureGround>(asked, out var ground) ? ground : throw new ArgumentException(asked))),
        };
    }

    private static CaseFacts Restriction(RestrictionGround? ground) => Rows.Facts(Right.Restriction) with { RestrictionGround = ground };

    private static CorrectableField Field(RectificationProof proof) => new("field", "category", proof, LocalText.Of("Field"));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
