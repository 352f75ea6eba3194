using System.Security.Cryptography;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DsrService.Tests.Data.Sealing;

internal sealed class RotateKeysTests
{
    private const string March = "kek-2026-03";
    private static readonly DateTimeOffset April = new(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);

    // March ends on the 31st; backups of that day are gone 35 days later.
    private static readonly DateTimeOffset LastDayOfMarchsBackups = new(2026, 5, 5, 8, 0, 0, TimeSpan.Zero);

    private ResponseScene scene = null!;
    private Seeded request = null!;

    [SetUp]
    public async Task SetUp()
    {
        scene = await ResponseScene.StartAsync();
        request = await scene.ApprovedAsync(Right.Access);
        await scene.Service.InDatabaseAsync(async db =>
        {
            var ring = Ring;
            db.Add(new ConnectedSystem
            {
                Controller = ResponseScene.Controller,
                System = "webshop",
                TokenHash = RandomNumberGenerator.GetBytes(32),
                SealingKey = ring.WrapSealingKey(ResponseScene.Controller, "webshop", "sealing"),
                WebhookSecret = ring.WrapWebhookSecret(ResponseScene.Controller, "webshop", "webhook"),
                KeyId = ring.CurrentId,
            });
            return await db.SaveChangesAsync();
        });
    }

    [TearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Run_NextMonth_EverythingStillOpensUnderTheNewKey()
    {
        var hashBefore = await HashAsync();
        var protectedText = scene.Service.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("still here");
        scene.Service.Clock.MoveTo(April);

        await RunAsync();

        var row = await request.RequestAsync();
        var system = await scene.Service.InDatabaseAsync(db => db.Set<ConnectedSystem>().AsNoTracking().SingleAsync());
        var fresh = NewRing();
        Assert.Multiple(async () =>
        {
            Assert.That(await KeyIdsAsync(), Is.All.EqualTo("kek-2026-04"));
            Assert.That(new RequestKeys(fresh).Open(row).OpenJson<IntakeContent>(RequestFields.Intake(row.Id), row.Intake).Requester.Email, Is.EqualTo(request.Email));
            Assert.That((fresh.OpenSealingKey(system), fresh.OpenWebhookSecret(system)), Is.EqualTo(("sealing", "webhook")));
            Assert.That(await HashAsync(), Is.EqualTo(hashBefore), "search by identifiers finds what it found before");
            Assert.That(scene.Service.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(protectedText), Is.EqualTo("still here"));
            Assert.That(fresh.Ids(), Does.Contain(March), "backups still need it");
            Assert.That(await InstallationEventsAsync(), Has.Some.EqualTo("keys.rotated"));
        });
    }

    [Test]
    public async Task Run_AgainInTheSameMonth_ChangesNothing()
    {
        scene.Service.Clock.MoveTo(April);
        await RunAsync();
        var before = await request.RequestAsync();

        await RunAsync();

        Assert.Multiple(async () =>
        {
            Assert.That((await request.RequestAsync()).DataKey, Is.EqualTo(before.DataKey));
            Assert.That((await InstallationEventsAsync()).Count(entry => entry == "keys.rotated"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Run_BackupPeriodOver_OldRowsFromABackupCanNoLongerBeRead()
    {
        var fromBackup = await request.RequestAsync();
        scene.Service.Clock.MoveTo(LastDayOfMarchsBackups);
        await RunAsync();
        var onTheLastDay = NewRing().Ids();
        scene.Service.Clock.Advance(TimeSpan.FromDays(1));

        await RunAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(onTheLastDay, Does.Contain(March));
            Assert.That(NewRing().Ids(), Does.Not.Contain(March));
            Assert.That(() => new RequestKeys(NewRing()).Open(fromBackup), Throws.InstanceOf<IOException>());
            Assert.That(() => scene.Service.Services.GetRequiredService<RequestKeys>().Open(fromBackup), Throws.InstanceOf<IOException>());
            Assert.That(scene.Service.Services.GetRequiredService<RequestKeys>().Open(await request.RequestAsync()), Is.Not.Null);
            Assert.That(await InstallationEventsAsync(), Has.Some.EqualTo("keys.destroyed"));
        });
    }

    [Test]
    public async Task Run_SomethingStillNeedsTheOldKey_KeepsIt()
    {
        await scene.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().Where(row => row.Id == request.Id)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.DataKey, RandomNumberGenerator.GetBytes(60))));
        scene.Service.Clock.MoveTo(LastDayOfMarchsBackups.AddDays(10));

        await RunAsync();

        Assert.Multiple(() =>
        {
            Assert.That(NewRing().Ids(), Does.Contain(March));
            Assert.That(scene.Service.Log.Lines, Has.Some.Contains("something still needs it"));
        });
    }

    private KeyRing Ring => scene.Service.Services.GetRequiredService<KeyRing>();

    // As another process sees it.
    private KeyRing NewRing() => new(scene.Service.Services.GetRequiredService<IOptions<DsrOptions>>(), scene.Service.Clock);

    private Task<bool> RunAsync() => scene.Service.InScopeAsync(async services =>
    {
        await ActivatorUtilities.CreateInstance<RotateKeys>(services).RunAsync(default);
        return true;
    });

    private Task<List<string>> KeyIdsAsync() => scene.Service.InDatabaseAsync(async db => (List<string>)
    [
        .. await db.Set<DataSubjectRequest>().Select(row => row.DataKeyId).ToListAsync(),
        .. await db.Set<ControllerOrganisation>().Select(row => row.HashKeyId).ToListAsync(),
        .. await db.Set<ConnectedSystem>().Select(row => row.KeyId).ToListAsync(),
        .. await db.Set<DsrService.Data.DataProtectionKey>().Select(row => row.KeyId).ToListAsync(),
    ]);

    private Task<byte[]> HashAsync() => scene.Service.InDatabaseAsync(async db =>
        (await new IdentifierHashes(NewRing()).ForAsync(db, ResponseScene.Controller, default)).Identifier("email", "x@example.org"));

    private Task<List<string>> InstallationEventsAsync() => scene.Service.InDatabaseAsync(db =>
        db.Set<AuditEntry>().Where(entry => entry.Chain == Installation.ChainName).Select(entry => entry.Event).ToListAsync());
}
