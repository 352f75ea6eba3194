using System.Collections.Concurrent;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Sdk;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Restrictions;

/// <summary>Systems on the bus hear of what begins and ends, sealed for each alone.</summary>
internal sealed class SendAnnouncementsTests
{
    private readonly ConcurrentQueue<SubjectStateChanged> heard = new();
    private StateBench bench = null!;

    [SetUp]
    public async Task StartAsync()
    {
        bench = await StateBench.StartAsync("toontrack/webshop", "toontrack/support-forum");
        heard.Clear();
    }

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task RunOnceAsync_ObjectionAtReceipt_ReachesTheListenerSealedAndNobodyElse()
    {
        Listen("support-forum");
        await bench.Bench.PlannedAsync(Right.Objection, StateBench.Objecting, confirmed: false);
        await SendAsync();
        await Eventually.TrueAsync(() => !heard.IsEmpty, "the forum heard of it");

        var change = heard.Single();
        Assert.That((change.Controller, change.System, change.State, change.Change, change.Purpose), Is.EqualTo(("toontrack", "support-forum", SubjectState.Objection, SubjectStateChange.Begun, "direct-marketing")));
        Assert.That(change.Identifiers, Is.Null);
        var opened = SubjectSeal.Open(change, [bench.SealingKeyOf("toontrack/support-forum")]);
        Assert.That(opened.Identifiers!.Select(row => (row.Kind, row.Value.Reveal(), row.Verified)), Is.EqualTo(new[] { ("email", StateBench.Address, false) }));
        Assert.That(() => SubjectSeal.Open(change, [bench.SealingKeyOf("toontrack/webshop")]), Throws.InstanceOf<System.Security.Cryptography.CryptographicException>());
        Assert.That(() => SubjectSeal.Open(change with { Change = SubjectStateChange.Ended }, [bench.SealingKeyOf("toontrack/support-forum")]), Throws.InstanceOf<System.Security.Cryptography.CryptographicException>());
    }

    [Test]
    public async Task RunOnceAsync_NobodyListensYet_TriesAgainUntilSomebodyDoes()
    {
        await bench.Bench.PlannedAsync(Right.Objection, StateBench.Objecting);
        await SendAsync();
        Assert.That(await QueuedAsync(), Has.Count.EqualTo(2).And.All.EqualTo((1, "connector.undeliverable")));
        Assert.That(await RunAsync(), Is.Zero, "not before its time");

        Listen("support-forum");
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync();
        await Eventually.TrueAsync(() => heard.Count == 1, "the forum heard of it");
        Assert.That(await QueuedAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RunOnceAsync_NeverTaken_IsGivenUpAfterThreeDays()
    {
        await bench.Bench.PlannedAsync(Right.Objection, StateBench.Objecting);
        await SendAsync();
        bench.Service.Clock.Advance(SendAnnouncements.GiveUpAfter + TimeSpan.FromMinutes(1));
        await SendAsync();
        Assert.That(await QueuedAsync(), Is.Empty);
        Assert.That(await bench.AskAsync(system: "toontrack/webshop"), Does.Contain("direct-marketing"), "who did not listen can ask");
    }

    [Test]
    public async Task RunOnceAsync_StoppedSystem_HearsAfterItsStart()
    {
        Listen("support-forum");
        await bench.Service.InDatabaseAsync(db =>
        {
            db.Add(new DsrService.Connectors.SystemStop { Controller = TestService.Controller, System = "support-forum", Since = bench.Service.Clock.GetUtcNow() });
            return db.SaveChangesAsync();
        });
        await bench.Bench.PlannedAsync(Right.Objection, StateBench.Objecting);
        await SendAsync();
        Assert.That(heard, Is.Empty);
        await bench.Service.InDatabaseAsync(db => db.Set<DsrService.Connectors.SystemStop>().ExecuteDeleteAsync());
        await SendAsync();
        await Eventually.TrueAsync(() => heard.Count == 1, "the forum heard of it");
    }

    private void Listen(string system)
    {
        var bus = bench.Service.Services.GetRequiredService<DsrBus>();
        bus.Receive<SubjectStateChanged>(BusNames.States("toontrack", system), 1, (received, _) =>
        {
            heard.Enqueue(received.Message);
            return Task.CompletedTask;
        });
        bus.Start();
    }

    private async Task SendAsync()
    {
        while (await RunAsync() > 0)
        {
        }
    }

    private Task<int> RunAsync() => bench.Service.Services.GetRequiredService<SendAnnouncements>().RunOnceAsync(CancellationToken.None);

    private async Task<List<(int, string?)>> QueuedAsync() =>
        (await bench.Service.InDatabaseAsync(db => db.Set<StateAnnouncement>().AsNoTracking().ToListAsync())).ConvertAll(row => (row.Attempt, row.LastError));
}
