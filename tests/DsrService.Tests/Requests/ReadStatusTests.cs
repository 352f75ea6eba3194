using System.Net;
using System.Text.Json;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Requests;

internal sealed class ReadStatusTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Get_WithItsToken_TellsWhereTheRequestStands()
    {
        var (reference, token) = await service.SubmitConfirmedAsync(Bodies.Erasure());

        var (code, status) = await GetAsync(reference, token);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(status.GetProperty("reference").GetString(), Is.EqualTo(reference));
            Assert.That(status.GetProperty("right").GetString(), Is.EqualTo("erasure"));
            Assert.That(status.GetProperty("status").GetString(), Is.EqualTo("planned"));
            Assert.That(status.GetProperty("receivedAt").GetString(), Is.EqualTo("2026-03-02T09:00:00Z"));
            Assert.That(status.GetProperty("dueOn").GetString(), Is.EqualTo("2026-04-02"));
            Assert.That(status.GetProperty("waitingFor").GetString(), Is.EqualTo("approval"));
            Assert.That(status.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("text").GetString()), Has.Some.Contains("confirmed your e-mail"));
            Assert.That(status.GetProperty("answer").ValueKind, Is.EqualTo(JsonValueKind.Null));
        });
    }

    [Test]
    public async Task Get_AnsweredRequest_HoldsTheAnswer()
    {
        var (reference, token) = await service.SubmitConfirmedAsync(Bodies.Erasure());
        await service.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<DsrDbContext>();
            var request = await db.Set<DataSubjectRequest>().SingleAsync(row => row.Reference == reference);
            var key = services.GetRequiredService<RequestKeys>().Open(request);
            request.Answer = key.SealJson(RequestFields.Answer(request.Id), new AnswerContent("Dear Ada",
                [new AnswerItem { Category = "Invoices", Outcome = AnswerOutcome.Retained, Reason = "bookkeeping", LegalBasis = "17(3)(b)", Until = new DateOnly(2033, 12, 31) }],
                [new AnswerRecipient("Adkompass AB", service.Clock.GetUtcNow()), new AnswerRecipient("Lagerhuset Norr AB", null)]));
            return await db.SaveChangesAsync();
        });

        var (_, status) = await GetAsync(reference, token);

        Assert.That(status.GetProperty("answer").GetRawText(), Is.EqualTo(
            """{"text":"Dear Ada","items":[{"category":"Invoices","outcome":"retained","reason":"bookkeeping","legalBasis":"17(3)(b)","until":"2033-12-31"}],"recipients":[{"name":"Adkompass AB","told":"2026-03-02T09:00:00Z"},{"name":"Lagerhuset Norr AB","told":null}]}"""));
    }

    [Test]
    public async Task Get_WithoutOrWithAForeignToken_AnswersAlikeForEveryReference()
    {
        var (reference, _) = await service.SubmitConfirmedAsync(Bodies.Erasure());
        var (_, foreign) = await service.SubmitConfirmedAsync(Bodies.Erasure());

        List<(HttpStatusCode Code, JsonElement Body)> answers = [];
        foreach (var known in new[] { reference, "DSR-2026-ZZZZZZZZ", "nonsense" })
            foreach (var token in new[] { null, foreign, "x" })
                answers.Add(await GetAsync(known, token));

        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(answer => answer.Code), Is.All.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(answers.Select(answer => string.Join(',', answer.Body.EnumerateObject().Where(member => member.Name != "traceId"))).Distinct().Count(), Is.EqualTo(1));
        });
    }

    private async Task<(HttpStatusCode, JsonElement)> GetAsync(string reference, string? token)
    {
        var response = await service.NewClient(bearer: token).GetAsync($"/api/v1/requests/{reference}");
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }
}
