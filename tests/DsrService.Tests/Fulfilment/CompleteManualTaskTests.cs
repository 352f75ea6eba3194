using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

internal sealed class CompleteManualTaskTests
{
    private const string Step = "erase:address-updates";
    private FulfilmentBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task HandleAsync_NothingFound_EndsTheTask()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);

        var result = await CompleteAsync(reference, await TaskAsync(reference), ReceiptOutcome.NothingFound, bench.Approver);

        Assert.That(result.Value?.Outcome, Is.EqualTo(ReceiptOutcome.NothingFound));
    }

    [Test]
    public async Task HandleAsync_OwnerOfTheSystem_MayCompleteItAndNoOther()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var owner = bench.Approver with { Grants = [new CallerGrant(TestService.Controller, StaffRole.SystemOwner, "address-updates")] };
        var other = bench.Approver with { Grants = [new CallerGrant(TestService.Controller, StaffRole.SystemOwner, "fulfilment-vendor")] };

        var refused = await CompleteAsync(reference, await TaskAsync(reference), ReceiptOutcome.NothingFound, other);
        var done = await CompleteAsync(reference, await TaskAsync(reference), ReceiptOutcome.NothingFound, owner);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Failure?.Code, Is.EqualTo("task.not_found"));
            Assert.That(done.Failure, Is.Null);
        }
    }

    [Test]
    public async Task HandleAsync_CountsThatDoNotAddUp_AreRefused()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var task = await bench.TaskAsync(reference, Step);
        var category = System.Text.Json.JsonSerializer.Deserialize<List<ScopeItem>>(task.Scope, DsrJson.Options)![0].Category;

        var result = await CompleteAsync(reference, task.Id, ReceiptOutcome.Completed, bench.Approver, new ReceiptItem { Category = category, Found = 4, Erased = 1 });

        Assert.That(result.Failure?.Status, Is.EqualTo(422));
    }

    [Test]
    public async Task HandleAsync_SystemThatAnswersForItself_IsRefused()
    {
        var reference = await bench.InProgressAsync(Right.Erasure);

        var result = await CompleteAsync(reference, (await bench.TaskAsync(reference, "erase:customer-survey")).Id, ReceiptOutcome.NothingFound, bench.Approver);

        Assert.That(result.Failure?.Code, Is.EqualTo("task.not_manual"));
    }

    private async Task<Guid> TaskAsync(string reference) => (await bench.TaskAsync(reference, Step)).Id;

    private Task<Result<TaskOutput>> CompleteAsync(string reference, Guid task, ReceiptOutcome outcome, StaffCaller caller, params ReceiptItem[] items) =>
        bench.Service.InScopeAsync(services => services.GetRequiredService<CompleteManualTask>()
            .HandleAsync(reference, task, new CompleteManualTask.Input { Outcome = outcome, Items = items }, caller, CancellationToken.None));
}
