using System.Net;
using DsrService.Fulfilment.Desk;
using DsrService.Notices;
using DsrService.Staff;
using DsrService.Tests.DataMap;
using DsrService.Tests.Response;
using DsrService.Tests.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment.Desk;

/// <summary>Art. 19: what those said who were written to.</summary>
internal sealed class RecordRecipientAnswerTests
{
    private const string Recipient = "accountant";
    private ResponseScene scene = null!;
    private StaffCaller agent = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        scene = await ResponseScene.StartAsync(settings: [("Dsr:DataMaps", TestMaps.WithRecipientByMail())]);
        agent = scene.Approver with { Grants = [new CallerGrant(TestService.Controller, StaffRole.Agent)] };
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await scene.DisposeAsync();

    private DateOnly Today => DateOnly.FromDateTime(scene.Service.Clock.GetUtcNow().UtcDateTime);

    [TestCase("completed", RecipientState.Answered)]
    [TestCase("nothing-found", RecipientState.Answered)]
    [TestCase("refused", RecipientState.Refused)]
    [TestCase("impossible", RecipientState.SetAside)]
    public async Task HandleAsync_WrittenTo_StandsInTheLedgerWithItsWords(string answer, RecipientState state)
    {
        var request = await ToldAsync();
        Assert.That((await EntryAsync(request)).State, Is.EqualTo(RecipientState.Told));

        var recorded = await RecordAsync(request, new(answer, Today, "By telephone, Ms Ek."));

        var entry = await EntryAsync(request);
        Assert.That(recorded.Failure, Is.Null);
        Assert.That((entry.State, entry.AnsweredOn, entry.Messages.Single()), Is.EqualTo((state, (DateOnly?)Today, "By telephone, Ms Ek.")));
        Assert.That(await request.AuditAsync(), Does.Contain("recipient.answered"));
        Assert.That(await scene.Service.InDatabaseAsync(db => db.Set<DsrService.Audit.AuditEntry>().AnyAsync(row => row.Facts.Contains("Ms Ek"))), Is.False, "sealed there as well");
    }

    [Test]
    public async Task HandleAsync_AfterAWeek_IsALateAnswer()
    {
        var request = await ToldAsync();
        await scene.Service.InDatabaseAsync(db => db.Set<Notice>().Where(row => row.RequestId == request.Id && row.Recipient == Recipient)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.SentAt, scene.Service.Clock.GetUtcNow().AddDays(-9)).SetProperty(row => row.CreatedAt, scene.Service.Clock.GetUtcNow().AddDays(-9))));
        Assert.That((await EntryAsync(request)).State, Is.EqualTo(RecipientState.Silent));

        await RecordAsync(request, new("completed", Today, null));

        Assert.That((await EntryAsync(request)).State, Is.EqualTo(RecipientState.AnsweredLate));
    }

    [Test]
    public async Task HandleAsync_AnotherWordLater_TakesItsPlaceAndTheAuditKeepsBoth()
    {
        var request = await ToldAsync();
        await RecordAsync(request, new("refused", Today, "Their lawyer says no."));

        await RecordAsync(request, new("completed", Today, ""));

        var entry = await EntryAsync(request);
        Assert.That((entry.State, entry.Messages.Count), Is.EqualTo((RecipientState.Answered, 0)));
        Assert.That((await request.AuditAsync()).Count(entry => entry == "recipient.answered"), Is.EqualTo(2));
    }

    [Test]
    public async Task HandleAsync_NotSentYet_CanOnlyBeImpossible()
    {
        var request = await scene.ErasedAsync();

        Assert.That((await RecordAsync(request, new("completed", Today, null))).Failure?.Errors, Does.ContainKey("answer"));
        Assert.That((await RecordAsync(request, new("impossible", Today, "The firm was dissolved."))).Failure, Is.Null);
        Assert.That((await EntryAsync(request)).State, Is.EqualTo(RecipientState.SetAside));
        Assert.That(await scene.Service.InDatabaseAsync(db => db.Set<Notice>().Where(row => row.RequestId == request.Id && row.Recipient == Recipient).Select(row => new { row.State, row.NextAttemptAt }).SingleAsync()),
            Is.EqualTo(new { State = NoticeState.Failed, NextAttemptAt = (DateTimeOffset?)null }), "whoever cannot be told is not written to after all");
    }

    [TestCase(null, 0, null, "answer")]
    [TestCase("done", 0, null, "answer")]
    [TestCase("completed", 1, null, "answeredOn")]
    [TestCase("completed", -1, null, "answeredOn")]
    [TestCase("completed", null, null, "answeredOn")]
    [TestCase("refused", 0, "  ", "note")]
    [TestCase("impossible", 0, null, "note")]
    public async Task HandleAsync_WrongInput_SaysWhichFieldAndRecordsNothing(string? answer, int? days, string? note, string field)
    {
        var request = await ToldAsync();

        var recorded = await RecordAsync(request, new(answer, days is { } count ? Today.AddDays(count) : null, note));

        Assert.That(recorded.Failure?.Errors?.Keys, Is.EqualTo(new[] { field }));
        Assert.That((await EntryAsync(request)).State, Is.EqualTo(RecipientState.Told));
    }

    [Test]
    public async Task HandleAsync_NoSuchRecipientOrNotTheirs_IsNotFound()
    {
        var request = await ToldAsync();
        var foreign = agent with { Grants = [new CallerGrant("soundspectrum", StaffRole.Agent)] };
        var auditor = agent with { Grants = [new CallerGrant(TestService.Controller, StaffRole.Auditor)] };

        foreach (var (recipient, caller) in new[] { ("fulfilment-vendor", agent), (Recipient, foreign), (Recipient, auditor) })
            Assert.That((await scene.Service.InScopeAsync(services => services.GetRequiredService<RecordRecipientAnswer>()
                .HandleAsync(request.Reference, recipient, caller, new("completed", Today, null), default))).Failure?.Status, Is.EqualTo(404), $"{recipient} {caller.Grants[0]}");
    }

    [Test]
    public async Task Page_FormOfTheRecipient_IsKeptWhereItIsWrongAndRecordedWhereItIsRight()
    {
        var request = await ToldAsync();
        await SignInTests.AddAsync(scene.Service, "astrid", new CallerGrant(TestService.Controller, StaffRole.Agent));
        var browser = scene.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, "astrid", SignInTests.Password);
        var path = $"/desk/requests/{request.Reference}/recipients";

        var back = await (await WebForm.OpenAsync(browser, path, "/answer")).With($"{Recipient}.answer", "refused").With($"{Recipient}.answeredOn", $"{Today:yyyy-MM-dd}").SendAsync();
        var page = await WebForm.ReadAsync(back);
        Assert.That((back.StatusCode, page.QuerySelectorAll(".error-summary a").Single().GetAttribute("href")), Is.EqualTo((HttpStatusCode.BadRequest, $"#f-{Recipient}-note")));
        var sent = await WebForm.Of(browser, page, "/answer").With($"{Recipient}.note", "They keep their own copy.").SendAsync();

        Assert.That(sent.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        var shown = await browser.GetStringAsync(sent.Headers.Location);
        Assert.That(shown, Does.Contain("Put on record: the answer of Siffror AB.").And.Contain("They keep their own copy.").And.Contain("Change the answer"));
        var across = await browser.GetStringAsync(new Uri($"/desk/recipients/{TestService.Controller}/{Recipient}", UriKind.Relative));
        Assert.That(across, Does.Contain("Refused").And.Not.Contain("They keep their own copy."));
        Assert.That(await browser.GetStringAsync(new Uri($"/desk/requests/{request.Reference}", UriKind.Relative)), Does.Contain("Siffror AB refused"));
    }

    private async Task<Seeded> ToldAsync()
    {
        var request = await scene.ErasedAsync();
        var notice = await scene.Service.InDatabaseAsync(db => db.Set<Notice>().Where(row => row.RequestId == request.Id && row.Recipient == Recipient).Select(row => row.Id).SingleAsync());
        await scene.Service.InScopeAsync(async services =>
        {
            await services.GetRequiredService<RecordDelivery>().HandleAsync(request.Id, notice, MailResult.Sent, default);
            return true;
        });
        return request;
    }

    private Task<Result<RecordRecipientAnswer.Output>> RecordAsync(Seeded request, RecordRecipientAnswer.Input input) => scene.Service.InScopeAsync(services =>
        services.GetRequiredService<RecordRecipientAnswer>().HandleAsync(request.Reference, Recipient, agent, input, default));

    private async Task<RecipientEntry> EntryAsync(Seeded request) => (await scene.Service.InScopeAsync(services =>
        services.GetRequiredService<ListRecipients>().HandleAsync(request.Reference, agent, default))).Value!.Entries.Single(entry => entry.Recipient == Recipient);
}
