using System.Net;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using DsrService.Tests.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Fulfilment.Desk;

/// <summary>Art. 19 at soundspectrum: of three partners one is silent, one refuses, one is late.</summary>
internal sealed class ListRecipientsTests
{
    private const string Controller = "soundspectrum";
    private DeskBench desk = null!;
    private HttpClient agent = null!;
    private Guid member;
    private string reference = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        (agent, member) = await desk.MemberAsync(StaffRole.Agent, Controller);
        reference = await desk.Bench.PlannedAsync(Right.Erasure, controller: Controller);
        await desk.Bench.AnswerAllWithNothingAsync(reference, task => task.Action != TaskAction.Notify);
        Assert.That((await desk.Bench.ApproveAsync(reference, desk.Bench.Approver with { Grants = [new CallerGrant(Controller, StaffRole.Approver)] })).Failure, Is.Null);
        await desk.Bench.AnswerAllWithNothingAsync(reference, task => task.Action != TaskAction.Notify);
        await desk.Bench.AnswerAsync(await PartnerAsync("partner-merlin"), ReceiptOutcome.Refused);
        desk.Service.Clock.Advance(TimeSpan.FromDays(9));
        await desk.Bench.AnswerAsync(await PartnerAsync("partner-aurora"), ReceiptOutcome.NothingFound);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task OfARequest_ThreePartners_EachAsItIs()
    {
        var (status, entries) = await DeskBench.GetAsync(agent, DeskBench.Path(reference, "recipients"));
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(State(entries, "vista"), Is.EqualTo("silent"));
            Assert.That(State(entries, "merlin"), Is.EqualTo("refused"));
            Assert.That(State(entries, "aurora"), Is.EqualTo("answered-late"));
            Assert.That(Of(entries, "merlin").GetProperty("messages")[0].GetString(), Is.EqualTo("not now"));
            Assert.That(Of(entries, "vista").GetProperty("toldAt").GetDateTimeOffset(), Is.EqualTo(desk.Service.Clock.GetUtcNow().AddDays(-9)).Within(TimeSpan.FromMinutes(1)));
            Assert.That(Of(entries, "vista").TryGetProperty("answeredAt", out _), Is.False);
            Assert.That(await desk.Service.InDatabaseAsync(db => db.Set<AccessLogEntry>().AnyAsync(entry => entry.StaffId == member && entry.What == "recipients")), Is.True);
        }
    }

    [Test]
    public async Task OfARequest_Partners_HoldNothingOpen()
    {
        var open = (await desk.Bench.TasksAsync(reference)).Where(task => task.State == TaskState.Sent).Select(task => task.System);
        Assert.That(open, Is.EqualTo(["partner-vista"]));
        Assert.That((await desk.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.AwaitingDecision));
    }

    [Test]
    public async Task Across_ThePartners_TheSilentOneFirst()
    {
        var (_, rows) = await DeskBench.GetAsync(agent, "/desk/api/v1/recipients");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows[0].GetProperty("recipient").GetString(), Is.EqualTo("vista"));
            Assert.That(rows[0].GetProperty("unanswered").GetInt32(), Is.EqualTo(1));
            Assert.That(Of(rows, "merlin").GetProperty("refused").GetInt32(), Is.EqualTo(1));
            Assert.That(Of(rows, "aurora").GetProperty("answered").GetInt32(), Is.EqualTo(1));
            Assert.That(Of(rows, "aurora").TryGetProperty("silentSince", out var since) && since.ValueKind != JsonValueKind.Null, Is.False);
        }
        var (status, entries) = await DeskBench.GetAsync(agent, $"/desk/api/v1/recipients/{Controller}/vista");
        Assert.That((status, entries[0].GetProperty("reference").GetString(), State(entries, "vista")), Is.EqualTo((HttpStatusCode.OK, reference, "silent")));
    }

    [Test]
    public async Task Pages_OfAgent_ShowTheSame()
    {
        await SignInTests.AddAsync(desk.Service, "siv", new CallerGrant(Controller, StaffRole.Agent));
        var browser = desk.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, "siv", SignInTests.Password);
        var one = await browser.GetStringAsync(new Uri($"/desk/requests/{reference}/recipients", UriKind.Relative));
        var all = await browser.GetStringAsync(new Uri("/desk/recipients", UriKind.Relative));
        var vista = await browser.GetStringAsync(new Uri($"/desk/recipients/{Controller}/vista", UriKind.Relative));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(one, Does.Contain("Vista Displays").And.Contains("Silent").And.Contains("Refused").And.Contains("Answered late").And.Contains("not now"));
            Assert.That(all, Does.Contain("Vista Displays"));
            Assert.That(vista, Does.Contain(reference).And.Not.Contain("ada.lind"));
        }
    }

    [Test]
    public async Task OfAnotherController_NothingIsSaid()
    {
        var foreign = await desk.ClientAsync(StaffRole.Officer);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await DeskBench.GetAsync(foreign, DeskBench.Path(reference, "recipients"))).Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await DeskBench.GetAsync(foreign, $"/desk/api/v1/recipients/{Controller}/vista")).Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await DeskBench.GetAsync(foreign, "/desk/api/v1/recipients")).Body.GetArrayLength(), Is.Zero);
            Assert.That((await DeskBench.GetAsync(await desk.ClientAsync(StaffRole.SystemOwner, Controller, "payments"), "/desk/api/v1/recipients")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        }
    }

    [TestCase(Binding.Manual, TaskState.Sent, null, null, TestName = "ToldAt_OnSomebodysList_IsNothing")]
    [TestCase(Binding.Manual, TaskState.Done, ReceiptOutcome.Completed, 2, TestName = "ToldAt_DoneByHand_IsWhenItWasDone")]
    [TestCase(Binding.Manual, TaskState.Done, ReceiptOutcome.Refused, null, TestName = "ToldAt_NotDoneByHand_IsNothing")]
    [TestCase(Binding.Pull, TaskState.Sent, null, null, TestName = "ToldAt_NotFetched_IsNothing")]
    [TestCase(Binding.Opendsr, TaskState.Sent, null, 1, TestName = "ToldAt_Sent_IsWhenItWasSent")]
    [TestCase(Binding.Opendsr, TaskState.Done, ReceiptOutcome.Refused, 1, TestName = "ToldAt_RefusedByItsSystem_IsWhenItWasSent")]
    public void ToldAt_Of(Binding binding, TaskState state, ReceiptOutcome? outcome, int? expectedDay)
    {
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var task = new RequestTask
        {
            Id = Guid.CreateVersion7(),
            RequestId = Guid.CreateVersion7(),
            Controller = Controller,
            System = "x",
            Binding = binding,
            Action = TaskAction.Notify,
            Step = "x",
            Scope = "[]",
            CreatedAt = start,
            State = state,
            Outcome = outcome,
            SentAt = start.AddDays(1),
            EndedAt = outcome is null ? null : start.AddDays(2),
        };
        Assert.That(task.ToldAt, Is.EqualTo(expectedDay is { } day ? start.AddDays(day) : (DateTimeOffset?)null));
    }

    private async Task<RequestTask> PartnerAsync(string system) => (await desk.Bench.TasksAsync(reference)).Single(task => task.System == system && task.Action == TaskAction.Notify);

    private static JsonElement Of(JsonElement rows, string recipient) => rows.EnumerateArray().Single(row => row.GetProperty("recipient").GetString() == recipient);

    private static string? State(JsonElement rows, string recipient) => Of(rows, recipient).GetProperty("state").GetString();
}
