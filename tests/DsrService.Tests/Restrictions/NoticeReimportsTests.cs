using DsrService.Audit;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Tests.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Restrictions;

/// <summary>Somebody who was erased and is back is noticed, with the system's name.</summary>
internal sealed class NoticeReimportsTests
{
    private StateBench bench = null!;
    private string erased = null!;

    [SetUp]
    public async Task StartAsync()
    {
        bench = await StateBench.StartAsync();
        erased = await bench.FulfilledAsync(Right.Erasure);
        bench.Service.Clock.Advance(TimeSpan.FromDays(40));
    }

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Asked_AboutAnErasedPerson_OneAlarmHoweverOften()
    {
        await bench.AskAsync();
        await bench.AskAsync("never.heard@example.org");
        await bench.Service.RunJobAsync<NoticeReimports>(TimeSpan.FromMinutes(1));
        await bench.AskAsync();
        await bench.Service.RunJobAsync<NoticeReimports>(TimeSpan.FromMinutes(1));

        var alarm = (await AlarmsAsync()).Single();
        Assert.That((alarm.Controller, alarm.System, alarm.Reference, alarm.Sign, alarm.Times), Is.EqualTo(("toontrack", "newsletter", erased, ReimportSign.Asked, 2)));
        Assert.That(await EventsAsync(erased), Has.Exactly(1).EqualTo("reimport.noticed"));
        Assert.That(await bench.Service.InDatabaseAsync(db => db.Set<SubjectQuestion>().AnyAsync()), Is.False);
    }

    [Test]
    public async Task Found_ByALaterRequestWhereTheErasureWasProved_RaisesTheAlarm()
    {
        var later = await bench.Bench.PlannedAsync(Right.Erasure);
        await bench.Bench.SettleAsync();
        var preview = await bench.Bench.TaskAsync(later, "preview:erase:newsletter");
        Assert.That((await bench.Bench.AnswerAsync(preview, ReceiptOutcome.Completed, new ReceiptItem { Category = "newsletter-subscription", Found = 2, Erased = 2 })).Failure, Is.Null);

        var alarm = (await AlarmsAsync()).Single();
        Assert.That((alarm.System, alarm.Reference, alarm.Sign), Is.EqualTo(("newsletter", erased, ReimportSign.Found)));
        Assert.That(await EventsAsync(later), Has.Exactly(1).EqualTo("reimport.noticed"));
    }

    [Test]
    public async Task Found_OnlyWhatWasKeptWithAReason_RaisesNone()
    {
        var later = await bench.Bench.PlannedAsync(Right.Erasure);
        await bench.Bench.SettleAsync();
        var preview = await bench.Bench.TaskAsync(later, "preview:erase:webshop");
        var kept = new ReceiptItem { Category = "invoices", Found = 2, Retained = 2, Reason = "17-3-b", Until = new(2033, 12, 31), Handle = "h" };
        Assert.That((await bench.Bench.AnswerAsync(preview, ReceiptOutcome.PartlyRetained, kept)).Failure?.Errors, Is.Null);
        Assert.That(await AlarmsAsync(), Is.Empty);
    }

    [Test]
    public async Task Settle_NeedsAReasonAndTheRightStaff_AndANewSignIsANewAlarm()
    {
        await bench.AskAsync();
        await bench.Service.RunJobAsync<NoticeReimports>(TimeSpan.FromMinutes(1));
        var id = (await AlarmsAsync()).Single().Id;
        var elsewhere = bench.Bench.Approver with { Grants = [new("soundspectrum", StaffRole.Approver)] };
        Assert.That((await SettleAsync(id, elsewhere, "Mine")).Failure?.Code, Is.EqualTo("reimport.not_found"));
        Assert.That((await SettleAsync(id, bench.Bench.Approver, " ")).Failure?.Errors, Does.ContainKey("reason"));
        Assert.That((await SettleAsync(id, bench.Bench.Approver, "The list was thrown away.")).Failure, Is.Null);
        Assert.That(await AlarmsAsync(), Is.Empty);

        await bench.AskAsync();
        await bench.Service.RunJobAsync<NoticeReimports>(TimeSpan.FromMinutes(1));
        Assert.That((await AlarmsAsync()).Single().Times, Is.EqualTo(1));
    }

    [Test]
    public async Task Pages_ApproverAndAdmin_SeeTheAlarmWithTheSystemsName()
    {
        await bench.AskAsync();
        await bench.Service.RunJobAsync<NoticeReimports>(TimeSpan.FromMinutes(1));
        await SignInTests.AddAsync(bench.Service, "apollonia", new CallerGrant(TestService.Controller, StaffRole.Approver));
        var browser = bench.Service.NewBrowser();
        await SignInTests.SignInAsync(browser, "apollonia", SignInTests.Password);
        var list = await browser.GetStringAsync(new Uri("/desk/systems", UriKind.Relative));
        Assert.That(list, Does.Contain("<strong>Newsletter:</strong> it asked about a person who was erased").And.Contain(erased));

        var form = await WebForm.OpenAsync(browser, "/desk/systems/toontrack/newsletter", (await AlarmsAsync()).Single().Id.ToString());
        Assert.That((int)(await form.SendAsync()).StatusCode, Is.EqualTo(400));
        Assert.That((int)(await form.With("settle.reason", "Gone").SendAsync()).StatusCode, Is.EqualTo(302));
        Assert.That(await AlarmsAsync(), Is.Empty);
    }

    private Task<List<Reimport>> AlarmsAsync() => bench.Service.InDatabaseAsync(db => db.Set<Reimport>().AsNoTracking().Where(alarm => alarm.EndedAt == null).ToListAsync());

    private Task<Result<SettleReimport.Output>> SettleAsync(Guid id, StaffCaller caller, string reason) => bench.Service.InScopeAsync(services =>
        services.GetRequiredService<SettleReimport>().HandleAsync(id, caller, new(reason), CancellationToken.None));

    private async Task<List<string>> EventsAsync(string reference)
    {
        var chain = (await bench.Service.RequestAsync(reference)).Id.ToString();
        return await bench.Service.InDatabaseAsync(db => db.Set<AuditEntry>().Where(entry => entry.Chain == chain).Select(entry => entry.Event).ToListAsync());
    }
}
