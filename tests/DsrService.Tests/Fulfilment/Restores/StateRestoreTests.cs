using System.Net;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Restores;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Tests.Restrictions;
using DsrService.Tests.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment.Restores;

/// <summary>After a restore from backup everything done since is done again, in its order, and proved.</summary>
internal sealed class StateRestoreTests
{
    private const string Webshop = "/desk/api/v1/systems/toontrack/webshop/restores";
    private StateBench bench = null!;
    private StaffCaller admin = null!;

    [SetUp]
    public async Task StartAsync()
    {
        bench = await StateBench.StartAsync();
        admin = bench.Bench.Approver with { Grants = [new(TestService.Controller, StaffRole.Admin)] };
    }

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Erasure_DoneSince_IsDoneAgainWithItsIdentifiersAndVerifiedThoughTheRequestIsClosed()
    {
        var before = Now;
        var reference = await FulfilledLaterAsync(Right.Erasure);
        // What the request knew of the person is gone by then.
        await bench.Service.InDatabaseAsync(db => db.Set<RequestIdentifier>().ExecuteDeleteAsync());
        var letters = (await bench.Service.NoticesAsync(reference)).Count;

        var restored = await RestoreAsync(before);
        await bench.Bench.SettleAsync();

        var again = await AgainAsync();
        var sent = bench.Bench.Sent.Last(sending => sending.Task.TaskId == again.Single().Id).Task;
        Assert.That(restored.Value!.Tasks.Select(task => (task.Reference, task.Action)), Is.EqualTo(new[] { (reference, TaskAction.Erase) }));
        Assert.That(sent.Identifiers!.Select(row => row.Value.Reveal()), Is.EqualTo(new[] { StateBench.Address }));
        Assert.That(sent.Scope.Count(item => item.Decision == ScopeDecision.Act), Is.GreaterThan(0));
        Assert.That(sent.DueAt, Is.GreaterThan(Now));

        await bench.WorkAsync(reference);
        var tasks = await bench.Bench.TasksAsync(reference);
        Assert.That(tasks.Single(task => task.Id == again.Single().Id).State, Is.EqualTo(TaskState.Verified));
        Assert.That(tasks.Where(task => task.Redoes is not null).Select(task => task.System).Distinct(), Is.EqualTo(new[] { "webshop" }));
        Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Fulfilled).Or.EqualTo(RequestStatus.PartlyFulfilled));
        Assert.That(await bench.Service.NoticesAsync(reference), Has.Count.EqualTo(letters), "told to nobody");
    }

    [Test]
    public async Task Erasure_DoneBefore_IsLeftAlone()
    {
        await FulfilledLaterAsync(Right.Erasure);
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await RestoreAsync(Now)).Value!.Tasks, Is.Empty);
    }

    [Test]
    public async Task SameStatement_TwiceAndAtOnce_HasOneEffect()
    {
        var before = Now;
        await FulfilledLaterAsync(Right.Erasure);
        var statements = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RestoreAsync(before)));
        Assert.That(statements.Select(stated => stated.Value!.Restore).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await AgainAsync(), Has.Count.EqualTo(1));
        Assert.That(await EventsAsync(), Has.Exactly(1).EqualTo("system.restored"));
    }

    [Test]
    public async Task RestoredOnceMore_ToBeforeTheSecondTime_IsDoneAThirdTime()
    {
        var before = Now;
        var reference = await FulfilledLaterAsync(Right.Erasure);
        await RestoreAsync(before);
        bench.Service.Clock.Advance(TimeSpan.FromDays(1));
        await bench.WorkAsync(reference);
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await RestoreAsync(Now.AddHours(-2))).Value!.Tasks, Has.Count.EqualTo(1), "a backup of the day between holds the person again");
    }

    [Test]
    public async Task Rectifications_OfOnePerson_GoOneAfterTheOther()
    {
        var before = Now;
        await FulfilledLaterAsync(Right.Rectification, Correcting("First Name"));
        var second = await FulfilledLaterAsync(Right.Rectification, Correcting("Second Name"));

        Assert.That((await RestoreAsync(before)).Value!.Tasks, Has.Count.EqualTo(2));
        await bench.Bench.SettleAsync();
        Assert.That((await AgainAsync()).Select(task => task.State), Is.EqualTo(new[] { TaskState.Sent, TaskState.Planned }));
        // Whatever else moves on the later request does not let it overtake.
        await bench.WorkAsync(second);
        Assert.That((await AgainAsync())[1].Attempt, Is.Zero);

        var first = (await AgainAsync())[0];
        Assert.That((await bench.Bench.AnswerAsync(first, ReceiptOutcome.Completed, new ReceiptItem { Category = "customer-account", Found = 1, Rectified = 1 })).Failure, Is.Null);
        await bench.Bench.SettleAsync();
        var again = (await AgainAsync()).ConvertAll(task => task.Id);
        var sent = bench.Bench.Sent.Where(sending => again.Contains(sending.Task.TaskId)).Select(sending => sending.Task.Corrections!.Single().Requested.Reveal());
        Assert.That(sent, Is.EqualTo(new[] { "First Name", "Second Name" }));
    }

    [Test]
    public async Task Restriction_InForceIsSetAgainAndALiftedOneIsNot()
    {
        var before = Now;
        var content = new IntakeContent { Requester = new("Ada Lind", StateBench.Address, Relation.Self), Restriction = new(RestrictionGround.NeededForClaims) };
        var lifted = await FulfilledLaterAsync(Right.Restriction, content);
        var standing = await FulfilledLaterAsync(Right.Restriction, content);
        await bench.Service.InScopeAsync(services => services.GetRequiredService<LiftRestriction>().HandleAsync(lifted, bench.Bench.Approver, new("Claim over."), CancellationToken.None));
        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Sent)));
        bench.Service.Clock.Advance(TimeSpan.FromDays(10));
        await bench.WorkAsync(lifted);

        Assert.That((await RestoreAsync(before)).Value!.Tasks.Select(task => (task.Reference, task.Action)), Is.EqualTo(new[] { (standing, TaskAction.Restrict) }));
        Assert.That((await RestoreAsync(Now.AddDays(-1))).Value!.Tasks.Select(task => (task.Reference, task.Action)), Is.EqualTo(new[] { (lifted, TaskAction.LiftRestriction) }), "a backup from between is lifted again");
    }

    [Test]
    public async Task KeptItems_KeptOnceMore_AreOnRecordOnce()
    {
        var before = Now;
        var kept = new ReceiptItem { Category = "invoices", Found = 2, Retained = 2, Reason = "17-3-b", Until = new(2033, 12, 31), Handle = "born-with" };
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        var reference = await bench.Bench.InProgressAsync(Right.Erasure);
        Assert.That((await bench.Bench.AnswerAsync(await bench.Bench.TaskAsync(reference, "erase:webshop"), ReceiptOutcome.PartlyRetained, kept)).Failure, Is.Null);
        await RestoreAsync(before);
        await bench.Bench.SettleAsync();
        Assert.That((await bench.Bench.AnswerAsync((await AgainAsync()).Single(), ReceiptOutcome.PartlyRetained, kept)).Failure, Is.Null);

        Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<KeptItem>().CountAsync(item => item.Reference == reference)), Is.EqualTo(1));
    }

    [Test]
    public async Task KeptItems_ErasedByHandleSince_AreErasedByTheHandleAlone()
    {
        var reference = await KeptAndErasedAsync(new DateOnly(2027, 12, 31));
        await RestoreAsync(Now.AddDays(-2));
        await bench.Bench.SettleAsync();
        var again = (await AgainAsync()).Single();
        var sent = bench.Bench.Sent.Last(sending => sending.Task.TaskId == again.Id).Task;
        Assert.That(sent.Identifiers, Is.Empty);
        Assert.That(sent.Scope.Select(item => item.Handle), Is.EqualTo(new[] { "born-with" }));
        var record = await bench.Service.InDatabaseAsync(db => db.Set<RedoRecord>().AsNoTracking().SingleAsync(row => row.TaskId == again.Redoes));
        Assert.That(record.Open(bench.Service.Services.GetRequiredService<KeyRing>()).Identifiers, Is.Empty, reference);
    }

    [TestCase(-30, 1)]
    [TestCase(30, 0)]
    public async Task TaskUnderWay_HandledBeforeTheStatement_IsDoneAgain(int minutes, int again)
    {
        bench.Service.Clock.Advance(TimeSpan.FromHours(2));
        var reference = await bench.Bench.InProgressAsync(Right.Erasure);
        var erase = await bench.Bench.TaskAsync(reference, "erase:webshop");
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        var stated = Now;
        Assert.That((await RestoreAsync(Now.AddHours(-2))).Value!.Tasks, Is.Empty);
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        var receipt = new Receipt
        {
            TaskId = erase.Id,
            Outcome = ReceiptOutcome.Completed,
            Items = [new() { Category = "customer-account", Found = 1, Erased = 1 }],
            HandledAt = stated.AddMinutes(minutes),
            Handler = "webshop 1.0",
        };
        Assert.That((await bench.Bench.AnswerAsync(erase, receipt)).Failure, Is.Null);
        Assert.That(await AgainAsync(), Has.Count.EqualTo(again));
    }

    [Test]
    public async Task TaskUnderWay_AnsweredBeforeItsSendingIsWrittenDown_IsDoneAgain()
    {
        bench.Service.Clock.Advance(TimeSpan.FromHours(2));
        bench.Bench.Sending = async outgoing =>
        {
            if (outgoing.Task is not { System: "webshop", Action: TaskAction.Erase, Preview: false })
                return;
            bench.Bench.Sending = null;
            var handled = Now;
            bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));
            await RestoreAsync(Now.AddHours(-2));
            bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));
            var receipt = new Receipt
            {
                TaskId = outgoing.Task.TaskId,
                Outcome = ReceiptOutcome.Completed,
                Items = [new() { Category = "customer-account", Found = 1, Erased = 1 }],
                HandledAt = handled,
                Handler = "webshop 1.0",
            };
            Assert.That((await bench.Bench.AnswerAsync(await bench.Bench.TaskAsync(outgoing.Task.Reference, "erase:webshop"), receipt)).Failure, Is.Null);
        };

        await bench.Bench.InProgressAsync(Right.Erasure);

        Assert.That(await AgainAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task NotDoneAgain_RefusedByTheSystem_IsShownAndHoldsBackWhatFollows()
    {
        var before = Now;
        var reference = await FulfilledLaterAsync(Right.Erasure);
        await RestoreAsync(before);
        await bench.Bench.SettleAsync();
        Assert.That((await bench.Bench.AnswerAsync((await AgainAsync()).Single(), ReceiptOutcome.Refused)).Failure, Is.Null);

        await SignInTests.AddAsync(bench.Service, "adela", new(TestService.Controller, StaffRole.Admin), new(TestService.Controller, StaffRole.Agent));
        var browser = bench.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, "adela", SignInTests.Password);
        var page = await browser.GetStringAsync(new Uri("/desk/systems/toontrack/webshop", UriKind.Relative));
        Assert.That(page, Does.Contain("the system refused").And.Contain("What cannot be made again the persons have to be told.").And.Contain(reference));
        Assert.That(await browser.GetStringAsync(new Uri($"/desk/requests/{reference}", UriKind.Relative)), Does.Contain("Made again: the system was restored to"));
    }

    [Test]
    public async Task Form_TypedMoment_StatesItAndBadOnesComeBack()
    {
        var before = Now;
        await FulfilledLaterAsync(Right.Erasure);
        await SignInTests.AddAsync(bench.Service, "adam", new CallerGrant(TestService.Controller, StaffRole.Admin));
        var browser = bench.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, "adam", SignInTests.Password);
        foreach (var typed in new[] { "", "yesterday", $"{Now.AddDays(2):yyyy-MM-ddTHH:mm}" })
        {
            var answer = await (await WebForm.OpenAsync(browser, "/desk/systems/toontrack/webshop", "/restores")).With("restore.restoredTo", typed).SendAsync();
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That((await WebForm.ReadAsync(answer)).QuerySelectorAll(".field-error"), Has.Length.EqualTo(1));
        }
        var stated = await (await WebForm.OpenAsync(browser, "/desk/systems/toontrack/webshop", "/restores")).With("restore.restoredTo", $"{before:yyyy-MM-ddTHH:mm}").SendAsync();
        Assert.That(stated.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(await browser.GetStringAsync(new Uri("/desk/systems/toontrack/webshop", UriKind.Relative)), Does.Contain("One change is made again."));
    }

    [TestCase("webshop", """{"restoredTo":"2031-01-01T00:00:00Z"}""", 400)]
    [TestCase("webshop", """{"restoredTo":"2020-01-01T00:00:00Z"}""", 400)]
    [TestCase("webshop", """{"restoredTo":"yesterday"}""", 400)]
    [TestCase("webshop", """{"restoredTo":null}""", 400)]
    [TestCase("webshop", "{}", 400)]
    [TestCase("webshop", """{"restoredTo":"2026-03-01T00:00:00Z","why":"x"}""", 400)]
    [TestCase("remarketing-partner", """{"restoredTo":"2026-03-01T00:00:00Z"}""", 409)]
    [TestCase("no-such-system", """{"restoredTo":"2026-03-01T00:00:00Z"}""", 404)]
    public async Task Api_BadStatement_IsAClearProblem(string system, string body, int status)
    {
        var desk = await ClientAsync(new CallerGrant(TestService.Controller, StaffRole.Admin));
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await desk.PostAsync(new Uri($"/desk/api/v1/systems/toontrack/{system}/restores", UriKind.Relative), content);
        var problem = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(status), problem);
        if (status == 400)
            Assert.That(JsonDocument.Parse(problem).RootElement.GetProperty("errors").EnumerateObject().Count(), Is.EqualTo(1));
        Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<Restore>().AnyAsync()), Is.False);
    }

    [TestCase(StaffRole.SystemOwner, TestService.Controller, "webshop", HttpStatusCode.OK)]
    [TestCase(StaffRole.SystemOwner, TestService.Controller, "newsletter", HttpStatusCode.NotFound)]
    [TestCase(StaffRole.Admin, "soundspectrum", null, HttpStatusCode.NotFound)]
    [TestCase(StaffRole.Officer, TestService.Controller, null, HttpStatusCode.Forbidden)]
    public async Task Api_WhoMayState_IsTheAdminAndTheSystemsOwner(StaffRole role, string controller, string? system, HttpStatusCode expected)
    {
        var desk = await ClientAsync(new CallerGrant(controller, role, system));
        Assert.That((await TestService.PostAsync(desk, Webshop, new { restoredTo = Now.AddHours(-1) })).Status, Is.EqualTo(expected));
    }

    private DateTimeOffset Now => bench.Service.Clock.GetUtcNow();

    private async Task<string> FulfilledLaterAsync(Right right, IntakeContent? content = null)
    {
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        var reference = await bench.FulfilledAsync(right, content);
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        return reference;
    }

    private Task<Result<StateRestore.Output>> RestoreAsync(DateTimeOffset to) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<StateRestore>().HandleAsync(TestService.Controller, "webshop", admin, new(to), CancellationToken.None));

    private Task<List<RequestTask>> AgainAsync() => bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().AsNoTracking()
        .Where(task => task.Redoes != null && task.Verifies == null && task.ReplacedBy == null).OrderBy(task => task.Redoes).ToListAsync());

    private Task<List<string>> EventsAsync() => bench.Service.InDatabaseAsync(db => db.Set<AuditEntry>().Where(entry => entry.Chain == "installation").Select(entry => entry.Event).ToListAsync());

    private async Task<HttpClient> ClientAsync(CallerGrant grant)
    {
        var id = Guid.CreateVersion7();
        await bench.Service.InDatabaseAsync(async db =>
        {
            db.Add(new StaffMember { Id = id, UserName = $"member-{id}", DisplayName = "Member", SecurityStamp = Guid.CreateVersion7() });
            db.Add(new StaffGrant { Id = Guid.CreateVersion7(), StaffId = id, Controller = grant.Controller, Role = grant.Role, System = grant.System });
            return await db.SaveChangesAsync();
        });
        return bench.Service.NewClient(bearer: await bench.Service.InScopeAsync(services => services.GetRequiredService<IssueToken>().HandleAsync(id, null, CancellationToken.None)));
    }

    private async Task<string> KeptAndErasedAsync(DateOnly until)
    {
        var reference = await bench.Bench.InProgressAsync(Right.Erasure);
        var kept = new ReceiptItem { Category = "invoices", Found = 1, Retained = 1, Reason = "17-3-b", Until = until, Handle = "born-with" };
        await bench.Bench.AnswerAsync(await bench.Bench.TaskAsync(reference, "erase:webshop"), ReceiptOutcome.PartlyRetained, kept);
        await bench.Bench.SettleAsync();
        await bench.Bench.AnswerAsync((await bench.Bench.TasksAsync(reference)).Single(task => task is { Action: TaskAction.Verify, System: "webshop" }), ReceiptOutcome.PartlyRetained, kept);
        await bench.Bench.AnswerAllWithNothingAsync(reference);
        await bench.AnswerAsync(reference);
        await bench.Service.RunJobAsync<EraseKeptItems>(until.AddDays(2).ToDateTime(default, DateTimeKind.Utc) - Now.UtcDateTime);
        await bench.Bench.SettleAsync();
        var erase = (await bench.Bench.TasksAsync(reference)).Single(task => task.EndsKept);
        Assert.That((await bench.Bench.AnswerAsync(erase, ReceiptOutcome.Completed, new ReceiptItem { Category = "invoices", Found = 1, Erased = 1 })).Failure, Is.Null);
        bench.Service.Clock.Advance(TimeSpan.FromDays(1));
        return reference;
    }

    private static IntakeContent Correcting(string name) => new()
    {
        Requester = new("Ada Lind", StateBench.Address, Relation.Self),
        Corrections = [new("name", new Personal<string?>("Old Name"), new Personal<string?>(name), new Personal<string?>(null))],
    };
}
