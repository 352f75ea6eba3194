using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Tests.DataMap;

namespace DsrService.Tests.Fulfilment.Plan;

/// <summary>What controllers.md promises for toontrack, right by right.</summary>
internal sealed class PlannerTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly ControllerDataMap Map = TestMaps.Toontrack;

    [Test]
    public void Plan_Erasure_DecidesEveryRow()
    {
        var plan = Plan(Right.Erasure);

        Assert.That(plan.Rows.Select(row => $"{row.System}/{row.Category}: {DsrJson.Kebab(row.Decision)} {row.Article} {row.Reason} {row.Until:yyyy-MM-dd}".TrimEnd()), Is.EqualTo(new[]
        {
            "webshop/customer-account: grant 17(1)(a) 17-1-a",
            "webshop/postal-address: grant 17(1)(a) 17-1-a",
            "webshop/order-history: partial 17(3)(b) 17-3-b 2033-12-31",
            "webshop/invoices: partial 17(3)(b) 17-3-b 2033-12-31",
            "webshop/ip-address: grant 17(1)(a) 17-1-a",
            "product-registration/serial-numbers: grant 17(1)(a) 17-1-a",
            "product-registration/hardware-identifiers: grant 17(1)(a) 17-1-a",
            "product-registration/computer-names: grant 17(1)(a) 17-1-a",
            "support-forum/forum-account: grant 17(1)(a) 17-1-a",
            "support-forum/forum-posts: grant 17(1)(a) 17-1-a",
            "support-forum/private-messages: grant 17(1)(a) 17-1-a",
            "customer-survey/survey-contact: grant 17(1)(a) 17-1-a",
            "customer-survey/survey-orders: grant 17(1)(a) 17-1-a",
            "service-log/service-log: deny 17(1)(a) still-necessary 2026-12-22",
            "newsletter/newsletter-subscription: grant 17(1)(a) 17-1-a",
            "remarketing-partner/cookie-identifiers: grant 17(1)(a) 17-1-a",
            "fulfilment-vendor/shipments: grant 17(1)(a) 17-1-a",
            "address-updates/address-changes: grant 17(1)(a) 17-1-a",
        }));
        Assert.That(plan.Rows.First(row => row.Category == "invoices").LegalBasis, Does.Contain("1999:1078"));
        Assert.That((plan.Questions.Count, plan.Covered, plan.ApprovedByPolicy), Is.EqualTo((0, true, false)));
    }

    [Test]
    public void Plan_Erasure_LocatesWhoGivesIdentifiersPreviewsErasesAndVerifies()
    {
        var plan = Plan(Right.Erasure);

        Assert.That(Lines(plan), Is.EqualTo(new[]
        {
            "prepare 0 locate:webshop",
            "prepare 0 locate:support-forum",
            "prepare 0 preview:erase:customer-survey",
            "prepare 0 preview:erase:newsletter",
            "prepare 1 preview:erase:webshop < locate:webshop",
            "prepare 1 preview:erase:product-registration < locate:webshop",
            "prepare 1 preview:erase:support-forum < locate:support-forum",
            "prepare 1 preview:erase:service-log < locate:support-forum",
            "act 1 erase:customer-survey < preview:erase:customer-survey",
            "act 1 erase:newsletter < preview:erase:newsletter",
            "act 1 notify:remarketing-partner < locate:webshop",
            "act 1 erase:fulfilment-vendor < locate:webshop",
            "act 1 erase:address-updates < locate:webshop",
            "act 2 erase:webshop < locate:webshop, preview:erase:webshop",
            "act 2 erase:product-registration < locate:webshop, preview:erase:product-registration",
            "act 2 erase:support-forum < locate:support-forum, preview:erase:support-forum",
            "act 2 erase:service-log < locate:support-forum, preview:erase:service-log",
            "verify 2 verify:erase:customer-survey < erase:customer-survey",
            "verify 2 verify:erase:newsletter < erase:newsletter",
            "verify 3 verify:erase:webshop < erase:webshop",
            "verify 3 verify:erase:product-registration < erase:product-registration",
            "verify 3 verify:erase:support-forum < erase:support-forum",
            "verify 3 verify:erase:service-log < erase:service-log",
        }));
        Assert.That(Step(plan, "erase:webshop").MustBeVerified, Is.True);
        Assert.That(Step(plan, "erase:fulfilment-vendor").MustBeVerified, Is.False, "a manual system cannot be asked again");
        Assert.That(Step(plan, "notify:remarketing-partner").HoldsRequestOpen, Is.False);
    }

    [Test]
    public void Plan_Erasure_TellsEachSystemWhatGoesAndWhatStays()
    {
        var plan = Plan(Right.Erasure);

        Assert.That(Scope(plan, "erase:webshop"), Is.EqualTo(new[]
        {
            "act customer-account", "act postal-address", "keep order-history 17-3-b 2033-12-31", "keep invoices 17-3-b 2033-12-31", "act ip-address",
        }));
        // Everything stays there, but the receipt says how much and until when, with a handle to end it by.
        Assert.That(Scope(plan, "erase:service-log"), Is.EqualTo(new[] { "keep service-log still-necessary 2026-12-22" }));
        Assert.That(Scope(plan, "notify:remarketing-partner"), Is.EqualTo(new[] { "act cookie-identifiers 17" }));
        Assert.That(Scope(plan, "verify:erase:webshop"), Is.EqualTo(Scope(plan, "erase:webshop")));
    }

    [Test]
    public void Plan_Erasure_NamesTheRecipientsAndWhatTellsThem()
    {
        var plan = Plan(Right.Erasure);

        Assert.That(plan.Notices.Select(notice => (notice.Recipient, notice.Step)), Is.EqualTo(new[]
        {
            ("fulfilment-vendor", "erase:fulfilment-vendor"),
            ("remarketing-partner", "notify:remarketing-partner"),
        }));
        Assert.That(plan.Suppressions.Single().Purpose, Is.EqualTo("direct-marketing"));
        Assert.That(plan.Suppressions.Single().IdentifierKinds, Is.EqualTo(new[] { "email", "cookie-id" }));
    }

    [Test]
    public void Plan_Access_AsksEverySystemAndLetsOneFeedTheNext()
    {
        var plan = Plan(Right.Access);

        Assert.That(plan.Rows.Select(row => row.Decision).Distinct(), Is.EquivalentTo(new[] { Decision.Grant, Decision.Partial }));
        Assert.That(plan.Rows.Single(row => row.Decision == Decision.Partial).Category, Is.EqualTo("private-messages"));
        Assert.That(Lines(plan).Where(line => line.StartsWith("act", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "act 0 access:webshop",
            "act 0 access:support-forum",
            "act 0 access:customer-survey",
            "act 0 access:newsletter",
            "act 1 access:product-registration < access:webshop",
            "act 1 access:service-log < access:support-forum",
            "act 1 access:remarketing-partner < access:webshop",
            "act 1 access:fulfilment-vendor < access:webshop",
            "act 1 access:address-updates < access:webshop",
        }));
        Assert.That((plan.Covered, plan.Notices.Count, plan.Suppressions.Count), Is.EqualTo((true, 0, 0)));
    }

    [Test]
    public void Plan_Portability_OnlyConsentOrContractProvidedOrObserved()
    {
        var plan = Plan(Right.Portability);

        Assert.That(plan.Rows.Where(row => row.Decision is Decision.Deny).Select(row => (row.Category, row.Reason)), Is.EqualTo(new[]
        {
            ("invoices", "20-basis"), ("survey-contact", "20-basis"), ("survey-orders", "20-basis"), ("newsletter-subscription", "20-basis"),
            ("cookie-identifiers", "20-basis"), ("address-changes", "20-basis"),
        }));
        Assert.That(plan.Steps.Select(step => step.Key), Is.EquivalentTo(new[]
        {
            "export:webshop", "export:support-forum", "export:product-registration", "export:service-log", "export:fulfilment-vendor",
        }));
        Assert.That(Scope(plan, "export:webshop"), Is.EqualTo(new[]
        {
            "act customer-account 20-1", "act postal-address 20-1", "act order-history 20-1", "act ip-address 20-1",
        }));
        Assert.That(plan.Coverage.Where(row => row.State == CoverageState.Exempt).Select(row => row.Reason).Distinct(), Is.EqualTo(new[] { "20-basis" }));
        Assert.That(plan.Covered, Is.True);
    }

    [Test]
    public void Plan_ObjectionToMarketing_ActsAtOnceOnAnAddressNobodyConfirmed()
    {
        var plan = Planner.Plan(Map, Input(Right.Objection) with
        {
            ObjectionPurpose = ObjectionRules.DirectMarketing,
            Identifiers = [new("email", Verified: false)],
        });

        Assert.That(plan.ApprovedByPolicy, Is.True);
        Assert.That(plan.Rows.Select(row => (row.System, row.Decision, row.Article)), Is.EqualTo(new[]
        {
            ("newsletter", Decision.Grant, "21(3)"), ("remarketing-partner", Decision.Grant, "21(3)"),
        }));
        Assert.That(Lines(plan), Is.EqualTo(new[]
        {
            "prepare 0 locate:webshop",
            "act 0 stop-processing:newsletter",
            "act 1 stop-processing:remarketing-partner < locate:webshop",
            "verify 1 verify:stop-processing:newsletter < stop-processing:newsletter",
            "verify 2 verify:stop-processing:remarketing-partner < stop-processing:remarketing-partner",
        }));
        Assert.That(plan.Suppressions.Select(item => item.Purpose), Is.EqualTo(new[] { "direct-marketing" }));
    }

    [Test]
    public void Plan_ObjectionToTheSurvey_StopsIt()
    {
        var plan = Planner.Plan(Map, Input(Right.Objection) with { ObjectionPurpose = "improve-service" });

        Assert.That(plan.ApprovedByPolicy, Is.False);
        Assert.That(plan.Rows.Select(row => (row.System, row.Decision, row.Reason)).Distinct(), Is.EqualTo(new[]
        {
            ("customer-survey", Decision.Grant, "21-1"),
        }));
        Assert.That(Lines(plan), Does.Contain("act 1 stop-processing:customer-survey < preview:stop-processing:customer-survey"));
    }

    [TestCase(null)]
    [TestCase("something else")]
    public void Plan_ObjectionWithoutPurpose_AsksWhatOnlyAPersonMayDecide(string? purpose)
    {
        var input = Input(Right.Objection) with { ObjectionPurpose = purpose };
        var plan = Planner.Plan(Map, input);

        var question = plan.Questions.Single();
        Assert.That(question.Key, Is.EqualTo("21-1-weigh:address-upkeep"));
        Assert.That(plan.Covered, Is.False);
        Assert.That(plan.Rows.Single(row => row.System == "address-updates").Decision, Is.EqualTo(Decision.Human));
        Assert.That(plan.Rows.Single(row => row.Category == "invoices").Reason, Is.EqualTo("21-basis"));

        var granted = Planner.Plan(Map, input with { Answers = Answer(question, QuestionAnswer.Grant) });
        Assert.That(granted.Steps.Select(step => step.Key), Does.Contain("stop-processing:address-updates"));
        Assert.That((granted.Questions.Count, granted.Covered), Is.EqualTo((0, true)));

        var denied = Planner.Plan(Map, input with { Answers = Answer(question, QuestionAnswer.Deny) });
        Assert.That(denied.Steps.Select(step => step.Key), Has.None.EqualTo("stop-processing:address-updates"));
        Assert.That(denied.Rows.Single(row => row.System == "address-updates").Reason, Is.EqualTo("21-1-compelling"));
    }

    [Test]
    public void Plan_RectificationOfTheAddress_GoesToEverySystemThatHoldsIt()
    {
        var plan = Planner.Plan(Map, Input(Right.Rectification) with { CorrectionFields = ["postal-address"] });

        Assert.That(plan.Rows.Select(row => (row.System, row.Category, row.Decision)), Is.EqualTo(new[]
        {
            ("webshop", "postal-address", Decision.Grant), ("fulfilment-vendor", "shipments", Decision.Grant),
        }));
        Assert.That(Step(plan, "rectify:webshop").Fields, Is.EqualTo(new[] { "postal-address" }));
        Assert.That(plan.Notices.Select(notice => (notice.Recipient, notice.Step)), Is.EqualTo(new[] { ("fulfilment-vendor", "rectify:fulfilment-vendor") }));
        Assert.That((plan.Questions.Count, plan.Covered), Is.EqualTo((0, true)));
    }

    [Test]
    public void Plan_RectificationOfTheEmail_IsComparedFirst()
    {
        var input = Input(Right.Rectification) with { CorrectionFields = ["email"] };
        var plan = Planner.Plan(Map, input);

        Assert.That(plan.Questions.Select(question => question.Key), Is.EqualTo(new[] { "16-review:email" }));
        Assert.That(plan.Steps.Where(step => step.Action == TaskAction.Rectify), Is.Empty);

        var granted = Planner.Plan(Map, input with { Answers = Answer(plan.Questions[0], QuestionAnswer.Grant) });
        Assert.That(granted.Steps.Where(step => step is { Action: TaskAction.Rectify, Preview: false }).Select(step => step.System),
            Is.EqualTo(new[] { "webshop", "support-forum", "newsletter" }));
    }

    [Test]
    public void Plan_RectificationOfOneFieldOfTwo_SendsOnlyTheDecidedOne()
    {
        var plan = Planner.Plan(Map, Input(Right.Rectification) with
        {
            CorrectionFields = ["email", "name"],
            Answers = new Dictionary<string, QuestionAnswer> { ["16-review:email"] = QuestionAnswer.Deny },
        });

        Assert.That(Step(plan, "rectify:webshop").Fields, Is.EqualTo(new[] { "name" }));
    }

    [Test]
    public void Plan_RectificationOfAnUnknownField_AsksAndKeepsThePersonsWordOut()
    {
        var input = Input(Right.Rectification) with { CorrectionFields = ["my shoe size"] };
        var plan = Planner.Plan(Map, input);

        Assert.That(plan.Questions.Select(question => question.Key), Is.EqualTo(new[] { "16-field-unknown" }));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(plan, DsrJson.Options), Does.Not.Contain("shoe"));
        Assert.That(Planner.Plan(Map, input with { Answers = Answer(plan.Questions[0], QuestionAnswer.Grant) }).Questions, Is.Empty);
    }

    [Test]
    public void Plan_Restriction_KeepsEverythingUnusedAndTellsRecipients()
    {
        var plan = Planner.Plan(Map, Input(Right.Restriction) with { RestrictionGround = RestrictionGround.AccuracyContested });

        Assert.That(plan.Rows.Select(row => (row.Decision, row.Article)).Distinct(), Is.EqualTo(new[] { (Decision.Grant, "18(1)(a)") }));
        Assert.That(plan.Steps.Where(step => step is { Phase: StepPhase.Act, Action: TaskAction.Restrict }).Select(step => step.System), Is.EquivalentTo(new[]
        {
            "webshop", "product-registration", "support-forum", "customer-survey", "service-log", "newsletter", "fulfilment-vendor", "address-updates",
        }));
        Assert.That(Scope(plan, "notify:remarketing-partner"), Is.EqualTo(new[] { "act cookie-identifiers 18" }));
        Assert.That(plan.Notices.Select(notice => notice.Step), Is.EqualTo(new[] { "restrict:fulfilment-vendor", "notify:remarketing-partner" }));
    }

    [Test]
    public void Plan_RestrictionPendingAnObjection_ReachesOnlyWhatCanBeObjectedTo()
    {
        var plan = Planner.Plan(Map, Input(Right.Restriction) with { RestrictionGround = RestrictionGround.ObjectionPending });

        Assert.That(plan.Steps.Where(step => step is { Phase: StepPhase.Act }).Select(step => step.System),
            Is.EquivalentTo(new[] { "customer-survey", "newsletter", "remarketing-partner", "address-updates" }));
        Assert.That(plan.Rows.First(row => row.System == "webshop").Reason, Is.EqualTo("no-18-case"));
    }

    [Test]
    public void Plan_ErasureOfPublishedData_AsksWhetherOthersWereTold()
    {
        var map = Map with { Activities = [.. Map.Activities.Select(activity => activity.Key == "support-threads" ? activity with { MadePublic = true } : activity)] };

        var asked = Planner.Plan(map, Input(Right.Erasure)).Questions.Single();

        Assert.That((asked.Key, asked.Article), Is.EqualTo(("17-2:support-threads", "17(2)")));
        Assert.That(Planner.Plan(map, Input(Right.Erasure) with { Answers = Answer(asked, QuestionAnswer.Grant) }).Questions, Is.Empty);
        Assert.That(Planner.Plan(map, Input(Right.Access)).Questions, Is.Empty);
    }

    [Test]
    public void Plan_ContestedFact_IsRestrictedMeanwhileAndOnlyUntilItIsDecided()
    {
        var input = Input(Right.Rectification) with { CorrectionFields = ["email"] };

        var asked = Planner.Plan(Map, input);
        var decided = Planner.Plan(Map, input with { Answers = asked.Questions.ToDictionary(question => question.Key, _ => QuestionAnswer.Grant) });

        var meanwhile = asked.Steps.Where(step => step.Phase == StepPhase.Meanwhile).ToList();
        Assert.That(meanwhile.Select(step => step.Action).Distinct(), Is.EqualTo(new[] { TaskAction.Restrict }));
        Assert.That(meanwhile.SelectMany(step => step.Scope).Select(item => item.Reason).Distinct(), Is.EqualTo(new[] { "18-1-a" }));
        Assert.That(meanwhile.Exists(step => step.HoldsRequestOpen), Is.False);
        Assert.That(decided.Steps.Select(step => step.Phase), Has.None.EqualTo(StepPhase.Meanwhile));
    }

    [Test]
    public void Plan_Access_PreservesWhatWasAskedForBeforeAnybodyApproves()
    {
        var plan = Planner.Plan(Map, Input(Right.Access));

        var preserving = plan.Steps.Where(step => step.Action == TaskAction.Preserve).ToList();
        var before = plan.Steps.Where(step => step.Phase is StepPhase.Prepare or StepPhase.Meanwhile).Select(step => step.Key).ToList();
        Assert.That(preserving.Select(step => step.System), Does.Contain("service-log").And.SubsetOf(Map.Systems.Where(system => system.Can(TaskAction.Preserve)).Select(system => system.Key)));
        Assert.That(preserving.SelectMany(step => step.DependsOn), Is.SubsetOf(before), "the way there needs no approval either");
        Assert.That(preserving.Exists(step => step.HoldsRequestOpen), Is.False);
        Assert.That(Planner.Plan(Map, Input(Right.Access) with { Relation = Relation.Guardian }).Steps, Has.None.Matches<PlanStep>(step => step.Action == TaskAction.Preserve));
        Assert.That(Planner.Plan(Map, Input(Right.Erasure)).Steps, Has.None.Matches<PlanStep>(step => step.Action == TaskAction.Preserve));
    }

    [Test]
    public void Plan_TwoFieldsOfOneCategory_EachHasItsOwnFate()
    {
        var plan = Planner.Plan(Map, Input(Right.Rectification) with
        {
            CorrectionFields = ["name", "email", "shoe-size"],
            Answers = new Dictionary<string, QuestionAnswer> { ["16-review:email"] = QuestionAnswer.Deny, ["16-field-unknown"] = QuestionAnswer.Deny },
        });

        Assert.That(plan.Fields.Where(field => field.System is null or "webshop").Select(field => (field.Field, field.Decision, field.Reason)), Is.EqualTo(new (string?, Decision, string)[]
        {
            ("name", Decision.Grant, "16"), ("email", Decision.Deny, "16-accurate"), (null, Decision.Deny, "16-field-unknown"),
        }));
    }

    [Test]
    public void Plan_LegalHold_KeepsEverything()
    {
        var plan = Planner.Plan(Map, Input(Right.Erasure) with { Hold = LegalHold.Litigation });

        Assert.That(plan.Rows.Select(row => (row.Decision, row.Reason)).Distinct(), Is.EqualTo(new[] { (Decision.Deny, "17-3-e") }));
        Assert.That(plan.Steps.SelectMany(step => step.Scope).Select(item => item.Decision), Has.None.EqualTo(ScopeDecision.Act));
        Assert.That(plan.Steps.Select(step => step.Action), Has.None.EqualTo(TaskAction.Notify));
    }

    [Test]
    public void Plan_OnlyAnUnverifiedIdentifier_ReachesNothing()
    {
        var plan = Planner.Plan(Map, Input(Right.Erasure) with { Identifiers = [new("email", Verified: false)] });

        Assert.That(plan.Unreachable.Select(item => item.System), Is.EqualTo(Map.Systems.Select(system => system.Key)));
        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.Covered, Is.False);
        Assert.That(plan.Coverage.Where(row => row.State == CoverageState.Uncovered).Select(row => row.Reason).Distinct(), Is.EqualTo(new[] { "no-identifier" }));
    }

    [Test]
    public void Plan_CustomerNumberAlone_ReachesWhatItLeadsTo()
    {
        var plan = Planner.Plan(Map, Input(Right.Access) with { Identifiers = [new("customer-number", Verified: true)] });

        Assert.That(plan.Unreachable.Select(item => item.System),
            Is.EqualTo(new[] { "support-forum", "customer-survey", "service-log", "newsletter" }));
        Assert.That(plan.Steps.Select(step => step.System), Does.Contain("remarketing-partner"));
    }

    internal static PlanInput Input(Right right) => new() { Right = right, Today = Today, Identifiers = [new("email", Verified: true)] };

    private static RequestPlan Plan(Right right) => Planner.Plan(Map, Input(right));

    private static Dictionary<string, QuestionAnswer> Answer(Question question, QuestionAnswer answer) => new() { [question.Key] = answer };

    private static PlanStep Step(RequestPlan plan, string key) => plan.Steps.Single(step => step.Key == key);

    private static string[] Lines(RequestPlan plan) =>
        [.. plan.Steps.Select(step => $"{DsrJson.Kebab(step.Phase)} {step.Wave} {step.Key}" + (step.DependsOn.Count == 0 ? "" : $" < {string.Join(", ", step.DependsOn)}"))];

    private static string[] Scope(RequestPlan plan, string step) =>
        [.. Step(plan, step).Scope.Select(item => $"{DsrJson.Kebab(item.Decision)} {item.Category} {item.Reason} {item.Until:yyyy-MM-dd}".Trim())];
}
