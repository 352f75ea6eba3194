using DsrService.Data.Sealing;
using DsrService.Fulfilment.Restores;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Tests.Restrictions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment.Restores;

/// <summary>What is kept for a restore lives no longer than the backups of its system.</summary>
internal sealed class DestroyRedoRecordsTests
{
    private StateBench bench = null!;

    [SetUp]
    public async Task StartAsync()
    {
        bench = await StateBench.StartAsync();
        await bench.FulfilledAsync(Right.Erasure);
    }

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task RunAsync_WithinTheBackupPeriod_KeepsThemSealed()
    {
        await bench.Service.RunJobAsync<DestroyRedoRecords>(TimeSpan.FromDays(35));
        var records = await RecordsAsync();
        Assert.That(records.Select(record => record.Action).Distinct(), Is.EqualTo(new[] { TaskAction.Erase }));
        Assert.That(records.Select(record => record.System), Does.Contain("webshop").And.Not.Contain("fulfilment-vendor"), "one without backups has none");
        var rows = await bench.Service.InDatabaseAsync(db => db.Database.SqlQuery<string>($"""SELECT row_to_json(r)::text AS "Value" FROM dsr.redo_records r""").ToListAsync());
        Assert.That(rows, Has.All.Not.Contains("ada.lind").And.All.Not.Contains("6164612e6c696e64"));
        Assert.That(records[0].Open(Ring).Identifiers.Select(row => row.Value.Reveal()), Does.Contain(StateBench.Address));
    }

    [Test]
    public async Task RunAsync_BackupPeriodOver_DestroysThemAndARestoreFindsNothing()
    {
        var done = bench.Service.Clock.GetUtcNow();
        await bench.Service.RunJobAsync<DestroyRedoRecords>(TimeSpan.FromDays(38));
        Assert.That(await RecordsAsync(), Is.Empty);
        var admin = bench.Bench.Approver with { Grants = [new(TestService.Controller, StaffRole.Admin)] };
        var restored = await bench.Service.InScopeAsync(services => services.GetRequiredService<StateRestore>().HandleAsync(TestService.Controller, "webshop", admin, new(done.AddMinutes(-1)), CancellationToken.None));
        Assert.That(restored.Failure!.Errors!["restoredTo"].Single(), Does.Contain("P35D").And.Contain("no longer on record"));
    }

    [Test]
    public async Task RunAsync_WhatIsBeingDoneAgain_IsKeptUntilItIsDone()
    {
        var admin = bench.Bench.Approver with { Grants = [new(TestService.Controller, StaffRole.Admin)] };
        await bench.Service.InScopeAsync(services => services.GetRequiredService<StateRestore>()
            .HandleAsync(TestService.Controller, "webshop", admin, new(bench.Service.Clock.GetUtcNow()), CancellationToken.None));
        await bench.Service.RunJobAsync<DestroyRedoRecords>(TimeSpan.FromDays(60));
        Assert.That((await RecordsAsync()).Select(record => record.System), Is.EqualTo(new[] { "webshop" }));
        await bench.Bench.SettleAsync();
        Assert.That(bench.Bench.Sent[^1].Task.Identifiers, Is.Not.Empty);
    }

    [Test]
    public async Task RotateKeys_NewMonth_TheyCanStillBeOpened()
    {
        var former = (await RecordsAsync())[0].DataKeyId;
        await bench.Service.RunJobAsync<RotateKeys>(TimeSpan.FromDays(33));
        var record = (await RecordsAsync())[0];
        Assert.That(record.DataKeyId, Is.Not.EqualTo(former));
        Assert.That(record.Open(Ring).Identifiers, Is.Not.Empty);
    }

    [Test]
    public async Task Open_ContentOfAnotherTask_DoesNotOpen()
    {
        var records = await RecordsAsync();
        var swapped = new RedoRecord
        {
            TaskId = records[0].TaskId,
            RequestId = records[0].RequestId,
            Controller = "toontrack",
            System = records[0].System,
            Action = TaskAction.Erase,
            FirstDoneAt = default,
            DoneAt = default,
            ExpiresOn = default,
            DataKey = records[0].DataKey,
            DataKeyId = records[0].DataKeyId,
            Content = records[1].Content,
        };
        Assert.That(() => swapped.Open(Ring), Throws.InstanceOf<System.Security.Cryptography.CryptographicException>());
    }

    private KeyRing Ring => bench.Service.Services.GetRequiredService<KeyRing>();

    private Task<List<RedoRecord>> RecordsAsync() => bench.Service.InDatabaseAsync(db => db.Set<RedoRecord>().AsNoTracking().OrderBy(record => record.System).ToListAsync());
}
