using System.Net;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Requests;

internal sealed class WithdrawRequestTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Post_BeforeAnyChangeWasSent_ClosesStopsAndWrites()
    {
        var (reference, token) = await service.SubmitConfirmedAsync(Bodies.Erasure());

        var (status, answer, _) = await WithdrawAsync(reference, token);

        var request = await service.RequestAsync(reference);
        Assert.Multiple(async () =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("withdrawn"));
            Assert.That(request.ClosedAt, Is.Not.Null);
            Assert.That((await service.NoticesAsync(reference))[^1].Kind, Is.EqualTo(NoticeKind.Withdrawal));
            Assert.That(await service.InDatabaseAsync(db => db.Set<RequestTask>().CountAsync(task => task.RequestId == request.Id && task.NextAttemptAt != null)), Is.Zero);
        });
        Assert.That((await WithdrawAsync(reference, token)).Status, Is.EqualTo(HttpStatusCode.OK), "Twice has one effect.");
        Assert.That(await service.NoticesAsync(reference), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Post_AfterAChangeWasSent_IsForAPersonToDecide()
    {
        var (reference, token) = await service.SubmitConfirmedAsync(Bodies.MarketingObjection());
        var request = await service.RequestAsync(reference);
        await service.InDatabaseAsync(db => db.Set<RequestTask>().Where(task => task.RequestId == request.Id)
            .ExecuteUpdateAsync(task => task.SetProperty(row => row.Attempt, 1)));

        var (status, answer, _) = await WithdrawAsync(reference, token);

        Assert.Multiple(async () =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(answer.GetProperty("code").GetString(), Is.EqualTo("request.change_under_way"));
            Assert.That((await service.RequestAsync(reference)).Status, Is.EqualTo(RequestStatus.InProgress));
        });
    }

    [Test]
    public async Task Post_WithAForeignToken_IsRefused()
    {
        var (reference, _) = await service.SubmitConfirmedAsync(Bodies.Erasure());
        var (_, foreign) = await service.SubmitConfirmedAsync(Bodies.Erasure());

        Assert.That((await WithdrawAsync(reference, foreign)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body, HttpResponseMessage Response)> WithdrawAsync(string reference, string token) =>
        TestService.PostAsync(service.NewClient(bearer: token), $"/api/v1/requests/{reference}/withdraw", new { });
}
