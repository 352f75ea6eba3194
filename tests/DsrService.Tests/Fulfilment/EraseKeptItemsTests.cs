using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Requests.Desk;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Fulfilment;

/// <summary>What Art. 17(3) lets stay is erased when its reason ends, by the handle alone.</summary>
internal sealed class EraseKeptItemsTests
{
    private static readonly DateOnly LastDay = new(2027, 12, 31);

    private FulfilmentBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await FulfilmentBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task RunAsync_OnTheLastDay_LeavesIt()
    {
        var reference = await AnsweredWithInvoicesKeptAsync();

        await RunOnAsync(LastDay);

        Assert.That(await KeptTasksAsync(reference), Is.Empty);
    }

    [TestCase(2040, 2027)]
    [TestCase(null, 2027)]
    [TestCase(2026, 2026)]
    public async Task KeptItem_WhateverItsSystemSays_EndsOnTheLawfulDayAtTheLatest(int? said, int expected)
    {
        var reference = await bench.InProgressAsync(Right.Erasure);
        var erase = await bench.TaskAsync(reference, "erase:webshop");
        await bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == erase.Id).ExecuteUpdateAsync(update => update
            .SetProperty(row => row.Scope, """[{"category":"invoices","decision":"keep","reason":"17-3-b","until":"2027-12-31"}]""")));

        var answered = await bench.AnswerAsync(erase, ReceiptOutcome.Completed, new ReceiptItem
        {
            Category = "invoices",
            Found = 2,
            Retained = 2,
            Reason = "17-3-b",
            Until = said is { } year ? new DateOnly(year, 12, 31) : null,
            Handle = "i-1",
        });

        Assert.That(answered.Failure?.Errors?.Values.First(), Is.Null);
        Assert.That((await KeptAsync(reference)).Until, Is.EqualTo(new DateOnly(expected, 12, 31)));
    }

    [Test]
    public async Task RunAsync_DayAfterTheLast_ErasesByHandleWithoutThePersonAndProvesIt()
    {
        var reference = await AnsweredWithInvoicesKeptAsync();

        await RunOnAsync(LastDay.AddDays(1));
        await RunOnAsync(LastDay.AddDays(1));
        await bench.SettleAsync();

        var erase = (await KeptTasksAsync(reference)).Single();
        var sent = bench.Sent.Last(sending => sending.Task.TaskId == erase.Id).Task;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Identifiers, Is.Empty);
            Assert.That(sent.Scope.Select(item => (item.Category, item.Decision, item.Handle)), Is.EqualTo(new[] { ("invoices", ScopeDecision.Act, "invoices-1") }));
            Assert.That(sent.DueAt, Is.GreaterThan(bench.Service.Clock.GetUtcNow()));
            Assert.That((await KeptAsync(reference)).EndedAt, Is.Null);
        }

        Assert.That((await bench.AnswerAsync(erase, ReceiptOutcome.Completed, new ReceiptItem { Category = "invoices", Found = 2, Erased = 2 })).Failure, Is.Null);
        await bench.SettleAsync();
        Assert.That((await KeptAsync(reference)).EndedAt, Is.Null, "claimed, not yet proved");
        var verify = (await KeptTasksAsync(reference)).Single(task => task.Verifies == erase.Id);
        Assert.That((await bench.AnswerAsync(verify, ReceiptOutcome.NothingFound)).Failure, Is.Null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await KeptAsync(reference)).EndedAt, Is.Not.Null);
            Assert.That((await bench.TaskAsync(reference, erase.Step)).Verifies, Is.EqualTo(erase.Id));
            Assert.That((await KeptTasksAsync(reference)).Single(task => task.Id == erase.Id).State, Is.EqualTo(TaskState.Verified));
            Assert.That((await bench.Service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.PartlyFulfilled));
        }
    }

    [Test]
    public async Task RunAsync_StillThereWhenAskedAgain_FailsAndIsTriedAnewByAPerson()
    {
        var reference = await AnsweredWithInvoicesKeptAsync();
        await RunOnAsync(LastDay.AddDays(1));
        await bench.SettleAsync();
        var erase = (await KeptTasksAsync(reference)).Single();
        await bench.AnswerAsync(erase, ReceiptOutcome.Completed, new ReceiptItem { Category = "invoices", Found = 2, Erased = 2 });
        await bench.SettleAsync();
        var verify = (await KeptTasksAsync(reference)).Single(task => task.Verifies == erase.Id);

        await bench.AnswerAsync(verify, ReceiptOutcome.Completed, new ReceiptItem { Category = "invoices", Found = 1 });

        Assert.That((await KeptTasksAsync(reference)).Single(task => task.Id == erase.Id).LastError, Is.EqualTo(TaskErrors.NotVerified));
        Assert.That((await KeptAsync(reference)).EndedAt, Is.Null);
        var retried = await bench.Service.InScopeAsync(services => services.GetRequiredService<RetryTask>().HandleAsync(reference, erase.Id, bench.Approver, CancellationToken.None));
        Assert.That(retried.Failure, Is.Null);
        Assert.That((await KeptAsync(reference)).Erasure, Is.EqualTo(retried.Value!.TaskId));
    }

    [Test]
    public async Task RunAsync_SystemKeepsItOn_RecordsTheNewDayAndCallsNothingErased()
    {
        var reference = await AnsweredWithInvoicesKeptAsync(new() { Requester = new("Ada Lind", "ada.lind@example.org", Relation.Self), Erasure = new([ErasureGround.Unknown], true) });
        await RunOnAsync(LastDay.AddDays(1));
        await bench.SettleAsync();
        var erase = (await KeptTasksAsync(reference)).Single();
        var kept = new ReceiptItem { Category = "invoices", Found = 2, Retained = 2, Reason = "A lawsuit", LegalBasis = "17-3-e", Until = LastDay.AddYears(1), Handle = "invoices-1" };

        Assert.That((await bench.AnswerAsync(erase, ReceiptOutcome.PartlyRetained, kept)).Failure, Is.Null);
        await bench.SettleAsync();
        var verify = (await KeptTasksAsync(reference)).Single(task => task.Verifies == erase.Id);
        Assert.That((await bench.AnswerAsync(verify, ReceiptOutcome.PartlyRetained, kept)).Failure, Is.Null);

        var item = await KeptAsync(reference);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((item.Until, item.Erasure, item.EndedAt), Is.EqualTo((LastDay.AddYears(1), (Guid?)null, (DateTimeOffset?)null)));
            Assert.That((await bench.Service.NoticesAsync(reference)).Where(notice => notice.Kind == NoticeKind.KeptErased), Is.Empty);
        }
    }

    [Test]
    public async Task RunAsync_NoHandle_SendsNothingAndTheDeskSaysSo()
    {
        var reference = await AnsweredWithInvoicesKeptAsync();
        await bench.Service.InDatabaseAsync(db => db.Set<KeptItem>().Where(item => item.Reference == reference).ExecuteUpdateAsync(item => item.SetProperty(row => row.Handle, (string?)null)));

        await RunOnAsync(LastDay.AddDays(1));

        var read = await bench.Service.InScopeAsync(services => services.GetRequiredService<ReadRequest>().HandleAsync(reference, bench.Approver, CancellationToken.None));
        Assert.That(await KeptTasksAsync(reference), Is.Empty);
        Assert.That(read.Value!.Detail.Kept.Select(item => (item.Category, item.Overdue)), Is.EqualTo(new[] { ("invoices", true) }));
    }

    [TestCase(true, 1)]
    [TestCase(false, 0)]
    public async Task RunAsync_ErasedAtLast_TellsThePersonWhoWishedIt(bool wished, int letters)
    {
        var reference = await AnsweredWithInvoicesKeptAsync(new() { Requester = new("Ada Lind", "ada.lind@example.org", Relation.Self), Erasure = new([ErasureGround.Unknown], wished) });

        await RunOnAsync(LastDay.AddDays(1));
        await bench.SettleAsync();
        await bench.AnswerAllWithNothingAsync(reference);

        var told = (await bench.Service.NoticesAsync(reference)).Where(notice => notice.Kind == NoticeKind.KeptErased).ToList();
        Assert.That(told, Has.Count.EqualTo(letters));
        Assert.That(told.Select(notice => notice.Content.Text), Is.All.Contains("1 January 2028").And.All.Contains("Invoices"));
    }

    private async Task<string> AnsweredWithInvoicesKeptAsync(IntakeContent? content = null)
    {
        var reference = await bench.InProgressAsync(Right.Erasure, content);
        var kept = new ReceiptItem { Category = "invoices", Found = 2, Retained = 2, Reason = "Swedish bookkeeping law", LegalBasis = "17-3-b", Until = LastDay, Handle = "invoices-1" };
        Assert.That((await bench.AnswerAsync(await bench.TaskAsync(reference, "erase:webshop"), ReceiptOutcome.PartlyRetained, kept)).Failure, Is.Null);
        await bench.SettleAsync();
        var verify = (await bench.TasksAsync(reference)).Single(task => task is { Action: TaskAction.Verify, System: "webshop" });
        Assert.That((await bench.AnswerAsync(verify, ReceiptOutcome.PartlyRetained, kept)).Failure, Is.Null);
        await bench.AnswerAllWithNothingAsync(reference);
        var answered = await bench.Service.InScopeAsync(services => services.GetRequiredService<AnswerRequest>().HandleAsync(reference, bench.Approver, new(), CancellationToken.None));
        Assert.That(answered.Failure?.Code, Is.Null);
        return reference;
    }

    // Noon in Stockholm.
    private async Task RunOnAsync(DateOnly day)
    {
        bench.Service.Clock.Advance(new DateTimeOffset(day, new TimeOnly(11, 0), TimeSpan.Zero) - bench.Service.Clock.GetUtcNow());
        await bench.Service.InScopeAsync(async services =>
        {
            await ActivatorUtilities.CreateInstance<EraseKeptItems>(services).RunAsync(CancellationToken.None);
            return true;
        });
    }

    private async Task<List<RequestTask>> KeptTasksAsync(string reference) => (await bench.TasksAsync(reference)).FindAll(task => task.EndsKept);

    private Task<KeptItem> KeptAsync(string reference) => bench.Service.InDatabaseAsync(db => db.Set<KeptItem>().AsNoTracking().SingleAsync(item => item.Reference == reference));
}
