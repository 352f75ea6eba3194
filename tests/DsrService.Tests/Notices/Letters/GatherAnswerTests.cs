using DsrService.Applicability.Rules;
using DsrService.Fulfilment.Plan;
using DsrService.Notices.Letters;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Notices.Letters;

internal sealed class GatherAnswerTests
{
    [Test]
    public void From_Erasure_SaysWhatTheReceiptsSay()
    {
        var plan = Answers.Plan(Right.Erasure);
        var facts = Answers.Facts(plan, Answers.Results(plan, (_, scope) => Answers.Erased(scope)));

        Assert.That(facts.Items.Select(item => (item.Category, item.Outcome)), Is.SupersetOf(new[]
        {
            ("Customer account", AnswerOutcome.Erased), ("Support forum posts", AnswerOutcome.Anonymised),
            ("Advertising cookie identifiers", AnswerOutcome.Erased), ("Invoices", AnswerOutcome.Retained), ("Service log", AnswerOutcome.Retained),
        }));
        var invoices = facts.Items.Single(item => item.Category == "Invoices");
        Assert.Multiple(() =>
        {
            Assert.That(invoices.Reason, Does.StartWith("A law requires us to keep it (Article 17(3)(b) GDPR).").And.Contains("seventh year").And.Contains("Of it we keep only: Number, date"));
            Assert.That(invoices.LegalBasis, Does.Contain("1999:1078"));
            Assert.That(invoices.Until, Is.EqualTo(new DateOnly(2032, 12, 31)), "the receipt's own day, not the plan's latest");
            Assert.That(facts.Items.Single(item => item.Category == "Service log").Reason, Does.Contain("gone after 30 days by itself"));
            Assert.That(facts.DoneOn, Is.EqualTo(new DateOnly(2026, 11, 22)), "the day in the controller's zone");
            Assert.That(facts.MarketingSuppressed, Is.True);
            Assert.That(facts.Recipients.Select(recipient => recipient.Name), Is.EqualTo(new[] { "Lagerhuset Norr AB (invented)", "Adkompass AB (invented)" }));
            Assert.That(facts.Recipients.Select(recipient => recipient.Told), Has.All.Not.Null);
            Assert.That(facts.Backups.Select(backup => backup.System), Is.EqualTo(new[] { "Webshop", "Product registration", "Support forum", "Customer survey", "Newsletter" }));
            Assert.That(facts.Backups[0].GoneBy, Is.EqualTo(new DateOnly(2026, 12, 27)));
            Assert.That(facts.LookedForBy, Is.EqualTo(new[] { "E-mail address", "Customer number" }));
            Assert.That((facts.AnythingDone, facts.AnythingWithheld, facts.NothingFoundAt.Count), Is.EqualTo((true, true, 0)));
        });
    }

    [Test]
    public void From_SystemKeepsWhatThePlanKeeps_GivesTheControllersReasonAndNoLaterDay()
    {
        var invoices = Kept("invoices", item => item with { Reason = "see ticket 4711", Until = item.Until!.Value.AddYears(20) }, out var planned);

        Assert.That(invoices.Reason, Does.StartWith("A law requires us to keep it").And.Contains("seventh year").And.Not.Contains("4711"));
        Assert.That(invoices.Until, Is.EqualTo(planned.Until));
    }

    [Test]
    public void From_SystemKeepsWhatThePlanErases_GivesTheSystemsReasonAndDay()
    {
        var day = new DateOnly(2027, 3, 1);

        var newsletter = Kept("newsletter-subscription", item => new() { Category = item.Category, Found = 2, Retained = 2, Reason = "A dispute is open at the carrier.", Until = day, Handle = "h1" }, out _);

        Assert.That(newsletter.Reason, Does.Contain("A dispute is open at the carrier."));
        Assert.That(newsletter.Until, Is.EqualTo(day));
    }

    private static AnswerItem Kept(string category, Func<ReceiptItem, ReceiptItem> with, out PlanRow row)
    {
        var plan = Answers.Plan(Right.Erasure);
        row = plan.Rows.First(known => known.Category == category);
        return Answers.Facts(plan, Answers.Results(plan, (_, scope) => scope.Category == category ? with(Answers.Erased(scope)) : Answers.Erased(scope)))
            .Items.Single(item => item.Outcome == AnswerOutcome.Retained && item.Category == Answers.Map.Category(category).Label.In("en"));
    }

    [Test]
    public void From_ErasureOfSomebodyUnknown_FindsNothingAndKeepsNothing()
    {
        var plan = Answers.Plan(Right.Erasure);
        var facts = Answers.Facts(plan, [.. Answers.Results(plan, (_, scope) => Answers.Erased(scope)).Select(result => result with { Items = [] })]);

        Assert.That(facts.Items.Select(item => item.Outcome).Distinct(), Is.EqualTo(new[] { AnswerOutcome.NothingFound }));
        Assert.That(facts.NothingFoundAt, Has.Count.EqualTo(9));
        Assert.That((facts.AnythingDone, facts.AnythingWithheld, facts.Backups.Count), Is.EqualTo((false, false, 0)));
    }

    [Test]
    public void From_SilentRecipient_IsToldAndNothingIsClaimedOfIt()
    {
        var plan = Answers.Plan(Right.Erasure);
        var results = Answers.Results(plan, (_, scope) => Answers.Erased(scope))
            .Select(result => result.Step == "notify:remarketing-partner" ? result with { Items = [], EndedAt = null } : result);

        var facts = Answers.Facts(plan, results);

        Assert.That(facts.Items.Select(item => item.Category), Has.None.EqualTo("Advertising cookie identifiers"));
        Assert.That(facts.Recipients.Single(recipient => recipient.Name.StartsWith("Adkompass", StringComparison.Ordinal)).Told, Is.Not.Null);
    }

    [Test]
    public void From_SetAside_GivesThePersonsReason()
    {
        var plan = Answers.Plan(Right.Erasure);
        var results = Answers.Results(plan, (_, scope) => Answers.Erased(scope))
            .Select(result => result.Step == "erase:newsletter" ? result with { Items = [], SetAside = "The provider has gone out of business." } : result);

        var item = Answers.Facts(plan, results).Items.Single(item => item.Category == "Newsletter subscription");

        Assert.That((item.Outcome, item.Reason), Is.EqualTo((AnswerOutcome.SetAside, "The provider has gone out of business.")));
    }

    [Test]
    public void From_ErasureClaimedWithoutCounts_IsErasedAndNotNothingFound()
    {
        var plan = Answers.Plan(Right.Erasure);
        var results = Answers.Results(plan, (_, scope) => Answers.Erased(scope))
            .Select(result => result.Step == "erase:newsletter" ? result with { Items = [], Uncounted = true } : result);

        Assert.That(Answers.Facts(plan, results).Items.Single(item => item.Category == "Newsletter subscription").Outcome, Is.EqualTo(AnswerOutcome.Erased));
    }

    [TestCase(Right.Restriction, "restrict:webshop", AnswerOutcome.Restricted)]
    [TestCase(Right.Objection, "stop-processing:newsletter", AnswerOutcome.Stopped)]
    public void From_ChangeClaimedWithoutCounts_IsNotCalledNothingFound(Right right, string step, AnswerOutcome expected)
    {
        var plan = Answers.Plan(right, input => input with { RestrictionGround = RestrictionGround.NeededForClaims, ObjectionPurpose = "direct-marketing" });
        var results = plan.Steps.Where(known => known.Key == step).Select(known => new StepResult { Step = known.Key, Uncounted = true, ToldAt = Answers.Done, EndedAt = Answers.Done });

        Assert.That(Answers.Facts(plan, results).Items.Select(item => item.Outcome), Does.Contain(expected));
    }

    [Test]
    public void From_ErasureClaimedWithoutCounts_WhatThePlanKeepsIsNeitherErasedNorNothing()
    {
        var plan = Answers.Plan(Right.Erasure);
        var results = Answers.Results(plan, (_, scope) => Answers.Erased(scope)).Select(result => result.Step == "erase:webshop" ? result with { Items = [], Uncounted = true } : result);

        var invoices = Answers.Facts(plan, results).Items.Single(item => item.Category == "Invoices");
        Assert.That(invoices.Outcome, Is.EqualTo(AnswerOutcome.Refused));
        Assert.That(invoices.Reason, Does.Contain("A law requires us to keep it"));
    }

    [Test]
    public void From_DoneAgain_CountsBothReceipts()
    {
        var plan = Answers.Plan(Right.Erasure);
        var results = Answers.Results(plan, (_, scope) => Answers.Erased(scope));
        var first = results.Find(result => result.Step == "erase:newsletter")!;
        results.Add(first with { Items = [] });

        Assert.That(Answers.Facts(plan, results).Items.Single(item => item.Category == "Newsletter subscription").Outcome, Is.EqualTo(AnswerOutcome.Erased));
    }

    [Test]
    public void From_Unreachable_SaysThatNothingLedThere()
    {
        var plan = Answers.Plan(Right.Access, input => input with { Identifiers = [new("customer-number", true)] });
        var facts = Answers.Facts(plan, []);
        var item = facts.Items.First(item => item.Category == "Support forum account");

        Assert.That(item.Outcome, Is.EqualTo(AnswerOutcome.SetAside));
        Assert.That(item.Reason, Does.Contain("Give us such an identifier"));
        Assert.That(facts.AnythingWithheld, Is.True, "what nobody covers is never fulfilled");
    }

    [Test]
    public void From_Portability_RefusesEachCategoryWithItsReason()
    {
        var plan = Answers.Plan(Right.Portability);
        var facts = Answers.Facts(plan, Answers.Results(plan, (_, scope) => new() { Category = scope.Category, Found = 1, Handed = 1 }));

        Assert.That(facts.Items.Where(item => item.Outcome == AnswerOutcome.Refused).Select(item => item.Category), Is.EquivalentTo(new[]
        {
            "Invoices", "Survey invitations", "Previous orders in surveys", "Newsletter subscription", "Advertising cookie identifiers", "Change-of-address notices",
        }));
        Assert.That(facts.Items.Where(item => item.Outcome == AnswerOutcome.Refused).Select(item => item.Reason), Has.All.Contains("(Article 20(1)(a) GDPR)"));
        Assert.That(facts.Items.Single(item => item.Category == "Private messages").Reason, Does.Contain("blacked out"));
    }

    [Test]
    public void From_AnyPlan_EveryWithheldItemHasAReasonInWords()
    {
        foreach (var right in Enum.GetValues<Right>())
            foreach (var hold in Enum.GetValues<LegalHold>())
            {
                var plan = Answers.Plan(right, input => input with { Hold = hold, CorrectionFields = ["email", "name"], RestrictionGround = RestrictionGround.ObjectionPending });
                foreach (var item in Answers.Facts(plan, Answers.Results(plan, (_, scope) => Answers.Erased(scope with { Until = scope.Until ?? Answers.Today }))).Items)
                    if (item.Outcome >= AnswerOutcome.Retained)
                        Assert.That(item.Reason, Is.Not.Null.And.Contains(" ").And.EndsWith("."), $"{right}: {item.Category}");
            }
    }

    [Test]
    public void For_EveryReasonCode_HasASentence()
    {
        var codes = typeof(ReasonCode).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.That(codes, Has.Count.GreaterThan(40));
        Assert.That(codes.Where(code => !ReasonTexts.Knows(code)), Is.Empty);
    }
}
