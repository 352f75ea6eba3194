using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Connectors.Vendors;
using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Connectors.Vendors;

/// <summary>What a vendor sees and says by its link, and what nobody does.</summary>
internal sealed class VendorPagesTests
{
    private VendorBench bench = null!;
    private HttpClient browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        bench = await VendorBench.StartAsync();
        browser = bench.Service.NewBrowser();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task List_OpenedByAnybodysScanner_ShowsNothingPersonalAndChangesNothing()
    {
        var (task, token) = await WrittenAsync();
        var before = JsonSerializer.Serialize(await bench.TaskAsync(task.Id));
        var page = await browser.GetStringAsync(List(token));
        await browser.GetStringAsync(List(token));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(page, Does.Contain(Item(task, token).Replace("&", "&amp;", StringComparison.Ordinal)));
            Assert.That(page, Does.Not.Contain("ada.lind").IgnoreCase.And.Not.Contain("<script"));
            Assert.That(JsonSerializer.Serialize(await bench.TaskAsync(task.Id)), Is.EqualTo(before));
            Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<VendorLink>().AnyAsync(link => link.SeenAt != null)), Is.True);
        }
    }

    [Test]
    public async Task Item_Opened_ShowsWhoseDataAndIsRecordedAsByTheVendor()
    {
        var (task, token) = await WrittenAsync();
        var page = await browser.GetStringAsync(Item(task, token));
        var log = await bench.Service.InDatabaseAsync(db => db.Set<AccessLogEntry>().AsNoTracking().Where(entry => entry.RequestId == task.RequestId && entry.VendorLink != null).ToListAsync());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(page, Does.Contain("ada.lind@example.org").And.Not.Contain("Ada Lind"));
            Assert.That(log, Has.Count.EqualTo(1));
            Assert.That(log[0].StaffId, Is.Null);
            Assert.That(log[0].What, Is.EqualTo("vendor-item"));
        }
    }

    [Test]
    public async Task Link_ExpiredUnknownOrNone_SaysTheSame()
    {
        var (task, token) = await WrittenAsync();
        await bench.Service.InDatabaseAsync(db => db.Set<VendorLink>().ExecuteUpdateAsync(link => link.SetProperty(row => row.ExpiresAt, bench.Service.Clock.GetUtcNow())));
        string[] addresses = [List(token), List("x"), List(Secrets.NewToken()), "/vendor", List(new string('a', 4000)), Item(task, token), Item(task, "x"), $"/vendor/items/{Guid.CreateVersion7()}?token=x"];
        var answers = new HashSet<string>();
        foreach (var address in addresses)
        {
            var response = await browser.GetAsync(address);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), address);
            answers.Add(await response.Content.ReadAsStringAsync());
        }
        Assert.That(answers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Item_OfAnotherSystemOrController_DoesNotExist()
    {
        var (task, token) = await WrittenAsync();
        var another = await bench.ItemAsync();
        await bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == another.Id).ExecuteUpdateAsync(row => row.SetProperty(one => one.System, "address-updates")));
        var elsewhere = await bench.ItemAsync();
        await bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == elsewhere.Id).ExecuteUpdateAsync(row => row.SetProperty(one => one.Controller, "soundspectrum")));
        foreach (var forged in (RequestTask[])[another, elsewhere])
        {
            Assert.That((await browser.GetAsync(Item(forged, token))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            var form = await WebForm.OpenAsync(browser, Item(task, token), FormEnd(task, token));
            var posted = await form.To(Item(forged, token)).With("complete.outcome", "not-found").SendAsync();
            Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            posted = await form.To(Item(forged, token)).With("complete.outcome", "exception").With("complete.messages", "no").SendAsync();
            Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            var row = await bench.TaskAsync(forged.Id);
            Assert.That((row.State, row.Outcome, row.VendorNote), Is.EqualTo((TaskState.Sent, (ReceiptOutcome?)null, (byte[]?)null)));
        }
        Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<AccessLogEntry>().CountAsync(entry => entry.VendorLink != null && entry.RequestId == elsewhere.RequestId)), Is.Zero);
    }

    [Test]
    public async Task Answer_Done_EndsTheTaskByTheVendorsContactAndOnlyOnce()
    {
        var (task, token) = await WrittenAsync();
        var form = (await FormAsync(task, token)).With("complete.outcome", "done").With("complete.shipments.erased", "2");
        var first = await form.SendAsync();
        var again = await form.SendAsync();
        var other = await form.With("complete.shipments.erased", "3").With("complete.messages", "It was <b>three</b>.").SendAsync();
        var row = await bench.TaskAsync(task.Id);
        var page = await other.Content.ReadAsStringAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.Redirect, HttpStatusCode.Redirect)));
            Assert.That((row.State, row.Outcome, row.Handler), Is.EqualTo((TaskState.Done, ReceiptOutcome.Completed, $"vendor:{VendorBench.Contact}")));
            Assert.That(row.Items, Does.Contain("\"erased\":2"));
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(page, Does.Contain("another answer for this item already").And.Contain("It was &lt;b&gt;three&lt;/b&gt;.").And.Not.Contain("ada.lind"));
            Assert.That((await browser.GetAsync(Item(task, token))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task Answer_NotFound_EndsTheTask()
    {
        var (task, token) = await WrittenAsync();
        await (await FormAsync(task, token)).With("complete.outcome", "not-found").SendAsync();
        Assert.That((await bench.TaskAsync(task.Id)).Outcome, Is.EqualTo(ReceiptOutcome.NothingFound));
    }

    [Test]
    public async Task Answer_Problem_LeavesTheTaskOpenAndTellsStaffOnce()
    {
        var (task, token) = await WrittenAsync();
        var before = (await bench.MailsAsync(NoticeKind.VendorEscalation)).Count;
        const string note = "The archive is <script>alert(1)</script> locked.";
        await (await FormAsync(task, token)).With("complete.outcome", "exception").With("complete.messages", note).SendAsync();
        await (await FormAsync(task, token)).With("complete.outcome", "exception").With("complete.messages", note + " Still.").SendAsync();
        var row = await bench.TaskAsync(task.Id);
        var agent = await bench.Desk.ClientAsync(DsrService.Staff.StaffRole.Agent);
        var (_, detail) = await DeskBench.GetAsync(agent, DeskBench.Path(await ReferenceAsync(task)));
        var shown = detail.GetProperty("tasks").EnumerateArray().Single(one => one.GetProperty("taskId").GetGuid() == task.Id);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((row.State, row.Outcome), Is.EqualTo((TaskState.Sent, (ReceiptOutcome?)null)));
            Assert.That(System.Text.Encoding.UTF8.GetString(row.VendorNote!), Does.Not.Contain("archive"));
            Assert.That(shown.GetProperty("vendorNote").GetString(), Is.EqualTo(note + " Still."));
            Assert.That(shown.GetProperty("waitingFor").GetString(), Is.EqualTo("staff"));
            Assert.That(await bench.MailsAsync(NoticeKind.VendorEscalation), Has.Count.EqualTo(before + 1));
            Assert.That((await bench.MailsAsync(NoticeKind.VendorEscalation))[^1].Text, Does.Not.Contain("archive"));
        }
        // Settled after all, by the vendor itself.
        await (await FormAsync(task, token)).With("complete.outcome", "not-found").SendAsync();
        Assert.That((await bench.TaskAsync(task.Id)).State, Is.EqualTo(TaskState.Done));
    }

    [TestCase("done", "0", "", "complete.outcome")]
    [TestCase("", "1", "", "complete.outcome")]
    [TestCase("verified", "1", "", "complete.outcome")]
    [TestCase("not-found", "1", "", "complete.outcome")]
    [TestCase("exception", "1", "cannot", "complete.outcome")]
    [TestCase("exception", "0", "", "complete.messages")]
    [TestCase("exception", "0", "\u202Ereversed", "complete.messages")]
    [TestCase("done", "-1", "", "complete.shipments.erased")]
    [TestCase("done", "99999999999", "", "complete.shipments.erased")]
    public async Task Answer_ThatContradictsItself_ComesBackWithWhatWasTyped(string outcome, string erased, string note, string field)
    {
        var (task, token) = await WrittenAsync();
        var response = await (await FormAsync(task, token)).With("complete.outcome", outcome).With("complete.shipments.erased", erased).With("complete.messages", note).SendAsync();
        var page = await WebForm.ReadAsync(response);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.InRange(400, 422));
            Assert.That(page.QuerySelectorAll(".error-summary a").Select(link => link.GetAttribute("href")), Is.EqualTo([$"#f-{field.Replace('.', '-')}"]));
            Assert.That(page.QuerySelector("[name='complete.shipments.erased']")!.GetAttribute("value"), Is.EqualTo(erased));
            Assert.That((await bench.TaskAsync(task.Id)).State, Is.EqualTo(TaskState.Sent));
        }
    }

    [Test]
    public async Task Answer_NoteTooLong_IsRefused()
    {
        var (task, token) = await WrittenAsync();
        var response = await (await FormAsync(task, token)).With("complete.outcome", "exception").With("complete.messages", new string('x', 2001)).SendAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await bench.TaskAsync(task.Id)).VendorNote, Is.Null);
    }

    [Test]
    public async Task Answer_WithoutTheFormsToken_IsRefused()
    {
        var (task, token) = await WrittenAsync();
        using var content = new FormUrlEncodedContent([new("complete.outcome", "not-found")]);
        Assert.That((await bench.Service.Client.PostAsync(Item(task, token), content)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Answer_WithAnExpiredLink_ChangesNothing()
    {
        var (task, token) = await WrittenAsync();
        var form = (await FormAsync(task, token)).With("complete.outcome", "not-found");
        await bench.Service.InDatabaseAsync(db => db.Set<VendorLink>().ExecuteUpdateAsync(link => link.SetProperty(row => row.ExpiresAt, bench.Service.Clock.GetUtcNow())));
        Assert.That((await form.SendAsync()).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await bench.TaskAsync(task.Id)).State, Is.EqualTo(TaskState.Sent));
    }

    [Test]
    public async Task Files_HandedOver_EndTheAccessTask()
    {
        var (task, token) = await WrittenAsync(Right.Access);
        var empty = await (await FormAsync(task, token)).With("complete.outcome", "done").SendAsync();
        Assert.That(empty.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        var upload = await WebForm.OpenAsync(browser, Item(task, token), $"{task.Id}/files?token={token}");
        using var content = new MultipartFormDataContent
        {
            { new StringContent(upload["__RequestVerificationToken"]!), "__RequestVerificationToken" },
            { new StringContent("shipments"), "upload.category" },
        };
        using var file = new ByteArrayContent("weight,to\n2 kg,Sundsvall\n"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        content.Add(file, "upload.file", "ada lind.csv");
        var taken = await browser.PostAsync($"/vendor/items/{task.Id}/files?token={token}", content);
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await taken.Content.ReadAsStringAsync());
        await (await FormAsync(task, token)).With("complete.outcome", "done").SendAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await bench.TaskAsync(task.Id)).Outcome, Is.EqualTo(ReceiptOutcome.Completed));
            Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<StoredFile>().CountAsync(row => row.TaskId == task.Id)), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Upload_ManyFieldsBeforeTheFile_NotHeldInMemory()
    {
        var (task, token) = await WrittenAsync(Right.Access);
        var upload = await WebForm.OpenAsync(browser, Item(task, token), $"{task.Id}/files?token={token}");
        using var content = new MultipartFormDataContent
        {
            { new StringContent(upload["__RequestVerificationToken"]!), "__RequestVerificationToken" },
            { new StringContent("shipments"), "upload.category" },
        };
        for (var at = 0; at < 100; at++)
            content.Add(new StringContent("x"), $"more-{at}");
        using var file = new ByteArrayContent("weight\n2\n"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        content.Add(file, "upload.file", "a.csv");
        var refused = await browser.PostAsync($"/vendor/items/{task.Id}/files?token={token}", content);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<StoredFile>().AnyAsync(row => row.TaskId == task.Id)), Is.False);
    }

    [Test]
    public async Task Answer_OfStaffMeanwhile_StandsAndTheVendorsIsNotLost()
    {
        var (task, token) = await WrittenAsync();
        var form = (await FormAsync(task, token)).With("complete.outcome", "exception").With("complete.messages", "We cannot reach the archive.");
        await bench.Bench.AnswerAsync(task, ReceiptOutcome.NothingFound);
        var response = await form.SendAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("We cannot reach the archive."));
        Assert.That((await bench.TaskAsync(task.Id)).Outcome, Is.EqualTo(ReceiptOutcome.NothingFound));
    }

    private async Task<(RequestTask Task, string Token)> WrittenAsync(Right right = Right.Erasure)
    {
        var task = await bench.ItemAsync(right);
        await bench.RunAsync(1.1);
        return (task, await bench.TokenAsync());
    }

    private Task<WebForm> FormAsync(RequestTask task, string token) => WebForm.OpenAsync(browser, Item(task, token), FormEnd(task, token));

    private Task<string> ReferenceAsync(RequestTask task) =>
        bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().Where(row => row.Id == task.RequestId).Select(row => row.Reference).SingleAsync());

    private static string List(string token) => $"/vendor?token={token}";

    private static string Item(RequestTask task, string token) => $"/vendor/items/{task.Id}?token={token}";

    private static string FormEnd(RequestTask task, string token) => $"{task.Id}?token={token}";
}
