using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using DsrService.Tests.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment.Desk;

/// <summary>A task worked by hand, in the browser.</summary>
internal sealed class TaskPagesTests
{
    private DeskBench desk = null!;
    private HttpClient agent = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        await SignInTests.AddAsync(desk.Service, "agneta", new CallerGrant(TestService.Controller, StaffRole.Agent));
        agent = desk.Service.NewBrowser();
        await SignInTests.SignInAsync(agent, "agneta", SignInTests.Password);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task Complete_TypedCounts_BecomeTheReceipt()
    {
        var (path, task) = await TaskAsync(Right.Erasure, "erase:fulfilment-vendor");
        var (status, _) = await PostAsync(path, "complete", ("complete.outcome", "partly-retained"), ("complete.shipments.erased", "2"),
            ("complete.shipments.retained", "1"), ("complete.shipments.reason", "A parcel is under way."), ("complete.shipments.until", "2026-04-30"));
        var done = (await desk.Bench.TasksAsync(path.Split('/')[3])).Single(row => row.Id == task.Id);
        Assert.That(status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((done.State, done.Outcome), Is.EqualTo((TaskState.Done, Sdk.Contracts.ReceiptOutcome.PartlyRetained)));
        Assert.That(done.Items, Does.Contain("\"found\":3").And.Contain("\"until\":\"2026-04-30\""));
    }

    [Test]
    public async Task Complete_KeptUnderAMark_IsErasedLaterByTheMarkAlone()
    {
        var (path, _) = await TaskAsync(Right.Erasure, "erase:fulfilment-vendor");
        Assert.That(await agent.GetStringAsync(new Uri(path, UriKind.Relative)), Does.Contain("ada.lind@example.org"));
        await PostAsync(path, "complete", ("complete.outcome", "partly-retained"), ("complete.shipments.retained", "1"),
            ("complete.shipments.reason", "A parcel is under way."), ("complete.shipments.until", "2026-04-30"), ("complete.shipments.handle", "F-77"));
        var reference = path.Split('/')[3];
        await desk.Service.InDatabaseAsync(db => db.Set<KeptItem>().Where(item => item.Reference == reference).ExecuteUpdateAsync(update => update
            .SetProperty(item => item.Until, DateOnly.FromDateTime(desk.Service.Clock.GetUtcNow().UtcDateTime).AddDays(-1))));

        await desk.Service.InScopeAsync(async services =>
        {
            await ActivatorUtilities.CreateInstance<EraseKeptItems>(services).RunAsync(CancellationToken.None);
            return true;
        });
        await desk.Bench.SettleAsync();

        var later = (await desk.Bench.TasksAsync(reference)).Single(task => task.EndsKept);
        var page = await agent.GetStringAsync(new Uri($"/desk/requests/{reference}/tasks/{later.Id}", UriKind.Relative));
        Assert.That(page, Does.Contain("F-77").And.Contain("complete.shipments.erased").And.Not.Contain("ada.lind@example.org"));
    }

    [Test]
    public async Task Complete_KeptWithoutReason_ComesBackAtItsField()
    {
        var (path, _) = await TaskAsync(Right.Erasure, "erase:fulfilment-vendor");
        var (status, page) = await PostAsync(path, "complete", ("complete.outcome", "partly-retained"), ("complete.shipments.retained", "1"));
        Assert.That(status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(page!.QuerySelectorAll(".error-summary a").Select(link => link.GetAttribute("href")), Is.EqualTo(["#f-complete-shipments-reason"]));
        Assert.That(((IHtmlInputElement)page.QuerySelector("[name='complete.shipments.retained']")!).Value, Is.EqualTo("1"));
    }

    [TestCase("complete.shipments.erased", "two")]
    [TestCase("complete.shipments.erased", "-1")]
    [TestCase("complete.shipments.until", "soon")]
    [TestCase("complete.outcome", "done")]
    public async Task Complete_NoNumberOrDay_ComesBackAtItsField(string field, string value)
    {
        var (path, _) = await TaskAsync(Right.Erasure, "erase:fulfilment-vendor");
        (string, string)[] fields = [("complete.outcome", "completed"), (field, value)];
        var (status, page) = await PostAsync(path, "complete", [.. fields.GroupBy(pair => pair.Item1).Select(pairs => pairs.Last())]);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page!.QuerySelectorAll(".field-error"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task SetAside_WithReason_EndsTheTask()
    {
        var (path, task) = await TaskAsync(Right.Erasure, "erase:fulfilment-vendor");
        Assert.That((await PostAsync(path, "set-aside", ("set-aside.reason", ""))).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await PostAsync(path, "set-aside", ("set-aside.reason", "The vendor is bankrupt."))).Status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await desk.Bench.TasksAsync(path.Split('/')[3])).Single(row => row.Id == task.Id).State, Is.EqualTo(TaskState.SetAside));
    }

    [Test]
    public async Task Files_HandedOver_AreCountedByThemselves()
    {
        var (path, task) = await TaskAsync(Right.Access, "access:fulfilment-vendor");
        Assert.That(await UploadAsync(path, TokenIn.Form, "shipments", "{\"parcel\":1}\n{\"parcel\":2}\n", "application/x-ndjson"), Is.EqualTo(HttpStatusCode.Redirect));
        var file = await desk.Service.InDatabaseAsync(db => db.Set<StoredFile>().SingleAsync(row => row.TaskId == task.Id));
        Assert.That((file.Category, file.Records, file.Part), Is.EqualTo(("shipments", 2, "shipments-1")), "the name the file had is not kept");

        var (status, _) = await PostAsync(path, "complete", ("complete.outcome", "completed"));
        var done = (await desk.Bench.TasksAsync(path.Split('/')[3])).Single(row => row.Id == task.Id);
        Assert.That((status, done.State), Is.EqualTo((HttpStatusCode.Redirect, TaskState.Done)));
        Assert.That(done.Items, Does.Contain("\"handed\":2"));
    }

    [TestCase(TokenIn.Nowhere, "shipments", HttpStatusCode.BadRequest)]
    [TestCase(TokenIn.AfterTheFile, "shipments", HttpStatusCode.BadRequest)]
    [TestCase(TokenIn.Form, "invoices", HttpStatusCode.UnprocessableEntity)]
    public async Task Files_NoTokenBeforeThemOrForeignCategory_AreNotTaken(TokenIn token, string category, HttpStatusCode expected)
    {
        var (path, task) = await TaskAsync(Right.Access, "access:fulfilment-vendor");
        Assert.That(await UploadAsync(path, token, category, "text", "text/plain"), Is.EqualTo(expected));
        Assert.That(await desk.Service.InDatabaseAsync(db => db.Set<StoredFile>().AnyAsync(row => row.TaskId == task.Id)), Is.False);
    }

    [Test]
    public async Task Page_OwnerOfTheSystem_SeesTheTaskAndNothingElseOfTheRequest()
    {
        var (path, _) = await TaskAsync(Right.Erasure, "erase:address-updates");
        var name = "owner" + Guid.CreateVersion7().ToString("N");
        await SignInTests.AddAsync(desk.Service, name, new CallerGrant(TestService.Controller, StaffRole.SystemOwner, "address-updates"));
        var owner = desk.Service.NewBrowser();
        await SignInTests.SignInAsync(owner, name, SignInTests.Password);
        var page = new HtmlParser().ParseDocument(await owner.GetStringAsync(new Uri(path, UriKind.Relative)));
        Assert.That(page.QuerySelectorAll("form").Select(form => form.GetAttribute("action")!.Split('/')[^1]), Is.EqualTo(["sign-out", "complete"]));
        Assert.That(page.QuerySelectorAll($"a[href='/desk/requests/{path.Split('/')[3]}']"), Is.Empty);
        var vendors = (await desk.Bench.TaskAsync(path.Split('/')[3], "erase:fulfilment-vendor")).Id;
        Assert.That((await owner.GetAsync(new Uri($"/desk/requests/{path.Split('/')[3]}/tasks/{vendors}", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    public enum TokenIn
    {
        Form,
        AfterTheFile,
        Nowhere,
    }

    private async Task<(string Path, RequestTask Task)> TaskAsync(Right right, string step)
    {
        var reference = await desk.PlannedAsync(right);
        await desk.Bench.AnswerAllWithNothingAsync(reference);
        Assert.That((await desk.Bench.ApproveAsync(reference)).Failure, Is.Null);
        await desk.Bench.AnswerAllWithNothingAsync(reference, open => open.Binding != Binding.Manual);
        var task = await desk.Bench.TaskAsync(reference, step);
        return ($"/desk/requests/{reference}/tasks/{task.Id}", task);
    }

    private async Task<(HttpStatusCode Status, IHtmlDocument? Page)> PostAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        var page = await agent.GetStringAsync(new Uri(path, UriKind.Relative));
        using var content = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", SignInTests.TokenOf(page))).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        var response = await agent.PostAsync(new Uri($"{path}/{form}", UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : new HtmlParser().ParseDocument(text));
    }

    private async Task<HttpStatusCode> UploadAsync(string path, TokenIn where, string category, string text, string type)
    {
        var token = SignInTests.TokenOf(await agent.GetStringAsync(new Uri(path, UriKind.Relative)));
        using var content = new MultipartFormDataContent();
        if (where == TokenIn.Form)
            content.Add(new StringContent(token), "__RequestVerificationToken");
        content.Add(new StringContent(category), "upload.category");
        content.Add(new StringContent(text, new MediaTypeHeaderValue(type)), "upload.file", "ada.lind@example.org.txt");
        if (where == TokenIn.AfterTheFile)
            content.Add(new StringContent(token), "__RequestVerificationToken");
        return (await agent.PostAsync(new Uri($"{path}/files", UriKind.Relative), content)).StatusCode;
    }
}
