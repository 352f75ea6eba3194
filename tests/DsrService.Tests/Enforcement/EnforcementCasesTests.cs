using System.Net;
using System.Text.Json;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Plan;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Tests.DataMap;
using DsrService.Tests.Fulfilment;
using DsrService.Tests.Fulfilment.Plan;
using DsrService.Tests.Notices.Letters;
using DsrService.Tests.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Enforcement;

/// <summary>What authorities and courts fined others for, each shown not to happen here. Named after who was fined.</summary>
internal sealed class EnforcementCasesTests
{
    private const string Secret = "My neighbour Kim Berg said you sold my address.";
    private FulfilmentBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public void Spotify_EachPurposeHasItsDataStorageSourceAndTheNamesOfRecipients()
    {
        var plan = Answers.Plan(Right.Access);
        var facts = Answers.Facts(plan, Answers.Results(plan, (_, scope) => new ReceiptItem { Category = scope.Category, Found = 1, Handed = 1 }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(facts.Purposes, Has.Count.EqualTo(TestMaps.Toontrack.Activities.Count));
            Assert.That(facts.Purposes, Is.All.Matches<DsrService.Notices.Letters.PurposeOfAnswer>(purpose =>
                purpose.Categories.Length > 0 && purpose.Storage.Length > 0 && purpose.Source.Length > 0 && purpose.LegalBasis.Length > 0));
            Assert.That(facts.DisclosedTo, Is.Not.Empty);
        }
    }

    [Test]
    public async Task Uber_TheFormIsTwoStepsAwayAndNothingHidesARight()
    {
        var browser = bench.Service.NewBrowser();
        var start = await WebForm.ReadAsync(await browser.GetAsync(new Uri($"/{TestService.Controller}", UriKind.Relative)));
        var form = await browser.GetAsync(new Uri(start.QuerySelector("a.card-link")!.GetAttribute("href")!, UriKind.Relative));

        Assert.That(form.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await WebForm.ReadAsync(form)).QuerySelectorAll("form[method=post] [name=right]").Length, Is.EqualTo(6));
    }

    [Test]
    public void Uber_RetentionIsAPeriodOrAnEventAndCountriesAreNamed()
    {
        Assert.That(TestMaps.Toontrack.Activities.Where(activity => activity.Retention.Period == default && activity.Retention.Event is null), Is.Empty);
        Assert.That(TestMaps.Toontrack.Recipients.Where(recipient => recipient.InThirdCountry && recipient.Safeguard is null), Is.Empty);
    }

    [TestCase("access")]
    [TestCase("erasure")]
    [TestCase("objection")]
    public async Task DpgMedia_NoRightAsksForAnIdentityDocument(string right)
    {
        var page = await WebForm.ReadAsync(await bench.Service.NewBrowser().GetAsync(new Uri($"/{TestService.Controller}/request?right={right}", UriKind.Relative)));
        var (reference, _) = await bench.Service.SubmitAsync(Bodies.For(right, $"dpg-{right}@example.org"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.QuerySelectorAll("input[type=file]"), Is.Empty);
            Assert.That((await bench.Service.NoticesAsync(reference))[0].Content.Text, Does.Not.Contain("passport").And.Not.Contain("identity card").And.Not.Contain("copy of"));
        }
    }

    // BKR gave access for nothing once a year and by post only; Clearview twice in twelve months.
    [Test]
    public async Task BkrAndClearview_TheThirdRequestOfAYearIsTakenForNothing()
    {
        for (var times = 0; times < 3; times++)
        {
            var (reference, _) = await bench.Service.SubmitAsync(Bodies.For("access", "again@example.org"));
            Assert.That((await bench.Service.NoticesAsync(reference))[0].Content.Text, Does.Not.Contain("EUR").And.Not.Contain("fee"));
        }
    }

    [Test]
    public void Criteo_ErasureReachesIdentifiersAndNotOnlyTheirUse()
    {
        var plan = Planner.Plan(TestMaps.Toontrack, PlannerTests.Input(Right.Erasure));

        var actedOn = plan.Steps.Where(step => step.Phase == StepPhase.Act).SelectMany(step => step.Scope.Where(item => item.Decision == ScopeDecision.Act)).Select(item => item.Category).ToList();
        Assert.That(actedOn, Is.SupersetOf(new[] { "customer-account", "cookie-identifiers", "newsletter-subscription", "hardware-identifiers", "ip-address" }));
        Assert.That(plan.Rows.Select(row => row.Category).Distinct(), Is.EquivalentTo(TestMaps.Toontrack.Categories.Select(category => category.Key)), "no category is left out");
    }

    [Test]
    public async Task Google_WhatThePersonWroteGoesToNoSystemAndNoRecipient()
    {
        var reference = await bench.PlannedAsync(Right.Erasure, new()
        {
            Requester = new("Ada Lind", "google@example.org", Relation.Self),
            Details = Secret,
            Erasure = new([ErasureGround.Unknown]),
        });
        await bench.AnswerAllWithNothingAsync(reference);
        await bench.ApproveAsync(reference);
        await bench.AnswerAllWithNothingAsync(reference);

        var sent = bench.Sent.Where(sent => sent.Task.Reference == reference).Select(sent => JsonSerializer.Serialize(sent.Task, DsrJson.Options)).ToList();
        Assert.That(sent, Is.Not.Empty);
        Assert.That(sent, Is.All.Not.Contain("Kim Berg"));
    }

    [Test]
    public async Task AustrianPost_AllRightsAreInTheFormAndThereIsRoomForWhatFitsNone()
    {
        var page = await WebForm.ReadAsync(await bench.Service.NewBrowser().GetAsync(new Uri($"/{TestService.Controller}/request", UriKind.Relative)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.QuerySelectorAll("[name=right]").Select(right => right.GetAttribute("value")), Is.EquivalentTo(Enum.GetValues<Right>().Select(right => DsrJson.Kebab(right))));
            Assert.That(page.QuerySelector("[name=details]"), Is.Not.Null);
            Assert.That(page.QuerySelector("[name='corrections[0].field'] option[value=something-else]"), Is.Not.Null);
        }
    }

    [Test]
    public async Task DeliveryHero_ObjectionToMarketingStopsItBeforeAnybodyConfirmsOrApproves()
    {
        var (reference, _) = await bench.Service.SubmitAsync(Bodies.MarketingObjection("hero@example.org"));
        await bench.SettleAsync();

        Assert.That(bench.Sent.Any(sent => sent.Task.Reference == reference && sent.Task is { System: "newsletter", Action: TaskAction.StopProcessing }), Is.True);
    }

    [Test]
    public async Task OneAndOne_NameAndBirthDateOpenNothing()
    {
        var reference = await bench.PlannedAsync(Right.Access, new()
        {
            Requester = new("Eve Berg", "eve@example.org", Relation.Representative),
            Subject = new("Ada Lind", new DateOnly(1980, 1, 1)),
        });

        await bench.Service.InDatabaseAsync(db => db.Set<RequestIdentifier>().Where(row => row.Controller == TestService.Controller).ExecuteUpdateAsync(row => row.SetProperty(known => known.Verified, false)));
        await bench.SettleAsync();

        Assert.That(bench.Sent.Any(sent => sent.Task.Reference == reference), Is.False);
    }

    [Test]
    public async Task SevenBritishOrganisations_WhatIsFailedOrWaitingIsOverdueAllTheSame()
    {
        var reference = await bench.PlannedAsync(Right.Access);
        await bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().ExecuteUpdateAsync(task => task.SetProperty(row => row.State, TaskState.Failed)));
        var request = await bench.Service.RequestAsync(reference);

        var view = DsrService.Requests.Desk.DeadlineView.Of(request, request.DueOn.AddDays(1));

        Assert.That((view.Overdue, view.DaysLeft), Is.EqualTo((true, -1)));
    }

    [Test]
    public void AustrianBank_AnAccessPlanChangesNothing() =>
        Assert.That(new[] { Right.Access, Right.Portability }.SelectMany(right => Planner.Plan(TestMaps.Toontrack, PlannerTests.Input(right)).Steps).Select(step => step.Action).Distinct(),
            Is.SubsetOf(new[] { TaskAction.Access, TaskAction.Export, TaskAction.Locate, TaskAction.Preserve }));

    // The recordings asked for ran out before the answer.
    [Test]
    public async Task SuomenAvainsanat_WhatWasAskedForIsPreservedUntilTheAnswer()
    {
        var reference = await bench.PlannedAsync(Right.Access);

        await bench.AnswerAllWithNothingAsync(reference, task => task.Action == TaskAction.Locate);

        Assert.That((await bench.TasksAsync(reference)).Where(task => task is { Action: TaskAction.Preserve, State: TaskState.Sent }), Is.Not.Empty);
    }

    // The name was taken out and the telephone number kept.
    [Test]
    public async Task Taxa_WhatIsFoundAfterAnErasureFailsIt()
    {
        var reference = await bench.PlannedAsync(Right.Erasure, new() { Requester = new("Ada Lind", "taxa@example.org", Relation.Self), Erasure = new([ErasureGround.Unknown]) });
        await bench.AnswerAllWithNothingAsync(reference);
        await bench.ApproveAsync(reference);
        await bench.SettleAsync();
        await bench.AnswerAsync(await bench.TaskAsync(reference, "erase:newsletter"), ReceiptOutcome.Completed, new ReceiptItem { Category = "newsletter-subscription", Found = 1, Anonymised = 1 });
        await bench.SettleAsync();

        await bench.AnswerAsync(await bench.TaskAsync(reference, "verify:erase:newsletter"), ReceiptOutcome.Completed, new ReceiptItem { Category = "newsletter-subscription", Found = 1 });

        Assert.That((await bench.TaskAsync(reference, "erase:newsletter")).State, Is.EqualTo(TaskState.Failed));
    }

    [Test]
    public void IdDesign_ACategoryThatNoSystemHoldsStopsTheMap()
    {
        var map = DataMapReader.Read(TestMaps.Small.Replace("- { key: orders, label: Orders }", "- { key: orders, label: Orders }\n  - { key: old-system, label: Old system }", StringComparison.Ordinal), "map.yaml");

        Assert.That(map.Errors.Select(error => error.Message), Has.Some.Contains("no activity holds it"));
    }
}
