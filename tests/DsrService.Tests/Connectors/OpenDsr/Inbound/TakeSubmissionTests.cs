using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DsrService.Audit;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.Data.Sealing;
using DsrService.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.OpenDsr.Inbound;

internal sealed class TakeSubmissionTests
{
    private InboundBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await InboundBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Post_CallerVouches_AnOrdinaryRequestConfirmedByItsWord()
    {
        var id = InboundBench.NewId();
        var body = InboundBench.Body(id, "erasure");
        ((JsonArray)body["subject_identities"]!).Add(new JsonObject { ["identity_type"] = "controller_customer_id", ["identity_value"] = "C-1001", ["identity_format"] = "raw" });
        var reply = await bench.PostAsync(body);
        var request = await bench.RequestAsync(id);
        var identifiers = await bench.Service.InDatabaseAsync(db => db.Set<RequestIdentifier>().AsNoTracking().Where(row => row.RequestId == request.Id).OrderBy(row => row.Kind).ToListAsync());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Created), reply.ToString());
            Assert.That(reply.IsSigned, Is.True);
            Assert.That((string?)reply.Json["subject_request_id"], Is.EqualTo(id));
            Assert.That((string?)reply.Json["controller_id"], Is.EqualTo(InboundBench.Platform));
            Assert.That((string?)reply.Json["encoded_request"], Is.EqualTo(Convert.ToBase64String(Encoding.UTF8.GetBytes(body.ToJsonString()))));
            Assert.That((request.Channel, request.Right, request.Status), Is.EqualTo((Channel.Opendsr, Right.Erasure, RequestStatus.Planned)));
            Assert.That(request.IdentityConfirmedAt, Is.Not.Null);
            Assert.That(identifiers.Select(row => (row.Kind, row.Verified)), Is.EqualTo(new[] { ("customer-number", true), ("email", true) }), "the contact of the caller is nobody's identifier");
            Assert.That(await bench.Service.NoticesAsync(request.Reference), Is.Empty, "there is nobody to confirm");
        }
    }

    [Test]
    public async Task Post_CallerVouches_TheAuditSaysWhoVouched()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id));
        var chain = (await bench.RequestAsync(id)).Id.ToString();
        var entries = await bench.Service.InDatabaseAsync(db => db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Chain == chain).OrderBy(entry => entry.Sequence).ToListAsync());

        var vouched = entries.Single(entry => entry.Event == "identity.vouched");
        Assert.That((vouched.Actor, vouched.Facts), Is.EqualTo(("caller:toontrack/consent-platform", """{"by":"consent-platform","verified":["email"]}""")));
        Assert.That(entries.Select(entry => entry.Facts), Has.None.Contain("ada.lind"));
    }

    [Test]
    public async Task Post_CallerDoesNotVouch_ThePersonConfirms()
    {
        var id = InboundBench.NewId();
        var reply = await bench.PostAsync(InboundBench.Body(id, email: "greta@example.org"), InboundBench.Form);
        var request = await bench.RequestAsync(id);
        var identifier = await bench.Service.InDatabaseAsync(db => db.Set<RequestIdentifier>().AsNoTracking().SingleAsync(row => row.RequestId == request.Id));
        var (kind, content) = (await bench.Service.NoticesAsync(request.Reference)).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Created), reply.ToString());
            Assert.That((request.Status, request.IdentityConfirmedAt, identifier.Verified), Is.EqualTo((RequestStatus.AwaitingIdentity, (DateTimeOffset?)null, false)));
            Assert.That((kind, content.To), Is.EqualTo((DsrService.Notices.NoticeKind.Acknowledgement, "greta@example.org")));
        }
    }

    [Test]
    public async Task Post_Twice_OneRequestAndTheSameAnswer()
    {
        var body = InboundBench.Body(InboundBench.NewId());
        var first = await bench.PostAsync(body);
        bench.Service.Clock.Advance(TimeSpan.FromHours(1));
        var second = await bench.PostAsync(body);

        Assert.That(second.ToString(), Is.EqualTo(first.ToString()));
        await bench.RequestAsync((string)body["subject_request_id"]!);
    }

    [Test]
    public async Task Post_SameMomentManyTimes_OneRequest()
    {
        var body = InboundBench.Body(InboundBench.NewId());
        var before = await CountAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => bench.PostAsync(body)));

        Assert.That(replies.Select(reply => reply.ToString()).Distinct().Count(), Is.EqualTo(1), string.Join('\n', replies.Select(reply => reply.Status)));
        Assert.That(await CountAsync(), Is.EqualTo(before + 1));
    }

    [Test]
    public async Task Post_SameIdOtherBody_RefusedAndNothingTaken()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id));
        var before = await CountAsync();
        var reply = await bench.PostAsync(InboundBench.Body(id, "erasure"));

        Assert.That((reply.Status, reply.Reason, reply.IsSigned), Is.EqualTo((HttpStatusCode.Conflict, "opendsr.id_used", true)));
        Assert.That(await CountAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Post_SameIdOfAnotherCaller_IsAnotherRequest()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id));
        var reply = await bench.PostAsync(InboundBench.Body(id, email: "other@example.org"), InboundBench.Platform, "djmixersoft");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Created), reply.ToString());
        Assert.That((await bench.GetAsync($"v2/requests/{id}")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("sha256")]
    [TestCase("sha1")]
    [TestCase("md5")]
    public async Task Post_HashedIdentity_RefusedWithoutRepeatingIt(string format)
    {
        var body = InboundBench.Body(InboundBench.NewId(), email: "5e884898da28047151d0e56f8dc62927");
        body["subject_identities"]![0]!["identity_format"] = format;
        var reply = await bench.PostAsync(body);

        Assert.That((reply.Status, reply.Reason, reply.IsSigned), Is.EqualTo((HttpStatusCode.BadRequest, "opendsr.identity_hashed", true)));
        Assert.That((int?)reply.Json["error"]!["code"], Is.EqualTo(400));
        Assert.That(reply.ToString(), Does.Not.Contain("5e884898"));
    }

    [TestCase("regulation", "\"ccpa\"", "regulation")]
    [TestCase("regulation", null, "regulation")]
    [TestCase("subject_request_id", "\"4D2B0A52-1B14-4B0C-9A7E-7F6F0E3B1A11\"", "subject_request_id")]
    [TestCase("subject_request_id", "\"019ab0f2-1b14-7b0c-9a7e-7f6f0e3b1a11\"", "subject_request_id")]
    [TestCase("subject_request_id", "\"../../x\"", "subject_request_id")]
    [TestCase("subject_request_id", "7", "$")]
    [TestCase("subject_request_type", "\"deletion\"", "subject_request_type")]
    [TestCase("subject_request_type", "\"dsr-verify\"", "subject_request_type")]
    [TestCase("submitted_time", "\"yesterday\"", "submitted_time")]
    [TestCase("submitted_time", null, "submitted_time")]
    [TestCase("subject_identities", "[]", "subject_identities")]
    [TestCase("subject_identities", "[null]", "subject_identities[0].identity_format")]
    [TestCase("subject_identities", "{\"email\":{\"value\":\"secret@example.org\",\"encoding\":\"raw\"}}", "$")]
    [TestCase("subject_identities", "[{\"identity_type\":\"ios_vendor_id\",\"identity_format\":\"raw\",\"identity_value\":\"secret\"}]", "subject_identities[0].identity_type")]
    [TestCase("subject_identities", "[{\"identity_type\":\"email\",\"identity_format\":\"raw\",\"identity_value\":\"secret at example\"}]", "subject_identities[0].identity_value")]
    [TestCase("subject_identities", "[{\"identity_type\":\"email\",\"identity_format\":\"raw\"}]", "subject_identities[0].identity_value")]
    [TestCase("status_callback_urls", "[\"https://elsewhere.example/callback\"]", "status_callback_urls[0]")]
    [TestCase("status_callback_urls", "[\"https://evilprivacy.platform.example.attacker.example/\"]", "status_callback_urls[0]")]
    [TestCase("status_callback_urls", "[\"https://xprivacy.platform.example/\"]", "status_callback_urls[0]")]
    [TestCase("status_callback_urls", "[\"http://privacy.platform.example/\"]", "status_callback_urls[0]")]
    [TestCase("status_callback_urls", "[\"https://user:secret@privacy.platform.example/\"]", "status_callback_urls[0]")]
    [TestCase("status_callback_urls", "[\"https://privacy.platform.example:22/\"]", "status_callback_urls[0]")]
    [TestCase("status_callback_urls", "[\"file:///etc/passwd\"]", "status_callback_urls[0]")]
    [TestCase("extensions", "[]", "extensions")]
    [TestCase("extensions", "{\"opendsr.processor.example\":{\"dsr-service-1\":{\"action\":\"erase\",\"preview\":true}}}", "extensions")]
    [TestCase("extensions", "{\"OpenDSR.Processor.example\":{\"dsr-service-1\":{\"action\":\"erase\",\"preview\":true}}}", "extensions")]
    [TestCase("extensions", "{\"opendsr.processor.example\":{},\"OPENDSR.processor.example\":{}}", "extensions")]
    [TestCase("extensions", "{\"opendsr.processor.example\":{\"dsr-service-request-1\":{\"scope\":[]}}}", "extensions.dsr-service-request-1")]
    public async Task Post_NotAsAgreed_RefusedAtTheField(string member, string? value, string path)
    {
        var body = InboundBench.Body(InboundBench.NewId(), "erasure");
        body[member] = value is null ? null : JsonNode.Parse(value);
        var before = await CountAsync();
        var reply = await bench.PostAsync(body);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadRequest), reply.ToString());
            Assert.That((string?)reply.Json["error"]!["errors"]![0]!["message"], Does.StartWith($"{path}: "));
            Assert.That(reply.IsSigned, Is.True);
            Assert.That(reply.ToString(), Does.Not.Contain("secret"));
            Assert.That(await CountAsync(), Is.EqualTo(before));
        }
    }

    [Test]
    public async Task Post_MembersNobodyKnows_PassedOver()
    {
        var body = InboundBench.Body(InboundBench.NewId());
        body["group_id"] = "g-1";
        body["extensions"] = new JsonObject { ["opendsr.other.example"] = new JsonObject { ["dsr-service-1"] = 1 } };

        Assert.That((await bench.PostAsync(body)).Status, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Post_OtherRightByOurExtension_TakesWhatItSays()
    {
        var body = InboundBench.Body(InboundBench.NewId(), "dsr-rectification");
        body["extensions"] = JsonNode.Parse("""
            { "opendsr.processor.example": { "dsr-service-request-1": { "language": "sv",
              "corrections": [ { "field": "postal-address", "current": "Old 1", "requested": "New 2" } ] } } }
            """);
        var reply = await bench.PostAsync(body);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Created), reply.ToString());
        var request = await bench.RequestAsync((string)body["subject_request_id"]!);
        var intake = await bench.Service.InScopeAsync(services =>
            Task.FromResult(services.GetRequiredService<RequestKeys>().Open(request).OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake)));

        Assert.That((request.Right, request.Language), Is.EqualTo((Right.Rectification, "sv")));
        Assert.That((intake.Corrections.Single().Requested.Reveal(), intake.VouchedBy), Is.EqualTo(("New 2", InboundBench.Platform)));
    }

    [Test]
    public async Task Post_NotJson_RefusedInTheSpecificationsShape()
    {
        foreach (var text in new[] { "{", "", "null", "\u0000", "{\"regulation\":\"gdpr\",\"regulation\":\"gdpr\"}" })
        {
            var reply = await bench.PostAsync(Encoding.UTF8.GetBytes(text), bench.TokenOf(InboundBench.Platform));
            Assert.That((reply.Status, reply.Reason), Is.EqualTo((HttpStatusCode.BadRequest, "opendsr.request_invalid")), text);
        }
    }

    [Test]
    public async Task Post_TooLarge_Refused()
    {
        var body = InboundBench.Body(InboundBench.NewId());
        body["filler"] = new string('x', TakeSubmission.LargestBody);
        var reply = await bench.PostAsync(body);

        Assert.That((reply.Status, reply.IsSigned), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, true)));
    }

    [Test]
    public async Task Post_VersionOne_ItsPathsHeadersAndMembers()
    {
        var body = InboundBench.Body(InboundBench.NewId());
        body.Remove("regulation");
        var reply = await bench.PostAsync(body, path: "/opendsr/v1/opengdpr_requests");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Created), reply.ToString());
            Assert.That(reply.IsSigned, Is.True);
            Assert.That(reply.HeaderNames, Does.Contain("X-OpenGDPR-Processor-Domain").And.Contain("X-OpenGDPR-Signature").And.Not.Contain("X-OpenDSR-Signature"));
            Assert.That((await bench.GetAsync($"v1/opengdpr_requests/{body["subject_request_id"]}")).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private Task<int> CountAsync() => bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().CountAsync());
}
