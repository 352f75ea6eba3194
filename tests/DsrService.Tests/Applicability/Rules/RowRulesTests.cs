using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Tests.Applicability.Rules;

/// <summary>Articles 15 to 22 by legal basis, as the Regulation's table has it.</summary>
internal sealed class RowRulesTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly MonthDay YearEnd = new(12, 31);

    // basis; access, restriction, portability, objection
    [TestCase(LegalBasis.Consent, "grant", "grant", "grant", "grant 7(3)")]
    [TestCase(LegalBasis.Contract, "grant", "grant", "grant", "deny 21(1)")]
    [TestCase(LegalBasis.LegalObligation, "grant", "grant", "deny 20-basis", "deny 21(1)")]
    [TestCase(LegalBasis.VitalInterests, "grant", "grant", "deny 20-basis", "deny 21(1)")]
    [TestCase(LegalBasis.PublicTask, "grant", "grant", "deny 20-basis", "human 21(1)")]
    [TestCase(LegalBasis.LegitimateInterests, "grant", "grant", "deny 20-basis", "human 21(1)")]
    public void Decide_ByBasis(LegalBasis basis, string access, string restriction, string portability, string objection)
    {
        var row = Row(basis);

        Assert.Multiple(() =>
        {
            Assert.That(Decide(row, Right.Access).Decision.ToString().ToLowerInvariant(), Is.EqualTo(access));
            Assert.That(Decide(row, Facts(Right.Restriction) with { RestrictionGround = RestrictionGround.AccuracyContested }).Decision.ToString().ToLowerInvariant(), Is.EqualTo(restriction));
            var port = Decide(row, Right.Portability);
            Assert.That(port.Decision == Decision.Grant ? "grant" : $"deny {port.Reason}", Is.EqualTo(portability));
            var objected = Decide(row, Right.Objection);
            Assert.That($"{objected.Decision.ToString().ToLowerInvariant()} {objected.Article}", Does.StartWith(objection));
        });
    }

    // basis, ends on erasure, ground; decision and reason
    [TestCase(LegalBasis.Consent, false, ErasureGround.ConsentWithdrawn, Decision.Grant, "17-1-b")]
    [TestCase(LegalBasis.Consent, false, ErasureGround.Unknown, Decision.Grant, "17-1-b")]
    [TestCase(LegalBasis.Consent, false, ErasureGround.Child, Decision.Grant, "17-1-f")]
    [TestCase(LegalBasis.Contract, true, ErasureGround.Unknown, Decision.Grant, "17-1-a")]
    [TestCase(LegalBasis.Contract, true, ErasureGround.Objection, Decision.Grant, "17-1-a")]
    [TestCase(LegalBasis.Contract, false, ErasureGround.Unknown, Decision.Deny, "still-necessary")]
    [TestCase(LegalBasis.Contract, false, ErasureGround.NoLongerNecessary, Decision.Deny, "still-necessary")]
    [TestCase(LegalBasis.Contract, false, ErasureGround.Objection, Decision.Deny, "still-necessary")]
    [TestCase(LegalBasis.Contract, false, ErasureGround.ConsentWithdrawn, Decision.Deny, "still-necessary")]
    [TestCase(LegalBasis.Contract, false, ErasureGround.Unlawful, Decision.Human, "17-1-d-review")]
    [TestCase(LegalBasis.Contract, false, ErasureGround.LegalDuty, Decision.Human, "17-1-e-review")]
    [TestCase(LegalBasis.LegalObligation, false, ErasureGround.Unknown, Decision.Deny, "17-3-b")]
    [TestCase(LegalBasis.LegalObligation, false, ErasureGround.Objection, Decision.Deny, "17-3-b")]
    [TestCase(LegalBasis.LegalObligation, false, ErasureGround.Unlawful, Decision.Deny, "17-3-b")]
    [TestCase(LegalBasis.PublicTask, false, ErasureGround.Unknown, Decision.Deny, "17-3-b-public-task")]
    [TestCase(LegalBasis.PublicTask, false, ErasureGround.Objection, Decision.Human, "17-1-c-weigh")]
    [TestCase(LegalBasis.LegitimateInterests, true, ErasureGround.Unknown, Decision.Grant, "17-1-a")]
    [TestCase(LegalBasis.LegitimateInterests, false, ErasureGround.Unknown, Decision.Deny, "still-necessary")]
    [TestCase(LegalBasis.LegitimateInterests, false, ErasureGround.Objection, Decision.Human, "17-1-c-weigh")]
    [TestCase(LegalBasis.VitalInterests, false, ErasureGround.Unknown, Decision.Deny, "still-necessary")]
    public void Decide_Erasure(LegalBasis basis, bool ends, ErasureGround ground, Decision decision, string reason)
    {
        var decided = Decide(Row(basis) with { EndsOnErasure = ends }, Facts(Right.Erasure) with { ErasureGrounds = [ground] });

        Assert.That((decided.Decision, decided.Reason), Is.EqualTo((decision, reason)));
        Assert.That(decided.Because, Is.Not.Empty);
        Assert.That(decided.Question is null, Is.EqualTo(decision != Decision.Human));
    }

    [Test]
    public void Decide_ErasureOfMarketing_OnObjection_IsAbsolute()
    {
        var row = Row(LegalBasis.LegitimateInterests) with { PurposeKind = PurposeKind.DirectMarketing, EndsOnErasure = false };

        Assert.That(Decide(row, Facts(Right.Erasure) with { ErasureGrounds = [ErasureGround.Objection] }).Reason, Is.EqualTo("17-1-c-marketing"));
    }

    [TestCase(LegalBasis.Consent)]
    [TestCase(LegalBasis.LegitimateInterests)]
    [TestCase(LegalBasis.PublicTask)]
    [TestCase(LegalBasis.Contract)]
    public void Decide_ObjectionToMarketing_IsAbsoluteOnAnyBasis(LegalBasis basis)
    {
        var decided = Decide(Row(basis) with { PurposeKind = PurposeKind.DirectMarketing }, Right.Objection);

        Assert.That((decided.Decision, decided.Article), Is.EqualTo((Decision.Grant, "21(3)")));
    }

    [Test]
    public void Decide_ObligedAndCutDown_IsPartialUntilTheComputedDay()
    {
        var row = Row(LegalBasis.LegalObligation) with
        {
            Obligation = "Bookkeeping Act",
            CutDownTo = LocalText.Of("amounts"),
            Retention = new() { Period = new(7, 0, 0), Start = RetentionStart.FinancialYearCalendarEnd },
        };

        var decided = Decide(row, Right.Erasure);

        Assert.That((decided.Decision, decided.Article, decided.LegalBasis, decided.Until),
            Is.EqualTo((Decision.Partial, "17(3)(b)", "Bookkeeping Act", new DateOnly(2033, 12, 31))));
    }

    [TestCase(PurposeKind.Expression, "17(3)(a)")]
    [TestCase(PurposeKind.PublicHealth, "17(3)(c)")]
    [TestCase(PurposeKind.ResearchStatistics, "17(3)(d)")]
    [TestCase(PurposeKind.ArchivingPublicInterest, "17(3)(d)")]
    [TestCase(PurposeKind.LegalClaims, "17(3)(e)")]
    public void Decide_ErasureAgainstAnException_IsAPersonsToWeigh(PurposeKind kind, string article)
    {
        var row = Row(LegalBasis.LegitimateInterests) with { PurposeKind = kind, EndsOnErasure = false };
        var asked = Decide(row, Right.Erasure);

        Assert.That((asked.Decision, asked.Article), Is.EqualTo((Decision.Human, article)));
        Assert.That(Decide(row, Answered(Right.Erasure, asked, QuestionAnswer.Grant)).Decision, Is.EqualTo(Decision.Grant));
        Assert.That(Decide(row, Answered(Right.Erasure, asked, QuestionAnswer.Deny)) is { Decision: Decision.Deny, Article: var kept } && kept == article, Is.True);
    }

    [TestCase(Right.Access, "15(4)")]
    [TestCase(Right.Portability, "20(4)")]
    public void Decide_OthersData_IsRedactedOrWeighed(Right right, string article)
    {
        var row = Row(LegalBasis.Contract);

        Assert.That(Decide(row with { OthersData = OthersData.RedactedBySystem }, right) is { Decision: Decision.Partial, Article: var partial } && partial == article, Is.True);
        var asked = Decide(row with { OthersData = OthersData.Review }, right);
        Assert.That((asked.Decision, asked.Article), Is.EqualTo((Decision.Human, article)));
        Assert.That(Decide(row with { OthersData = OthersData.Review }, Answered(right, asked, QuestionAnswer.Deny)).Reason, Is.EqualTo("15-4"));
    }

    [TestCase(false, DataSource.Provided, "20-manual")]
    [TestCase(true, DataSource.Derived, "20-derived")]
    [TestCase(true, DataSource.ThirdParty, "20-derived")]
    [TestCase(true, DataSource.Observed, "20-1")]
    public void Decide_Portability_OnlyWhatWasProvidedOrObservedByAutomatedMeans(bool automated, DataSource source, string reason) =>
        Assert.That(Decide(Row(LegalBasis.Contract) with { Automated = automated, Source = source }, Right.Portability).Reason, Is.EqualTo(reason));

    [Test]
    public void Decide_PortabilityOfHealthDataOnExplicitConsent_IsGranted() =>
        Assert.That(Decide(Row(LegalBasis.LegitimateInterests) with { SpecialCondition = SpecialCondition.ExplicitConsent }, Right.Portability).Decision, Is.EqualTo(Decision.Grant));

    [TestCase(RestrictionGround.AccuracyContested, "18(1)(a)", Decision.Grant)]
    [TestCase(RestrictionGround.Unlawful, "18(1)(b)", Decision.Grant)]
    [TestCase(RestrictionGround.NeededForClaims, "18(1)(c)", Decision.Grant)]
    [TestCase(RestrictionGround.ObjectionPending, "18(1)(d)", Decision.Deny)]
    [TestCase(null, "18(1)", Decision.Human)]
    public void Decide_RestrictionOfAContract(RestrictionGround? ground, string article, Decision decision)
    {
        var decided = Decide(Row(LegalBasis.Contract), Facts(Right.Restriction) with { RestrictionGround = ground });

        Assert.That((decided.Article, decided.Decision), Is.EqualTo((article, decision)));
    }

    [Test]
    public void InOrderOfWeight_Erasure_WhatKeepsComesFirst()
    {
        var granted = Decide(Row(LegalBasis.Contract), Right.Erasure);
        var kept = Decide(Row(LegalBasis.LegalObligation) with { EndsOnErasure = false }, Right.Erasure);

        var ordered = RowRules.InOrderOfWeight(Right.Erasure, [(Row(LegalBasis.Contract), granted), (Row(LegalBasis.LegalObligation), kept)]);

        Assert.That(ordered[0].Decision, Is.SameAs(kept));
    }

    [Test]
    public void InOrderOfWeight_Portability_OneBasisIsEnough()
    {
        var granted = Decide(Row(LegalBasis.Contract), Right.Portability);
        var denied = Decide(Row(LegalBasis.LegalObligation), Right.Portability);

        var ordered = RowRules.InOrderOfWeight(Right.Portability, [(Row(LegalBasis.LegalObligation), denied), (Row(LegalBasis.Contract), granted)]);

        Assert.That(ordered[0].Decision, Is.SameAs(granted));
    }

    private static ProcessingActivity Row(LegalBasis basis) => new()
    {
        Key = "row",
        Purpose = LocalText.Of("To test"),
        LegalBasis = basis,
        Reading = Reading.Policy,
        System = "system",
        Categories = ["category"],
        Retention = new() { Period = new(0, 0, 30), Start = RetentionStart.Recorded },
        Source = DataSource.Provided,
        EndsOnErasure = basis != LegalBasis.LegalObligation,
        NecessaryReason = LocalText.Of("because"),
    };

    private static CaseFacts Facts(Right right) => new() { Right = right, Today = Today };

    private static CaseFacts Answered(Right right, RowDecision asked, QuestionAnswer answer) =>
        Facts(right) with { Answers = new Dictionary<string, QuestionAnswer> { [asked.Question!.Key] = answer } };

    private static RowDecision Decide(ProcessingActivity row, Right right) => Decide(row, Facts(right));

    private static RowDecision Decide(ProcessingActivity row, CaseFacts facts) => RowRules.Decide(row, YearEnd, facts)!;
}
