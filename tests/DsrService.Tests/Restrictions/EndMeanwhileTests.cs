using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Fulfilment;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Restrictions;

/// <summary>What somebody has asked to see does not run out before the answer, and does after it.</summary>
internal sealed class EndMeanwhileTests
{
    private FulfilmentBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Plan_Access_PreservesAtOnceWithoutApproval()
    {
        var reference = await bench.PlannedAsync(Right.Access);

        await bench.SettleAsync();

        Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.Planned));
        Assert.That((await OfAsync(reference, TaskAction.Preserve)).Where(task => task.State == TaskState.Sent).Select(task => task.System), Does.Contain("webshop"));
        Assert.That(await OfAsync(reference, TaskAction.Release), Is.Empty);
    }

    [Test]
    public async Task Refused_WhatWasPreserved_IsReleasedAlthoughTheRequestIsClosed()
    {
        var reference = await bench.PlannedAsync(Right.Access);
        await bench.SettleAsync();
        var (preserved, unanswered) = (await bench.TaskAsync(reference, "meanwhile:preserve:webshop"), (await OfAsync(reference, TaskAction.Preserve)).First(task => task.System != "webshop" && task.State == TaskState.Sent));
        await bench.AnswerAsync(preserved, ReceiptOutcome.Completed, new ReceiptItem { Category = "invoices", Found = 2 });

        await RefuseAsync(reference);
        await bench.SettleAsync();

        var released = await OfAsync(reference, TaskAction.Release);
        Assert.That(released.Select(task => task.System), Does.Contain("webshop").And.Contain(unanswered.System));
        Assert.That(released.Select(task => task.State), Is.All.EqualTo(TaskState.Sent));
        Assert.That((await bench.AnswerAsync(released.Single(task => task.System == "webshop"), ReceiptOutcome.Completed, new ReceiptItem { Category = "invoices", Found = 2 })).Failure, Is.Null);
        Assert.That((await bench.TaskAsync(reference, "release:webshop")).State, Is.EqualTo(TaskState.Done));
    }

    [Test]
    public async Task Refused_NothingThere_NothingIsReleased()
    {
        var reference = await bench.PlannedAsync(Right.Access);
        await bench.AnswerAllWithNothingAsync(reference, task => task.Action is TaskAction.Preserve or TaskAction.Locate);

        await RefuseAsync(reference);
        await bench.SettleAsync();

        Assert.That(await OfAsync(reference, TaskAction.Release), Is.Empty);
    }

    private async Task RefuseAsync(string reference)
    {
        var refused = await bench.Service.InScopeAsync(services => services.GetRequiredService<RefuseRequest>()
            .HandleAsync(reference, bench.Approver, new(RefusalGround.NotTheController, "Somebody else runs that shop."), CancellationToken.None));
        Assert.That(refused.Failure, Is.Null);
    }

    private async Task<List<RequestTask>> OfAsync(string reference, TaskAction action) => (await bench.TasksAsync(reference)).FindAll(task => task.Action == action);
}
