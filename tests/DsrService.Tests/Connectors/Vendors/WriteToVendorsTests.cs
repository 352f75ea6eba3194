using DsrService.Connectors;
using DsrService.Connectors.Vendors;
using DsrService.Data;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Connectors.Vendors;

/// <summary>Who is written to about what a vendor has to do, and when.</summary>
internal sealed class WriteToVendorsTests
{
    private VendorBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await VendorBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task RunAsync_TwoItems_OneMailWithCountsAndNothingPersonal()
    {
        var first = await bench.ItemAsync();
        var second = await bench.ItemAsync(Right.Erasure, "Bo Ek", "bo.ek@example.org");
        await bench.RunAsync();
        await bench.RunAsync(0.5);
        var mail = (await bench.MailsAsync()).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mail.To, Is.EqualTo(VendorBench.Contact));
            Assert.That(mail.Subject, Does.Contain("2"));
            foreach (var personal in (string[])["Ada", "Lind", "Bo Ek", "example.org", "DSR-"])
                Assert.That(mail.Text + mail.Html + mail.Subject, Does.Not.Contain(personal));
            Assert.That((await bench.TaskAsync(first.Id)).VendorToldAt, Is.Not.Null);
            Assert.That((await bench.TaskAsync(second.Id)).VendorToldAt, Is.Not.Null);
        }
        var link = await bench.Service.InDatabaseAsync(db => db.Set<VendorLink>().SingleAsync());
        Assert.That(link.TokenHash, Is.EqualTo(Secrets.Hash(await bench.TokenAsync())));
    }

    [Test]
    public async Task RunAsync_Twice_AtTheSameMoment_OneMail()
    {
        await bench.ItemAsync();
        await Task.WhenAll(bench.RunAsync(), bench.RunAsync());
        Assert.That(await bench.MailsAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RunAsync_NoContact_NobodyIsWrittenTo()
    {
        await bench.ChangeContactAsync(null);
        var item = await bench.ItemAsync();
        await bench.RunAsync();
        await bench.RunAsync(20);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await bench.MailsAsync(), Is.Empty);
            Assert.That((await bench.TaskAsync(item.Id)).EscalatedAt, Is.Null);
        }
    }

    [Test]
    public async Task RunAsync_Silent_RemindsWithFreshLinksThenEscalatesAndNeverEnds()
    {
        var item = await bench.ItemAsync();
        await bench.RunAsync();
        var token = await bench.TokenAsync();
        await bench.RunAsync(3);
        Assert.That(await bench.TokenAsync(), Is.Not.EqualTo(token));
        await bench.RunAsync(4);
        var reference = await bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().Where(row => row.Id == item.RequestId).Select(row => row.Reference).SingleAsync());
        Assert.That(await bench.MailsAsync(NoticeKind.VendorEscalation), Is.Empty);
        await bench.RunAsync(3);
        await bench.RunAsync(1);
        var escalation = (await bench.MailsAsync(NoticeKind.VendorEscalation)).Single();
        var task = await bench.TaskAsync(item.Id);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await bench.MailsAsync(), Has.Count.EqualTo(3));
            Assert.That(escalation.To, Is.EqualTo("olof@toontrack.example"));
            Assert.That(escalation.Text, Does.Contain(reference).And.Not.Contain("Ada").And.Not.Contain("example.org"));
            Assert.That((task.State, task.Outcome), Is.EqualTo((TaskState.Sent, (Sdk.Contracts.ReceiptOutcome?)null)));
            Assert.That(task.EscalatedAt, Is.Not.Null);
            Assert.That(await bench.Desk.EventsAsync(reference), Has.Exactly(3).EqualTo("vendor.written").And.Exactly(1).EqualTo("vendor.escalated"));
        }
        await bench.RunAsync(60);
        Assert.That((await bench.TaskAsync(item.Id)).State, Is.EqualTo(TaskState.Sent));
    }

    [Test]
    public async Task RunAsync_MailGivenUpOn_EscalatesAtOnce()
    {
        var item = await bench.ItemAsync();
        await bench.RunAsync();
        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().Where(notice => notice.Kind == NoticeKind.VendorItems).ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Failed)));
        await bench.RunAsync();
        Assert.That((await bench.TaskAsync(item.Id)).EscalatedAt, Is.Not.Null);
        Assert.That((await bench.MailsAsync(NoticeKind.VendorEscalation)).Single().Text, Does.Contain("could not be written to"));
    }

    [Test]
    public async Task RunAsync_SystemStoppedOrRequestOnHold_NobodyIsWrittenTo()
    {
        await bench.ItemAsync();
        await bench.Service.InDatabaseAsync(async db =>
        {
            db.Add(new SystemStop { Controller = TestService.Controller, System = VendorBench.System, Since = bench.Service.Clock.GetUtcNow() });
            return await db.SaveChangesAsync();
        });
        await bench.RunAsync();
        Assert.That(await bench.MailsAsync(), Is.Empty);
        await bench.Service.InDatabaseAsync(db => db.Set<SystemStop>().ExecuteDeleteAsync());
        await bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().ExecuteUpdateAsync(row => row.SetProperty(request => request.OnHold, true)));
        await bench.RunAsync();
        Assert.That(await bench.MailsAsync(), Is.Empty);
    }

    [Test]
    public async Task RunAsync_AnotherContact_IsWrittenToAtOnceAndTheFormerLinkIsDead()
    {
        await bench.ItemAsync();
        await bench.RunAsync();
        var token = await bench.TokenAsync();
        await bench.ChangeContactAsync("new@vendor.example");
        await bench.RunAsync();
        Assert.That((await bench.MailsAsync())[^1].To, Is.EqualTo("new@vendor.example"));
        Assert.That((await bench.Service.Client.GetAsync($"/vendor?token={token}")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Desk_System_ShowsHowItStandsWithTheVendor()
    {
        await bench.ItemAsync();
        await bench.RunAsync();
        var agent = await bench.Desk.ClientAsync(StaffRole.Agent);
        var (_, systems) = await DeskBench.GetAsync(agent, "/desk/api/v1/systems");
        var vendor = systems.EnumerateArray().Single(system => system.GetProperty("system").GetString() == VendorBench.System).GetProperty("vendor");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(vendor.GetProperty("contact").GetString(), Is.EqualTo(VendorBench.Contact));
            Assert.That(vendor.GetProperty("lastMail").GetString(), Is.EqualTo("queued"));
            Assert.That(vendor.GetProperty("openItems").GetInt32(), Is.EqualTo(1));
            Assert.That(vendor.GetProperty("escalated").GetInt32(), Is.Zero);
        }
    }
}
