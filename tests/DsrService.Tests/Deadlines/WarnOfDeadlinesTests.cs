using DsrService.Data;
using DsrService.Deadlines;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Staff;
using DsrService.Tests.Requests.Desk;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Deadlines;

/// <summary>Received on Monday 2 March 2026: due on Thursday 2 April, which is the internal target too.</summary>
internal sealed class WarnOfDeadlinesTests
{
    private static readonly DateTimeOffset Received = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private DeskBench desk = null!;
    private string reference = null!;

    [SetUp]
    public async Task StartAsync()
    {
        desk = await DeskBench.StartAsync();
        desk.Service.Clock.MoveTo(Received);
        reference = await desk.PlannedAsync();
    }

    [TearDown]
    public async Task StopAsync() => await desk.DisposeAsync();

    [Test]
    public async Task Run_AsTheTargetDrawsNear_RemindsTheAssigneeAndInTheEndTheOfficers()
    {
        await MemberAsync("agent@acme.example", StaffRole.Agent, assigned: true);
        await MemberAsync("officer@acme.example", StaffRole.Officer);
        var due = (await desk.Service.RequestAsync(reference)).DueEndAt;

        Assert.That(await MailsOnAsync(Received.AddDays(14)), Is.Empty, "eleven working days before");
        Assert.That(await MailsOnAsync(Received.AddDays(17)), Is.EqualTo(new[] { "agent@acme.example" }));
        Assert.That(await MailsOnAsync(Received.AddDays(18)), Is.Empty, "once a mark");
        Assert.That(await MailsOnAsync(Received.AddDays(24)), Is.EqualTo(new[] { "agent@acme.example" }));
        Assert.That(await MailsOnAsync(Received.AddDays(29)), Is.EquivalentTo(new[] { "agent@acme.example", "officer@acme.example" }));
        Assert.That(await MailsOnAsync(due), Is.EquivalentTo(new[] { "agent@acme.example", "officer@acme.example" }));
        Assert.That(await MailsOnAsync(due.AddDays(30)), Is.Empty);
    }

    [Test]
    public async Task Run_NobodyWorksOnIt_TellsTheOfficersAtTheFirstMark()
    {
        await MemberAsync("officer@acme.example", StaffRole.Officer);
        await MemberAsync("elsewhere@acme.example", StaffRole.Officer, controller: "another");

        Assert.That(await MailsOnAsync(Received.AddDays(17)), Is.EqualTo(new[] { "officer@acme.example" }));
    }

    [Test]
    public async Task Run_AfterALongStandstill_WritesOnceAndSaysOverdue()
    {
        await MemberAsync("officer@acme.example", StaffRole.Officer);

        var mails = await MailsOnAsync((await desk.Service.RequestAsync(reference)).DueEndAt.AddDays(3));

        var letter = (await desk.Service.NoticesAsync(reference)).Single(notice => notice.Kind == NoticeKind.DeadlineWarning).Content;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mails, Has.Count.EqualTo(1));
            Assert.That(letter.Subject, Does.StartWith("Overdue"));
            Assert.That(letter.Text, Does.Contain(reference).And.Not.Contain("ada.lind"), "nothing personal");
        }
    }

    [Test]
    public async Task Run_Suspended_GoesByTheDateWithoutTheSuspension()
    {
        await MemberAsync("officer@acme.example", StaffRole.Officer);
        await UpdateAsync(request => request.SuspendedAt = Received);

        Assert.That(await MailsOnAsync(Received.AddDays(17)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Run_Extended_CountsToTheNewDate()
    {
        await MemberAsync("officer@acme.example", StaffRole.Officer);
        await UpdateAsync(request => (request.ExtendedTo, request.DueEndAt) = (new DateOnly(2026, 6, 2), new DateTimeOffset(2026, 6, 2, 22, 0, 0, TimeSpan.Zero)));

        Assert.That(await MailsOnAsync(new DateTimeOffset(2026, 4, 20, 9, 0, 0, TimeSpan.Zero)), Is.Empty);
        Assert.That(await MailsOnAsync(new DateTimeOffset(2026, 5, 19, 9, 0, 0, TimeSpan.Zero)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Run_ClosedOrWaitingForThePerson_IsLeftInPeaceUntilOverdue()
    {
        await MemberAsync("officer@acme.example", StaffRole.Officer);
        await desk.Service.InDatabaseAsync(db => db.Database.ExecuteSqlAsync($"UPDATE dsr.requests SET status = 'awaiting-identity'"));

        Assert.That(await MailsOnAsync(Received.AddDays(29)), Is.Empty);
        Assert.That(await MailsOnAsync(Received.AddDays(40)), Has.Count.EqualTo(1));

        await desk.Service.InDatabaseAsync(db => db.Database.ExecuteSqlAsync($"UPDATE dsr.requests SET status = 'refused', deadline_warnings = 0"));
        Assert.That(await MailsOnAsync(Received.AddDays(50)), Is.Empty);
    }

    private async Task<List<string>> MailsOnAsync(DateTimeOffset at)
    {
        var before = (await desk.Service.NoticesAsync(reference)).Count;
        desk.Service.Clock.MoveTo(at);
        await desk.Service.RunJobAsync<WarnOfDeadlines>(TimeSpan.Zero);
        return [.. (await desk.Service.NoticesAsync(reference)).Skip(before).Select(notice => notice.Content.To)];
    }

    private Task<int> MemberAsync(string email, StaffRole role, bool assigned = false, string controller = TestService.Controller) => desk.Service.InDatabaseAsync(async db =>
    {
        var member = new StaffMember { Id = Guid.CreateVersion7(), UserName = email.Split('@')[0], DisplayName = email, Email = email, SecurityStamp = Guid.CreateVersion7() };
        db.Add(member);
        db.Add(new StaffGrant { Id = Guid.CreateVersion7(), StaffId = member.Id, Controller = controller, Role = role });
        if (assigned)
            await Change(db, request => request.Assignee = member.Id);
        return await db.SaveChangesAsync();
    });

    private Task<int> UpdateAsync(Action<DataSubjectRequest> change) => desk.Service.InDatabaseAsync(async db =>
    {
        await Change(db, change);
        return await db.SaveChangesAsync();
    });

    private async Task Change(DsrDbContext db, Action<DataSubjectRequest> change) => change(await db.Set<DataSubjectRequest>().SingleAsync(request => request.Reference == reference));
}
