using System.Text;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Connectors.Api;

internal sealed class SendReceiptTests
{
    [Test]
    public async Task Post_ByItsSystem_CountsAndOnlyOnce()
    {
        var bench = await ConnectedBench.StartAsync();
        var receipt = bench.NothingFound();
        await bench.AssertOnlyTheOwnerAsync("receipt", receipt);

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", receipt), Is.EqualTo("200"));
        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", receipt), Is.EqualTo("200"));
        Assert.That(await bench.StateAsync(), Is.EqualTo(TaskState.Done));
        Assert.That(await ConnectedBench.Service.InDatabaseAsync(db => Task.FromResult(db.Set<TaskReceipt>().Count(row => row.TaskId == bench.Task.TaskId))), Is.EqualTo(1));
    }

    [Test]
    public async Task Post_SealedIdentifiers_OpenedOrRefused()
    {
        var bench = await ConnectedBench.StartAsync();
        var receipt = bench.NothingFound() with { Identifiers = [new("customer-number", "C-1001", true)] };

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", SubjectSeal.Seal(receipt, SubjectSeal.NewKey())), Is.EqualTo("422 receipt.contradictory"));
        Assert.That((await bench.RowAsync()).LastError, Is.EqualTo("receipt.contradictory"));
        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", SubjectSeal.Seal(receipt, ConnectedBench.Credentials.SealingKey)), Is.EqualTo("200"));
    }

    [Test]
    public async Task Post_OddReceipts_RefusedWithACode()
    {
        var bench = await ConnectedBench.StartAsync();
        var receipt = bench.NothingFound();

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", receipt with { TaskId = Guid.CreateVersion7() }), Is.EqualTo("422 receipt.contradictory"));
        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", receipt with { Outcome = ReceiptOutcome.PartlyRetained }), Is.EqualTo("422 receipt.contradictory"));
        Assert.That(await RawAsync(bench, "{"), Is.EqualTo("400 request.invalid"));
        Assert.That(await RawAsync(bench, "null"), Is.EqualTo("400 request.invalid"));
        Assert.That(await RawAsync(bench, $$"""{"taskId":"{{bench.Task.TaskId}}","outcome":"done","handledAt":"2026-03-02T09:00:00Z","handler":"x"}"""), Is.EqualTo("400 request.invalid"));
        Assert.That(await RawAsync(bench, $$"""{"taskId":"{{bench.Task.TaskId}}","outcome":"completed","items":[null],"handledAt":"2026-03-02T09:00:00Z","handler":"x"}"""), Is.EqualTo("422 receipt.contradictory"));
        Assert.That(await RawAsync(bench, new string(' ', (1 << 20) + 1)), Is.EqualTo("413 http.too_large"));
        var row = await bench.RowAsync();
        Assert.That((row.State, row.Outcome), Is.EqualTo((TaskState.Failed, (ReceiptOutcome?)null)));
    }

    [Test]
    public async Task Post_ForAnotherTask_ShownAtTheOneOfItsAddress()
    {
        var bench = await ConnectedBench.StartAsync();

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", bench.NothingFound() with { TaskId = Guid.CreateVersion7() }), Is.EqualTo("422 receipt.contradictory"));
        Assert.That((await bench.RowAsync()).LastError, Is.EqualTo("receipt.contradictory"));
    }

    [Test]
    public async Task Post_Refused_StandsWithTheTaskUntilARightOneComes()
    {
        var bench = await ConnectedBench.StartAsync();
        var receipt = bench.NothingFound();

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", receipt with { Items = [new() { Category = "moon-phases", Found = 1 }] }), Is.EqualTo("422 receipt.contradictory"));
        var refused = await bench.RowAsync();
        Assert.That((refused.State, refused.LastError, refused.NextAttemptAt is not null, refused.Messages is not null), Is.EqualTo((TaskState.Failed, "receipt.contradictory", true, true)));

        Assert.That(await bench.PostAsync(ConnectedBench.Client, "receipt", receipt), Is.EqualTo("200"));
        var counted = await bench.RowAsync();
        Assert.That((counted.State, counted.LastError, counted.NextAttemptAt, counted.Messages), Is.EqualTo((TaskState.Done, (string?)null, (DateTimeOffset?)null, (byte[]?)null)));
    }

    private static async Task<string> RawAsync(ConnectedBench bench, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ConnectedBench.SaidAsync(await ConnectedBench.Client.PostAsync($"/systems/v1/tasks/{bench.Task.TaskId}/receipt", content));
    }
}
