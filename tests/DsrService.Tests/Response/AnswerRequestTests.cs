using System.Net;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Response;

internal sealed class AnswerRequestTests
{
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync();

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Handle_ErasureWithKeptInvoices_IsPartlyFulfilledAndTheLetterSaysWhy()
    {
        var request = await scene.ErasedAsync();

        var result = await AnswerAsync(request);

        var row = await request.RequestAsync();
        var answer = await ContentAsync(request);
        var (kind, letter) = (await scene.Service.NoticesAsync(request.Reference)).Single();
        Assert.Multiple(async () =>
        {
            Assert.That(result.Failure, Is.Null);
            Assert.That((row.Status, row.WaitingFor, row.ClosedAt), Is.EqualTo((RequestStatus.PartlyFulfilled, (string?)null, (DateTimeOffset?)scene.Service.Clock.GetUtcNow())));
            var kept = answer.Items.Single(item => item.Outcome == AnswerOutcome.Retained);
            Assert.That((kept.Category, kept.Until), Is.EqualTo(("Invoices", (DateOnly?)new DateOnly(2033, 12, 31))));
            Assert.That(kept.Reason, Does.Contain("A law requires us to keep it (Article 17(3)(b) GDPR)"));
            Assert.That(answer.Items, Has.Some.Matches<AnswerItem>(item => item is { Outcome: AnswerOutcome.Erased, Category: "Customer account" }));
            Assert.That((kind, letter.To), Is.EqualTo((NoticeKind.Answer, request.Email)));
            Assert.That(letter.Text, Does.Contain("31 December 2033").And.Contain("Bookkeeping Act").And.Contain("Customer account"));
            Assert.That(answer.Text, Is.EqualTo(letter.Text));
            Assert.That(await request.AuditAsync(), Has.Some.EqualTo("request.answered"));
        });
    }

    [Test]
    public async Task Handle_AccessWithData_IsFulfilledAndThePackageCanBeFetched()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        await request.AnswerAllAsync(task => task is { System: "webshop", Action: TaskAction.Access }
            ? request.HandOverAsync(task, ("account", "customer-account", "application/x-ndjson", "{\"name\":\"Ada\"}"))
            : Task.FromResult(ResponseScene.NothingFound(task)));
        await request.BuildAsync();

        await AnswerAsync(request);

        using var client = scene.Service.NewClient(bearer: request.AccessToken);
        Assert.Multiple(async () =>
        {
            Assert.That((await request.RequestAsync()).Status, Is.EqualTo(RequestStatus.Fulfilled));
            Assert.That((await ContentAsync(request)).Items, Has.Some.Matches<AnswerItem>(item => item is { Outcome: AnswerOutcome.Handed, Category: "Customer account" }));
            Assert.That((await client.GetAsync($"/api/v1/requests/{request.Reference}/package")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task Handle_TaskSetAside_IsPartlyFulfilledWithTheReasonGiven()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var silent = await request.TaskAsync("newsletter", TaskAction.Access);
        await request.AnswerAsync(task => task.System != "newsletter", task => Task.FromResult(ResponseScene.NothingFound(task)));
        await scene.Service.InScopeAsync(services => services.GetRequiredService<SetAsideTask>()
            .HandleAsync(request.Reference, silent.Id, "The system was switched off last year.", scene.Approver, default));
        await request.BuildAsync();

        await AnswerAsync(request);

        Assert.Multiple(async () =>
        {
            Assert.That((await request.RequestAsync()).Status, Is.EqualTo(RequestStatus.PartlyFulfilled));
            Assert.That((await ContentAsync(request)).Items.Single(item => item.Outcome == AnswerOutcome.SetAside).Reason, Is.EqualTo("The system was switched off last year."));
        });
    }

    [Test]
    public async Task Handle_RemarkOfTheStaff_StandsInTheLetterAndOnlySealedInTheAudit()
    {
        var request = await scene.ErasedAsync();

        await AnswerAsync(request, "Thank you for your patience.");

        var facts = await scene.Service.InDatabaseAsync(db => db.Set<DsrService.Audit.AuditEntry>()
            .SingleAsync(entry => entry.Chain == request.Id.ToString() && entry.Event == "request.answered"));
        Assert.Multiple(async () =>
        {
            Assert.That((await ContentAsync(request)).Text, Does.Contain("Thank you for your patience."));
            Assert.That(facts.Facts, Does.Not.Contain("patience").And.Not.Contain(request.Email));
        });
    }

    [Test]
    public async Task Handle_BeforeAllTasksEnded_IsRefusedWithTheMovesAllowed()
    {
        var request = await scene.ApprovedAsync(Right.Erasure);

        var result = await AnswerAsync(request);

        Assert.That((result.Failure!.Code, result.Failure.Status), Is.EqualTo(("request.move_not_allowed", 409)));
    }

    [Test]
    public async Task Handle_VerificationWithdrawnMeanwhile_IsRefusedAndNamesTheSystem()
    {
        var request = await scene.ErasedAsync();
        await scene.Service.InDatabaseAsync(db => db.Set<RequestTask>()
            .Where(task => task.RequestId == request.Id && task.System == "newsletter" && task.State == TaskState.Verified)
            .ExecuteUpdateAsync(update => update.SetProperty(task => task.State, TaskState.Failed)));

        var result = await AnswerAsync(request);

        Assert.Multiple(async () =>
        {
            Assert.That((result.Failure!.Code, result.Failure.Status), Is.EqualTo(("request.tasks_open", 409)));
            Assert.That(result.Failure.Extensions!["systems"], Is.EqualTo(new[] { "newsletter" }));
            Assert.That((await request.RequestAsync()).Status, Is.EqualTo(RequestStatus.AwaitingDecision));
            Assert.That(await scene.Service.NoticesAsync(request.Reference), Is.Empty);
        });
    }

    [Test]
    public async Task Handle_TwoAtOnce_SendOneAnswer()
    {
        var request = await scene.ErasedAsync();

        var results = await Task.WhenAll(AnswerAsync(request), AnswerAsync(request));

        Assert.Multiple(async () =>
        {
            Assert.That(results.Count(result => !result.Failed), Is.EqualTo(1));
            Assert.That(await scene.Service.NoticesAsync(request.Reference), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Handle_ByAnAgent_IsForbidden()
    {
        var request = await scene.ErasedAsync();
        var agent = await scene.StaffAsync($"agent-{request.Reference}", StaffRole.Agent);

        var result = await scene.Service.InScopeAsync(services => services.GetRequiredService<AnswerRequest>().HandleAsync(request.Reference, agent, new(), default));

        Assert.That(result.Failure?.Status, Is.EqualTo(403));
    }

    private Task<Result<DataSubjectRequest>> AnswerAsync(Seeded request, string? remark = null) => scene.Service.InScopeAsync(services =>
        services.GetRequiredService<AnswerRequest>().HandleAsync(request.Reference, scene.Approver, new(remark), default));

    private async Task<AnswerContent> ContentAsync(Seeded request)
    {
        var row = await request.RequestAsync();
        return scene.Service.Services.GetRequiredService<RequestKeys>().Open(row).OpenJson<AnswerContent>(RequestFields.Answer(row.Id), row.Answer!);
    }
}
