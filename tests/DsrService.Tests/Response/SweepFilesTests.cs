using DsrService.Requests;
using DsrService.Response;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Response;

internal sealed class SweepFilesTests
{
    [Test]
    public async Task Run_OldFilesWithoutARow_AreTakenAwayAndNoOthers()
    {
        await using var scene = await ResponseScene.StartAsync();
        var store = scene.Service.Services.GetRequiredService<FileStore>();
        var request = await scene.ApprovedAsync(Right.Access);
        await request.UploadAsync(await request.TaskAsync("webshop", Sdk.Contracts.TaskAction.Access), "part", "order-history", "{}");
        var known = (await request.FilesAsync()).Single().Id;
        var (orphan, fresh) = (await LeaveAsync(store), await LeaveAsync(store));
        await using var running = store.Create(new(DsrService.Data.Sealing.DataKey.NewBytes()));
        var abandoned = Path.ChangeExtension(store.All().Single(file => file.Id == orphan).Path, null) + "0.part";
        await File.WriteAllTextAsync(abandoned, "");
        Age(store.All().Single(file => file.Id == known).Path, TimeSpan.FromDays(30));
        Age(store.All().Single(file => file.Id == orphan).Path, TimeSpan.FromHours(2));
        Age(abandoned, TimeSpan.FromHours(25));

        await scene.Service.InScopeAsync(async services =>
        {
            await ActivatorUtilities.CreateInstance<SweepFiles>(services).RunAsync(default);
            return true;
        });

        Assert.That(store.All().Select(file => file.Id), Is.EquivalentTo(new Guid?[] { known, fresh, null }), "what is written just now stays");
    }

    private static async Task<Guid> LeaveAsync(FileStore store)
    {
        await using var writer = store.Create(new(DsrService.Data.Sealing.DataKey.NewBytes()));
        writer.Complete();
        return writer.Id;
    }

    private static void Age(string path, TimeSpan by) => File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - by);
}
