using System.Collections.Concurrent;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Notices;

internal sealed class SendNoticesTests
{
    private readonly FakeTransport transport = new();
    private ResponseScene scene = null!;
    private Seeded request = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        scene = await ResponseScene.StartAsync(services => services.AddSingleton<IMailTransport>(transport));
        request = await scene.ApprovedAsync(Right.Access);
    }

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [SetUp]
    public async Task Reset()
    {
        transport.Reset();
        await scene.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteDeleteAsync());
    }

    [Test]
    public async Task RunOnce_QueuedMail_IsSentOnceAndRecorded()
    {
        var notice = await request.QueueMailAsync("a@example.org");

        await RunAsync();
        await RunAsync();

        var row = await RowAsync(notice);
        Assert.Multiple(async () =>
        {
            Assert.That(transport.Sent, Is.EqualTo(new[] { ("a@example.org", notice.ToString("N")) }));
            Assert.That((row.State, row.SentAt, row.NextAttemptAt), Is.EqualTo((NoticeState.Sent, scene.Service.Clock.GetUtcNow(), (DateTimeOffset?)null)));
            Assert.That(await request.AuditAsync(), Has.Some.EqualTo("notice.sent"));
        });
    }

    [Test]
    public async Task RunOnce_FailingAddress_KeepsNoOtherWaitingAndIsTriedAgain()
    {
        transport.Failing["bad@example.org"] = new MailResult("mail.not_taken");
        var bad = await request.QueueMailAsync("bad@example.org");
        await request.QueueMailAsync("good@example.org");

        await RunAsync();
        var waiting = await RowAsync(bad);
        transport.Failing.Clear();
        scene.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync();

        Assert.Multiple(async () =>
        {
            Assert.That((waiting.State, waiting.LastError, waiting.Attempt), Is.EqualTo((NoticeState.Queued, "mail.not_taken", 1)));
            Assert.That(transport.Sent.Select(sent => sent.To), Is.EqualTo(new[] { "good@example.org", "bad@example.org" }));
            Assert.That((await RowAsync(bad)).State, Is.EqualTo(NoticeState.Sent));
        });
    }

    [Test]
    public async Task RunOnce_FailingForDays_IsGivenUpOnAndShown()
    {
        transport.Failing["bad@example.org"] = new MailResult("mail.unreachable");
        var bad = await request.QueueMailAsync("bad@example.org");

        var attempts = 0;
        while ((await RowAsync(bad)).NextAttemptAt is { } next && attempts++ < 100)
        {
            scene.Service.Clock.MoveTo(next);
            await RunAsync();
        }

        var row = await RowAsync(bad);
        Assert.Multiple(async () =>
        {
            Assert.That((row.State, row.LastError), Is.EqualTo((NoticeState.Failed, "mail.unreachable")));
            Assert.That(row.Attempt, Is.InRange(10, 25));
            Assert.That(scene.Service.Clock.GetUtcNow() - row.CreatedAt, Is.GreaterThan(TimeSpan.FromDays(5)).And.LessThan(TimeSpan.FromDays(6)));
            Assert.That(await request.AuditAsync(), Has.Some.EqualTo("notice.failed"));
            Assert.That((await request.RequestAsync()).Status, Is.EqualTo(RequestStatus.InProgress), "a failed mail changes no legal fact");
        });
    }

    [Test]
    public async Task RunOnce_AddressRefused_IsGivenUpOnSoon()
    {
        transport.Failing["gone@example.org"] = new MailResult("mail.refused", Hopeless: true);
        var gone = await request.QueueMailAsync("gone@example.org");

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await RunAsync();
            scene.Service.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.That((await RowAsync(gone)) is { State: NoticeState.Failed, Attempt: 3 }, Is.True);
    }

    [Test]
    public async Task RunOnce_ProcessDiedWhileSending_SendsAgainAfterTheLeaseUnderTheSameId()
    {
        var notice = await request.QueueMailAsync("lease@example.org");
        await scene.Service.InScopeAsync(services => services.GetRequiredService<ClaimNotices>().HandleAsync(10, default));

        await RunAsync();
        var early = transport.Sent.Count;
        scene.Service.Clock.Advance(TimeSpan.FromMinutes(6));
        await RunAsync();

        Assert.Multiple(() =>
        {
            Assert.That(early, Is.Zero);
            Assert.That(transport.Sent, Is.EqualTo(new[] { ("lease@example.org", notice.ToString("N")) }));
        });
    }

    [Test]
    public async Task RunOnce_TransportThrows_LogsNeitherAddressNorText()
    {
        transport.Failing["thrown@example.org"] = null;
        await request.QueueMailAsync("thrown@example.org");

        await RunAsync();

        Assert.Multiple(() =>
        {
            Assert.That(scene.Service.Log.Lines, Has.Some.Contains("mail.error"));
            Assert.That(scene.Service.Log.Lines, Has.None.Contains("thrown@example.org").And.None.Contains("the text of the mail"));
        });
    }

    [Test]
    public async Task RunOnce_NothingConfigured_LeavesMailsQueued()
    {
        transport.Ready = false;
        var notice = await request.QueueMailAsync("later@example.org");

        await RunAsync();

        Assert.That((await RowAsync(notice)) is { State: NoticeState.Queued, Attempt: 0 }, Is.True);
    }

    private Task<int> RunAsync() => scene.Service.Services.GetRequiredService<SendNotices>().RunOnceAsync(default);

    private Task<Notice> RowAsync(Guid notice) => scene.Service.InDatabaseAsync(db => db.Set<Notice>().AsNoTracking().SingleAsync(row => row.Id == notice));

    private sealed class FakeTransport : IMailTransport
    {
        public ConcurrentDictionary<string, MailResult?> Failing { get; } = new();

        public ConcurrentQueue<(string To, string MessageId)> Sent { get; } = new();

        public bool Ready { get; set; } = true;

        public void Reset()
        {
            Failing.Clear();
            Sent.Clear();
            Ready = true;
        }

        public Task<MailResult> SendAsync(NoticeContent mail, string messageId, CancellationToken cancel)
        {
            if (Failing.TryGetValue(mail.To, out var result))
                return Task.FromResult(result ?? throw new InvalidOperationException($"{mail.To}: {mail.Text}"));
            Sent.Enqueue((mail.To, messageId));
            return Task.FromResult(MailResult.Sent);
        }
    }
}
