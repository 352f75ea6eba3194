using System.Net;
using System.Text.Json.Nodes;
using DsrService.Identity;
using DsrService.Requests;
using DsrService.Tests.Requests;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Identity;

internal sealed class ConfirmIdentityTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task Post_TokenOfTheMail_ConfirmsAndPlans()
    {
        var (reference, token) = await SubmitAsync(Bodies.Erasure());

        var (status, answer, _) = await ConfirmAsync(reference, token);

        var request = await service.RequestAsync(reference);
        var verified = await service.InDatabaseAsync(db => db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id).Select(row => row.Verified).ToListAsync());
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), answer.ToString());
            Assert.That(answer.GetProperty("reference").GetString(), Is.EqualTo(reference));
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("planned"));
            Assert.That(answer.GetProperty("accessToken").GetString(), Has.Length.EqualTo(43));
            Assert.That(request.IdentityConfirmedAt, Is.EqualTo(service.Clock.GetUtcNow()));
            Assert.That(verified, Is.EqualTo(new[] { true }));
        });
    }

    [Test]
    public async Task Post_OtherAddressAndNumberGiven_StayUnverified()
    {
        var (reference, token) = await SubmitAsync(Bodies.Erasure().With("identifiers", JsonNode.Parse(
            """[ { "kind": "email", "value": "other@example.org" }, { "kind": "customer-number", "value": "C-1001" } ]""")));

        await ConfirmAsync(reference, token);

        Assert.That(await VerifiedAsync(reference), Is.EqualTo(new[] { ("customer-number", false), ("email", false), ("email", true) }));
    }

    [Test]
    public async Task Post_ByAGuardian_VerifiesNothingOfTheChild()
    {
        var (reference, token) = await SubmitAsync(Bodies.Erasure()
            .With("requester.relation", "guardian")
            .With("subject", JsonNode.Parse("""{ "name": "Bo Lind" }"""))
            .With("identifiers", JsonNode.Parse("""[ { "kind": "email", "value": "ada.lind@example.org" } ]""")));

        var (status, _, _) = await ConfirmAsync(reference, token);

        Assert.Multiple(async () =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await VerifiedAsync(reference), Is.EqualTo(new[] { ("email", false) }));
        });
    }

    [Test]
    public async Task Post_WrongUsedForeignExpiredOrUnknown_AllAnswerAlike()
    {
        var (used, usedToken) = await SubmitAsync(Bodies.Erasure());
        await ConfirmAsync(used, usedToken);
        var (open, openToken) = await SubmitAsync(Bodies.Erasure());
        var (_, foreignToken) = await SubmitAsync(Bodies.Erasure());
        var (late, lateToken) = await SubmitAsync(Bodies.Erasure());

        List<(HttpStatusCode Status, string Body)> answers =
        [
            Of(await ConfirmAsync(open, "wrong")),
            Of(await ConfirmAsync(open, null)),
            Of(await ConfirmAsync(open, foreignToken)),
            Of(await ConfirmAsync(used, usedToken)),
            Of(await ConfirmAsync("DSR-2026-ZZZZZZZZ", openToken)),
        ];
        service.Clock.Advance(TimeSpan.FromDays(7));
        answers.Add(Of(await ConfirmAsync(late, lateToken)));

        Assert.Multiple(async () =>
        {
            Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(answers[0].Body, Does.Contain("\"code\":\"identity.not_confirmed\""));
            Assert.That(answers.Select(answer => answer.Body).Distinct().Count(), Is.EqualTo(1));
            Assert.That((await service.RequestAsync(open)).Status, Is.EqualTo(RequestStatus.AwaitingIdentity));
        });
    }

    [Test]
    public async Task Post_SameTokenManyTimesAtOnce_OneGetsThrough()
    {
        var (reference, token) = await SubmitAsync(Bodies.Erasure());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConfirmAsync(reference, token)));

        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Forbidden), Is.EqualTo(7));
    }

    [Test]
    public async Task Post_SecondLink_GivesAnotherTokenAndLeavesTheFirst()
    {
        var (reference, first) = await SubmitAsync(Bodies.Erasure());
        await TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity/resend", new { });
        var second = Links.TokenIn((await service.NoticesAsync(reference))[1].Content.Text);

        var one = (await ConfirmAsync(reference, first)).Body.GetProperty("accessToken").GetString();
        var two = (await ConfirmAsync(reference, second)).Body.GetProperty("accessToken").GetString();

        Assert.Multiple(async () =>
        {
            Assert.That(one, Is.Not.EqualTo(two));
            Assert.That(await OpensAsync(reference, one), Is.True);
            Assert.That(await OpensAsync(reference, two), Is.True);
        });
    }

    [Test]
    public async Task Post_ForAnExpiredRequest_TakesItUpAgain()
    {
        var (reference, _) = await SubmitAsync(Bodies.Erasure());
        await service.RunJobAsync<ExpireUnconfirmed>(after: TimeSpan.FromDays(40));
        var notice = (await service.NoticesAsync(reference))[^1];

        var (status, answer, _) = await ConfirmAsync(reference, Links.TokenIn(notice.Content.Text));

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("planned"));
        });
    }

    private Task<bool> OpensAsync(string reference, string? token) =>
        service.InScopeAsync(async services => await ((StatusAccess)services.GetService(typeof(StatusAccess))!).FindAsync(reference, token, CancellationToken.None) is not null);

    private Task<(string, bool)[]> VerifiedAsync(string reference) => service.InDatabaseAsync(async db =>
        (await (from row in db.Set<RequestIdentifier>()
                join request in db.Set<DataSubjectRequest>() on row.RequestId equals request.Id
                where request.Reference == reference
                orderby row.Kind, row.Verified
                select new { row.Kind, row.Verified }).ToListAsync()).Select(row => (row.Kind, row.Verified)).ToArray());

    private static (HttpStatusCode, string) Of((HttpStatusCode Status, System.Text.Json.JsonElement Body, HttpResponseMessage Response) answer)
    {
        var members = answer.Body.EnumerateObject().Where(member => member.Name != "traceId");
        return (answer.Status, string.Join(',', members));
    }

    private Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body, HttpResponseMessage Response)> ConfirmAsync(string reference, string? token) =>
        TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity", new { token });

    private Task<(string Reference, string Token)> SubmitAsync(JsonObject body) => service.SubmitAsync(body);
}
