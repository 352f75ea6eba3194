using System.Net;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using DsrService.Tests.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Connectors;

/// <summary>Emergency stop: nothing goes out, nothing queued is lost, answers count.</summary>
internal sealed class StopSystemTests
{
    private const string Webshop = "/desk/api/v1/systems/toontrack/webshop";
    private const string Everything = "/desk/api/v1/systems/toontrack";
    private DeskBench desk = null!;
    private HttpClient admin = null!;
    private Guid adminId;

    [SetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        (admin, adminId) = await desk.MemberAsync(StaffRole.Admin);
    }

    [TearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task Stop_OneSystem_HoldsItsTasksAndNoOthersUntilTheStart()
    {
        await PostAsync($"{Webshop}/stop", new { reason = "It erases the wrong people." });
        await desk.PlannedAsync(Right.Erasure);
        await desk.Bench.SettleAsync();
        Assert.That(SentTo(), Has.None.EqualTo("webshop").And.Some.EqualTo("support-forum"));

        // Through the days that a stop may last, nothing of it is tried, given up or forgotten.
        desk.Service.Clock.Advance(TimeSpan.FromDays(3));
        await desk.Bench.SettleAsync();
        Assert.That(SentTo(), Has.None.EqualTo("webshop"));

        await PostAsync($"{Webshop}/start", null);
        await desk.Bench.SettleAsync();
        Assert.That(desk.Bench.Sent.Where(sent => sent.Task.System == "webshop").Select(sent => sent.Task.Attempt), Is.Not.Empty.And.All.EqualTo(1));
    }

    [Test]
    public async Task Stop_AllOfAController_HoldsEvenWhatIsAddedLaterAndOneCannotBeStartedAlone()
    {
        var stopped = await PostAsync($"{Everything}/stop", new { });
        await desk.PlannedAsync(Right.Erasure);
        await desk.Bench.SettleAsync();
        Assert.That(desk.Bench.Sent, Is.Empty);
        Assert.That(stopped.TryGetProperty("system", out _), Is.False);

        var (status, problem, _) = await TestService.PostAsync(admin, $"{Webshop}/start", new { });
        Assert.That((status, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Conflict, "system.all_stopped")));

        await PostAsync($"{Webshop}/stop", null);
        await PostAsync($"{Everything}/start", null);
        await desk.Bench.SettleAsync();
        Assert.That(SentTo(), Has.None.EqualTo("webshop").And.Some.EqualTo("support-forum"), "what was stopped by itself stays so");
    }

    [Test]
    public async Task Stop_WhileATaskIsOut_ItsReceiptCountsAndItsVerificationWaits()
    {
        var reference = await desk.Bench.InProgressAsync(Right.Erasure);
        var erase = await desk.Bench.TaskAsync(reference, "erase:webshop");
        await PostAsync($"{Webshop}/stop", null);
        var answered = await desk.Bench.AnswerAsync(erase, ReceiptOutcome.Completed, new ReceiptItem { Category = "customer-account", Found = 1, Erased = 1 });
        Assert.That(answered.Failure?.Errors, Is.Null);
        await desk.Bench.SettleAsync();

        var tasks = await desk.Bench.TasksAsync(reference);
        Assert.That(tasks.Single(task => task.Id == erase.Id).State, Is.EqualTo(TaskState.Done));
        Assert.That(tasks.Single(task => task.Verifies == erase.Id).Attempt, Is.Zero);
        var (_, detail) = await DeskBench.GetAsync(await desk.ClientAsync(StaffRole.Agent), DeskBench.Path(reference));
        var waiting = detail.GetProperty("tasks").EnumerateArray().Single(task => task.GetProperty("verifies").ValueKind == JsonValueKind.String);
        Assert.That(waiting.GetProperty("waitingFor").GetString(), Is.EqualTo("start-of-system"));
    }

    [Test]
    public async Task Stop_WhileABatchOfSlowSystemsIsOut_HoldsTheRestAndCountsNoAttempt()
    {
        for (var count = 0; count < 150; count++)
            await desk.PlannedAsync(Right.Erasure);
        var (first, stopped) = (0, new TaskCompletionSource());
        desk.Bench.Sending = async _ =>
        {
            if (Interlocked.Exchange(ref first, 1) == 1)
                await stopped.Task;
            await PostAsync($"{Everything}/stop", null);
            desk.Service.Clock.Advance(TimeSpan.FromSeconds(2));
            stopped.TrySetResult();
        };
        await desk.Bench.DispatchAsync();

        var rows = await desk.Service.InDatabaseAsync(db => db.Set<RequestTask>().AsNoTracking().Where(task => task.NextAttemptAt != null).ToListAsync());
        Assert.That(rows.Sum(task => task.Attempt), Is.EqualTo(desk.Bench.Sent.Count).And.LessThan(rows.Count(task => task.Binding == Binding.Bus)));
        desk.Bench.Sending = null;
        await PostAsync($"{Everything}/start", null);
        await desk.Bench.SettleAsync();
        Assert.That(desk.Bench.Sent.GroupBy(one => (one.Task.TaskId, one.Task.Attempt)).Where(group => group.Count() > 1), Is.Empty);
    }

    [Test]
    public async Task StopAndStart_Twice_HaveOneEffectAndOneEntryEachWithWhoAndWhy()
    {
        foreach (var (call, body) in new (string, object)[] { ("stop", new { reason = "Wrong people" }), ("stop", new { reason = "Again" }), ("start", new { reason = "Mended" }), ("start", new { }) })
            await PostAsync($"{Webshop}/{call}", body);

        var entries = await desk.Service.InDatabaseAsync(db => db.Set<AuditEntry>().Where(entry => entry.Event == "system.stopped" || entry.Event == "system.started").OrderBy(entry => entry.Sequence).ToListAsync());
        Assert.That(entries.Select(entry => (entry.Chain, entry.Actor, entry.Event)), Is.EqualTo(new[]
        {
            ("installation", $"staff:{adminId}", "system.stopped"), ("installation", $"staff:{adminId}", "system.started"),
        }));
        Assert.That(entries[0].Facts, Is.EqualTo("""{"controller":"toontrack","system":"webshop","reason":"Wrong people"}"""));
    }

    [Test]
    public async Task Systems_Stopped_SaySinceWhenByWhomAndWhy()
    {
        await PostAsync("/desk/api/v1/systems/toontrack/address-updates/stop", new { reason = "The list is wrong" });
        var (_, systems) = await DeskBench.GetAsync(admin, "/desk/api/v1/systems");
        var system = systems.EnumerateArray().Single(row => row.GetProperty("system").GetString() == "address-updates");
        Assert.That((system.GetProperty("health").GetString(), system.GetProperty("stopped").GetBoolean(), system.GetProperty("stop").GetProperty("reason").GetString(), system.GetProperty("stop").GetProperty("allSystems").GetBoolean()),
            Is.EqualTo(("stopped", true, "The list is wrong", false)));
        Assert.That(system.GetProperty("stop").GetProperty("by").GetString(), Does.StartWith("member-"));
    }

    [TestCase(StaffRole.Officer, TestService.Controller, "webshop", HttpStatusCode.Forbidden)]
    [TestCase(StaffRole.SystemOwner, TestService.Controller, "webshop", HttpStatusCode.Forbidden)]
    [TestCase(StaffRole.Admin, DeskBench.Elsewhere, "webshop", HttpStatusCode.NotFound)]
    [TestCase(StaffRole.Admin, TestService.Controller, "no-such-system", HttpStatusCode.NotFound)]
    public async Task Stop_NotTheirs_IsRefused(StaffRole role, string controller, string system, HttpStatusCode expected)
    {
        var client = await desk.ClientAsync(role, controller, role == StaffRole.SystemOwner ? system : null);
        var (status, _, _) = await TestService.PostAsync(client, $"/desk/api/v1/systems/toontrack/{system}/stop", new { });
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(await desk.Service.InDatabaseAsync(db => db.Set<SystemStop>().AnyAsync()), Is.False);
    }

    [TestCase("""{"reason":"\u0007"}""")]
    [TestCase("""{"why":"x"}""")]
    [TestCase("""{""")]
    public async Task Stop_BadBody_IsAClearProblem(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        Assert.That((await admin.PostAsync(new Uri($"{Webshop}/stop", UriKind.Relative), content)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Pages_AdminsForms_StopAndStartOneAndAll()
    {
        await SignInTests.AddAsync(desk.Service, "adam", new CallerGrant(TestService.Controller, StaffRole.Admin));
        var browser = desk.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, "adam", SignInTests.Password);

        await (await WebForm.OpenAsync(browser, "/desk/systems/toontrack/webshop", "/stop")).With("stop.reason", "Looks odd").SendAsync();
        Assert.That(await browser.GetStringAsync(new Uri("/desk/systems/toontrack/webshop?done=stop", UriKind.Relative)), Does.Contain("Looks odd").And.Contain("This system is stopped").And.Contain("by adam"));
        await (await WebForm.OpenAsync(browser, "/desk/systems/toontrack/webshop", "/start")).SendAsync();
        await (await WebForm.OpenAsync(browser, "/desk/systems", "toontrack/stop")).With("stop.reason", "A leak").SendAsync();
        Assert.That(await browser.GetStringAsync(new Uri("/desk/systems", UriKind.Relative)), Does.Contain("All systems are stopped").And.Contain("A leak"));
        Assert.That(await browser.GetStringAsync(new Uri("/desk/systems/toontrack/webshop", UriKind.Relative)), Does.Not.Contain("Start this system"));
        await (await WebForm.OpenAsync(browser, "/desk/systems", "toontrack/start")).SendAsync();
        Assert.That(await desk.Service.InDatabaseAsync(db => db.Set<SystemStop>().AnyAsync()), Is.False);
    }

    [Test]
    public async Task Pages_Agent_SeesTheStopAndNoForm()
    {
        await PostAsync($"{Webshop}/stop", new { reason = "Looks odd" });
        await SignInTests.AddAsync(desk.Service, "agda", new CallerGrant(TestService.Controller, StaffRole.Agent));
        var browser = desk.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, "agda", SignInTests.Password);
        var page = await browser.GetStringAsync(new Uri("/desk/systems/toontrack/webshop", UriKind.Relative));
        Assert.That(page, Does.Contain("Looks odd").And.Not.Contain("stop.reason"));
    }

    private IEnumerable<string> SentTo() => desk.Bench.Sent.Select(sent => sent.Task.System);

    private async Task<JsonElement> PostAsync(string path, object? body)
    {
        var response = body is null ? await admin.PostAsync(new Uri(path, UriKind.Relative), null) : (await TestService.PostAsync(admin, path, body)).Response;
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
