using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Identity;
using DsrService.Notices;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Requests;

internal sealed class SubmitRequestTests
{
    private const string Path = "/api/v1/toontrack/requests";
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync(settings: ("Dsr:RateLimits:IntakePerSenderAndDay", "100"));

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [TestCase("access")]
    [TestCase("rectification")]
    [TestCase("erasure")]
    [TestCase("restriction")]
    [TestCase("objection")]
    [TestCase("portability")]
    public async Task Post_EachRight_IsTakenIn(string right)
    {
        var (status, answer, response) = await TestService.PostAsync(service.Client, Path, Bodies.For(right));

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Created), answer.ToString());
            Assert.That(answer.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "reference", "submission", "status", "receivedAt", "dueOn", "statusUrl" }));
            Assert.That(answer.GetProperty("reference").GetString(), Does.Match("^DSR-2026-[2-9BCDFGHJ-NP-TV-XZ]{8}$"));
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("awaiting-identity"));
            Assert.That(answer.GetProperty("receivedAt").GetString(), Is.EqualTo("2026-03-02T09:00:00Z"));
            Assert.That(answer.GetProperty("dueOn").GetString(), Is.EqualTo("2026-04-02"));
            Assert.That(answer.GetProperty("statusUrl").GetString(), Does.EndWith($"/status/{answer.GetProperty("reference").GetString()}"));
            Assert.That(response.Headers.Location!.ToString(), Is.EqualTo($"/api/v1/requests/{answer.GetProperty("reference").GetString()}"));
        });
    }

    [Test]
    public async Task Post_Request_KeepsWhatWasSentSealedAndOneEntryOfIt()
    {
        var body = Bodies.Erasure().With("details", "Gone, please.").With("identifiers", JsonNode.Parse("""[ { "kind": "customer-number", "value": "c-1001" } ]"""));

        var reference = await SubmitAsync(body);

        var request = await service.RequestAsync(reference);
        await service.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<DsrDbContext>();
            var key = services.GetRequiredService<RequestKeys>().Open(request);
            var identifiers = await db.Set<RequestIdentifier>().Where(row => row.RequestId == request.Id).OrderBy(row => row.Kind).ToListAsync();
            var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
            var entries = await db.Set<AuditEntry>().Where(entry => entry.Chain == request.Id.ToString()).ToListAsync();
            Assert.Multiple(() =>
            {
                Assert.That(intake.Requester, Is.EqualTo(new RequesterContent(Bodies.Name, Bodies.Email, Relation.Self)));
                Assert.That(intake.Details, Is.EqualTo("Gone, please."));
                Assert.That(intake.Erasure!.Grounds, Is.EqualTo(new[] { ErasureGround.Unknown }));
                Assert.That(identifiers.Select(row => (row.Kind, key.OpenText(RequestIdentifier.ValueField(row.Id), row.Value), row.Verified)),
                    Is.EqualTo(new[] { ("customer-number", "c-1001", false), ("email", Bodies.Email, false) }));
                Assert.That(entries.Select(entry => (entry.Event, entry.Actor)), Is.EqualTo(new[] { ("request.received", "person") }));
                Assert.That(entries[0].Facts, Does.Not.Contain("Ada").And.Not.Contain("1001").And.Not.Contain("example.org"));
            });
            return 0;
        });
    }

    [Test]
    public async Task Post_Request_SendsOneLinkOfWhichOnlyTheHashIsKept()
    {
        var reference = await SubmitAsync(Bodies.Erasure());

        var notices = await service.NoticesAsync(reference);
        var token = Links.TokenIn(notices[0].Content.Text);
        var links = await service.InDatabaseAsync(db => db.Set<IdentityLink>().ToListAsync());
        Assert.Multiple(() =>
        {
            Assert.That(notices, Has.Count.EqualTo(1));
            Assert.That(notices[0].Kind, Is.EqualTo(NoticeKind.Acknowledgement));
            Assert.That(notices[0].Content.To, Is.EqualTo(Bodies.Email));
            Assert.That(notices[0].Content.Text, Does.Contain("2 March 2026").And.Contains("2 April 2026").And.Contains("Article 17").And.Contains("privacy@toontrack.com"));
            Assert.That(links.Count(link => link.TokenHash.AsSpan().SequenceEqual(Secrets.Hash(token)) && link.ExpiresAt == service.Clock.GetUtcNow().AddDays(7)), Is.EqualTo(1));
        });
    }

    [TestCase("guardian")]
    [TestCase("representative")]
    public async Task Post_ForSomebodyElse_TheSendersAddressIsNoIdentifier(string relation)
    {
        var body = Bodies.Erasure().With("requester.relation", relation).With("subject", JsonNode.Parse("""{ "name": "Bo Lind", "birthDate": "2014-05-01" }"""));

        var request = await service.RequestAsync(await SubmitAsync(body));

        Assert.That(await service.InDatabaseAsync(db => db.Set<RequestIdentifier>().CountAsync(row => row.RequestId == request.Id)), Is.Zero);
    }

    [Test]
    public async Task Post_ObjectionToMarketing_IsActedOnAtOnce()
    {
        var (status, answer, _) = await TestService.PostAsync(service.Client, Path, Bodies.MarketingObjection());

        Assert.Multiple(async () =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("in-progress"));
            Assert.That((await service.NoticesAsync(answer.GetProperty("reference").GetString()!))[0].Content.Text, Does.Contain("stop using your data for direct marketing at once").And.Contains("?token="));
        });
    }

    [TestCase("right", "\"cookies\"", "right")]
    [TestCase("right", "\"Erasure\"", "right")]
    [TestCase("right", "\"erasure,access\"", "right")]
    [TestCase("right", "2", "right")]
    [TestCase("right", null, "right")]
    [TestCase("language", "\"english please\"", "language")]
    [TestCase("country", "\"se\"", "country")]
    [TestCase("requester", null, "requester.email")]
    [TestCase("requester.email", null, "requester.email")]
    [TestCase("requester.email", "\"\"", "requester.email")]
    [TestCase("requester.email", "\"nobody\"", "requester.email")]
    [TestCase("requester.email", "\"a@b\"", "requester.email")]
    [TestCase("requester.email", "\"a@@example.org\"", "requester.email")]
    [TestCase("requester.email", "\"a b@example.org\"", "requester.email")]
    [TestCase("requester.email", "\"a@example.org, b@example.org\"", "requester.email")]
    [TestCase("requester.email", "\"Ada <a@example.org>\"", "requester.email")]
    [TestCase("requester.email", "\"a@example.org\\r\\nBcc: b@example.org\"", "requester.email")]
    [TestCase("requester.email", "\"a@-example.org\"", "requester.email")]
    [TestCase("requester.email", "\".a@example.org\"", "requester.email")]
    [TestCase("requester.email", "\"a@exa\\u202emple.org\"", "requester.email")]
    [TestCase("requester.email", "\"a@127.0.0.1\"", "requester.email")]
    [TestCase("requester.relation", "\"mother\"", "requester.relation")]
    [TestCase("requester.name", "\"Ada\\r\\nBcc: b@example.org\"", "requester.name")]
    [TestCase("requester.name", "\"Ada\\u0000\"", "requester.name")]
    [TestCase("requester.name", "\"\\u202eadA\"", "requester.name")]
    [TestCase("requester.name", "\"Ada\\u2028Lind\"", "requester.name")]
    [TestCase("requester.age", "7", "requester.age")]
    [TestCase("hobby", "\"drums\"", "hobby")]
    [TestCase("subject", "{ \"name\": \"Bo\" }", "subject")]
    [TestCase("details", "\"a\\u0007b\"", "details")]
    [TestCase("details", "5", "details")]
    [TestCase("identifiers", "[ { \"kind\": \"shoe-size\", \"value\": \"42\" } ]", "identifiers[0].kind")]
    [TestCase("identifiers", "[ { \"kind\": \"customer-number\", \"value\": \"\" } ]", "identifiers[0].value")]
    [TestCase("identifiers", "[ { \"kind\": \"email\", \"value\": \"nobody\" } ]", "identifiers[0].value")]
    [TestCase("identifiers", "[ null ]", "identifiers[0].kind")]
    [TestCase("identifiers", "\"C-1\"", "identifiers")]
    [TestCase("erasure", "{ \"grounds\": [ \"boredom\" ] }", "erasure.grounds[0]")]
    [TestCase("corrections", "[ { \"field\": \"name\", \"requested\": \"Ada\" } ]", "corrections")]
    [TestCase("restriction", "{ \"ground\": \"unlawful\" }", "restriction")]
    [TestCase("objection", "{ \"purpose\": \"direct-marketing\" }", "objection")]
    public async Task Post_BadField_IsNamedByItsPath(string path, string? json, string error)
    {
        var (status, problem, response) = await TestService.PostAsync(service.Client, Path, Bodies.Erasure().With(path, json is null ? null : JsonNode.Parse(json)));

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("request.invalid"));
            Assert.That(problem.GetProperty("errors").EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { error }), problem.ToString());
        });
    }

    [TestCase("rectification", "corrections", null, "corrections")]
    [TestCase("rectification", "corrections", "[]", "corrections")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"name\", \"requested\": \"\", \"statement\": \"\" } ]", "corrections[0].requested")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"../x\", \"requested\": \"y\" } ]", "corrections[0].field")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"email\", \"requested\": \"not an address\" } ]", "corrections[0].requested")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"shoe-size\", \"requested\": \"43\" } ]", "corrections[0].field")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"name\", \"current\": \"Ada\", \"requested\": \"Ada\" } ]", "corrections[0].requested")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"name\", \"requested\": \"Ada\" }, { \"field\": \"name\", \"requested\": \"Eva\" } ]", "corrections[1].requested")]
    [TestCase("erasure", "erasure", "{ \"grounds\": [ \"unknown\", \"unlawful\" ] }", "erasure.grounds")]
    [TestCase("restriction", "restriction", null, "restriction.ground")]
    [TestCase("restriction", "restriction", "{}", "restriction.ground")]
    [TestCase("objection", "objection", "{ \"purpose\": \"everything\" }", "objection.purpose")]
    public async Task Post_SectionOfItsRightMissingOrOdd_IsNamed(string right, string path, string? json, string error)
    {
        var (status, problem, _) = await TestService.PostAsync(service.Client, Path, Bodies.For(right).With(path, json is null ? null : JsonNode.Parse(json)));

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(problem.GetProperty("errors").EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { error }), problem.ToString());
        });
    }

    [TestCase("rectification", "corrections", "[ { \"field\": \"something-else\", \"requested\": \"left-handed\" } ]")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"name\", \"requested\": \"Ada Berg\", \"evidence\": \"marriage certificate\" } ]")]
    [TestCase("rectification", "corrections", "[ { \"field\": \"postal-address\", \"current\": \"A 1\", \"requested\": \"B 2\" }, { \"field\": \"postal-address\", \"current\": \"A 9\", \"requested\": \"B 3\" } ]")]
    [TestCase("restriction", "restriction", "{ \"ground\": \"unknown\" }")]
    [TestCase("erasure", "erasure", "{ \"grounds\": [ \"unknown\" ] }")]
    [TestCase("objection", "objection", "{ \"purpose\": \"direct-marketing\" }")]
    [TestCase("access", "details", null)]
    public async Task Post_NoMoreThanTheLawNeeds_IsTaken(string right, string path, string? json)
    {
        var (status, problem, _) = await TestService.PostAsync(service.Client, Path, Bodies.For(right).With(path, json is null ? null : JsonNode.Parse(json)));

        Assert.That(status, Is.EqualTo(HttpStatusCode.Created), problem.ToString());
    }

    [TestCase("{ \"right\": ")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("")]
    [TestCase("{ \"right\": \"erasure\", \"right\": \"access\" }")]
    public async Task Post_BrokenJson_HasErrorsAndACode(string json)
    {
        var response = await service.Client.PostAsync(Path, new StringContent(json, Encoding.UTF8, "application/json"));

        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("request.invalid"));
            Assert.That(problem.GetProperty("errors").EnumerateObject(), Is.Not.Empty);
        });
    }

    [TestCase("/api/v1/nobody/requests", "application/json", 10, HttpStatusCode.NotFound, "controller.not_found")]
    [TestCase("/api/v1/toontrack/requests", "text/plain", 10, HttpStatusCode.UnsupportedMediaType, "http.unsupported_media_type")]
    [TestCase("/api/v1/toontrack/requests", "application/json", 10_000_000, HttpStatusCode.RequestEntityTooLarge, "http.too_large")]
    public async Task Post_NotForUs_IsAProblemWithACode(string path, string type, int length, HttpStatusCode status, string code)
    {
        var response = await service.Client.PostAsync(path, new StringContent(new string(' ', length), Encoding.UTF8, type));

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(status));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain($"\"code\":\"{code}\""));
        });
    }

    [Test]
    public async Task Post_SameKeyAndBody_GivesTheFirstAnswerAgain()
    {
        using var client = service.NewClient();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "again");

        var first = await TestService.PostAsync(client, Path, Bodies.Erasure());
        var second = await TestService.PostAsync(client, Path, Bodies.Erasure());
        var other = await TestService.PostAsync(client, Path, Bodies.Erasure("bo@example.org"));

        Assert.Multiple(() =>
        {
            Assert.That(second.Status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(second.Body.ToString(), Is.EqualTo(first.Body.ToString()));
            Assert.That((int)other.Status, Is.EqualTo(422));
            Assert.That(other.Body.GetProperty("code").GetString(), Is.EqualTo("request.idempotency_mismatch"));
        });
    }

    [Test]
    public async Task Post_SameKeyManyTimesAtOnce_TakesInOneRequest()
    {
        using var client = service.NewClient();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "at-once");
        var before = await CountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TestService.PostAsync(client, Path, Bodies.Erasure())));

        Assert.Multiple(async () =>
        {
            Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.Created));
            Assert.That(answers.Select(answer => answer.Body.ToString()).Distinct().Count(), Is.EqualTo(1));
            Assert.That(await CountAsync(), Is.EqualTo(before + 1));
        });
    }

    [Test]
    public async Task Post_KnownOrUnknownPerson_AnswersAlike()
    {
        await service.SubmitConfirmedAsync(Bodies.Erasure("known@example.org"));

        var known = await TestService.PostAsync(service.Client, Path, Bodies.Erasure("known@example.org"));
        var stranger = await TestService.PostAsync(service.Client, Path, Bodies.Erasure("nobody@example.org"));

        Assert.Multiple(() =>
        {
            Assert.That(known.Status, Is.EqualTo(stranger.Status));
            Assert.That(known.Body.ToString().Length, Is.EqualTo(stranger.Body.ToString().Length));
            Assert.That(known.Body.GetProperty("status").GetString(), Is.EqualTo(stranger.Body.GetProperty("status").GetString()));
        });
    }

    private Task<int> CountAsync() => service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().CountAsync());

    private async Task<string> SubmitAsync(JsonObject body) => (await service.SubmitAsync(body)).Reference;
}
