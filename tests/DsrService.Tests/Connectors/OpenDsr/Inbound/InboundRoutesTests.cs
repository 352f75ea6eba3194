using System.Net;
using System.Text;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.OpenDsr.Inbound;

internal sealed class InboundRoutesTests
{
    private InboundBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await InboundBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [TestCase("GET", "/opendsr/v2/discovery")]
    [TestCase("POST", "/opendsr/v2/requests")]
    [TestCase("GET", "/opendsr/v2/requests/4d2b0a52-1b14-4b0c-9a7e-7f6f0e3b1a11")]
    [TestCase("DELETE", "/opendsr/v2/requests/4d2b0a52-1b14-4b0c-9a7e-7f6f0e3b1a11")]
    [TestCase("GET", "/opendsr/v2/results/4d2b0a52-1b14-4b0c-9a7e-7f6f0e3b1a11")]
    [TestCase("GET", "/opendsr/v1/discovery")]
    [TestCase("POST", "/opendsr/v1/opengdpr_requests")]
    public async Task Call_WithoutATokenThatHolds_LearnsNothing(string method, string path)
    {
        foreach (var token in new[] { null, "x", "", new string('a', 5000) })
        {
            var reply = await bench.SendAsync(new HttpMethod(method), path, token, method == "POST" ? Encoding.UTF8.GetBytes("{ no json") : null);
            Assert.That((reply.Status, reply.Reason, reply.IsSigned), Is.EqualTo((HttpStatusCode.Unauthorized, "http.unauthenticated", true)), token ?? "none");
        }
    }

    [Test]
    public async Task Call_NotConfigured_ThereIsNothing()
    {
        await using var service = await TestService.StartAsync();

        foreach (var path in new[] { "/opendsr/v2/discovery", "/opendsr/v2/certificate.pem", "/opendsr/v2/requests/x", "/opendsr/v1/discovery" })
            Assert.That((await service.Client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
    }

    [Test]
    public async Task Discovery_SaysWhatThisCallerMaySend()
    {
        var reply = await bench.GetAsync("v2/discovery");
        var form = await bench.GetAsync("v2/discovery", InboundBench.Form);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.IsSigned, Is.True);
            Assert.That((string?)reply.Json["api_version"], Is.EqualTo("2.0"));
            Assert.That(reply.Json["supported_identities"]!.AsArray().Select(identity => (string?)identity!["identity_type"]), Is.EqualTo(new[] { "email", "controller_customer_id" }));
            Assert.That(form.Json["supported_identities"]!.AsArray(), Has.Count.EqualTo(1));
            Assert.That(reply.Json["supported_subject_request_types"]!.AsArray().Select(type => (string?)type),
                Is.EqualTo(new[] { "access", "portability", "erasure", "dsr-rectification", "dsr-restriction", "dsr-objection" }));
            Assert.That((string?)reply.Json["processor_certificate"], Is.EqualTo("https://opendsr.processor.example/opendsr/v2/certificate.pem"));
        }
    }

    [Test]
    public async Task Certificate_IsThereForAllAndHoldsNoKey()
    {
        var text = await bench.Service.Client.GetStringAsync("/opendsr/v2/certificate.pem");

        Assert.That(text.Trim(), Is.EqualTo(InboundBench.Certificate.ExportCertificatePem()));
    }

    [Test]
    public async Task Get_AnotherCallersId_IsUnknownLikeAny()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id));
        await bench.SetAsync(id, RequestStatus.Fulfilled, bench.Service.Clock.GetUtcNow());
        var unknown = (await bench.GetAsync($"v2/requests/{InboundBench.NewId()}")).ToString();

        foreach (var (caller, controller) in new[] { (InboundBench.Form, "toontrack"), (InboundBench.Platform, "djmixersoft") })
            foreach (var path in new[] { $"v2/requests/{id}", $"v1/opengdpr_requests/{id}", $"v2/results/{id}" })
            {
                var reply = await bench.GetAsync(path, caller, controller);
                Assert.That(reply.ToString(), Is.EqualTo(unknown), path);
            }
        Assert.That((await bench.SendAsync(HttpMethod.Delete, $"/opendsr/v2/requests/{id}", bench.TokenOf(InboundBench.Form))).ToString(), Is.EqualTo(unknown));
    }

    [Test]
    public async Task Get_OurReferenceOrId_IsNoKeyHere()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id));
        var request = await bench.RequestAsync(id);

        foreach (var key in new[] { request.Reference, request.Id.ToString(), id.ToUpperInvariant() + "x", "%2e%2e%2fdiscovery" })
            Assert.That((await bench.GetAsync($"v2/requests/{key}")).Status, Is.EqualTo(HttpStatusCode.NotFound), key);
    }

    [TestCase(RequestStatus.AwaitingIdentity, "pending")]
    [TestCase(RequestStatus.Planned, "pending")]
    [TestCase(RequestStatus.InProgress, "in_progress")]
    [TestCase(RequestStatus.AwaitingDecision, "in_progress")]
    [TestCase(RequestStatus.PartlyFulfilled, "completed")]
    [TestCase(RequestStatus.Refused, "cancelled")]
    [TestCase(RequestStatus.Withdrawn, "cancelled")]
    [TestCase(RequestStatus.Expired, "cancelled")]
    public async Task Get_Status_InTheFourWords(RequestStatus status, string word)
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id));
        await bench.SetAsync(id, status);
        var reply = await bench.GetAsync($"v2/requests/{id}");

        Assert.That(((string?)reply.Json["request_status"], reply.IsSigned), Is.EqualTo((word, true)));
        Assert.That((string?)reply.Extension["status"], Is.EqualTo(DsrService.Sdk.Contracts.DsrJson.Kebab(status)));
    }

    [Test]
    public async Task Get_Refused_CancelledWithTheReason()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id, "erasure"));
        var reference = (await bench.RequestAsync(id)).Reference;
        await bench.Service.InScopeAsync(services => services.GetRequiredService<RefuseRequest>()
            .HandleAsync(reference, bench.Scene.Approver, new(RefusalGround.Unfounded, "The same was asked for yesterday."), default));
        var reply = await bench.GetAsync($"v2/requests/{id}");

        Assert.That(((string?)reply.Json["request_status"], (string?)reply.Extension["reason"]), Is.EqualTo(("cancelled", "unfounded")));
        var (_, letter) = (await bench.Service.NoticesAsync(reference)).Single();
        Assert.That(letter.To, Is.EqualTo("requests@platform.example"), "letters go to whoever vouched");
    }

    [Test]
    public async Task Delete_Pending_CalledOffOnceAndAgain()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id, "erasure"));

        for (var time = 0; time < 2; time++)
        {
            var reply = await bench.SendAsync(HttpMethod.Delete, $"/opendsr/v2/requests/{id}", bench.TokenOf(InboundBench.Platform));
            Assert.That((reply.Status, reply.IsSigned, (string?)reply.Json["subject_request_id"]), Is.EqualTo((HttpStatusCode.Accepted, true, id)));
        }
        Assert.That((await bench.RequestAsync(id)).Status, Is.EqualTo(RequestStatus.Withdrawn));
        Assert.That((string?)(await bench.GetAsync($"v2/requests/{id}")).Json["request_status"], Is.EqualTo("cancelled"));
    }

    [TestCase(RequestStatus.InProgress)]
    [TestCase(RequestStatus.AwaitingDecision)]
    [TestCase(RequestStatus.Fulfilled)]
    [TestCase(RequestStatus.Refused)]
    public async Task Delete_NotPending_RefusedAndGoesOn(RequestStatus status)
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id, "erasure"));
        await bench.SetAsync(id, status);
        var reply = await bench.SendAsync(HttpMethod.Delete, $"/opendsr/v2/requests/{id}", bench.TokenOf(InboundBench.Platform));

        Assert.That((reply.Status, reply.Reason), Is.EqualTo((HttpStatusCode.BadRequest, "opendsr.not_pending")));
        Assert.That((await bench.RequestAsync(id)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Results_OfAnAccess_FetchedWhileTheyLive()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id));
        Assert.That((await bench.GetAsync($"v2/results/{id}")).Status, Is.EqualTo(HttpStatusCode.NotFound), "not before the answer");
        await bench.FulfilAsync(id, async (seeded, task) => task is { System: "newsletter", Action: DsrService.Sdk.Contracts.TaskAction.Access }
            ? await seeded.HandOverAsync(task, ("subscription", "newsletter-subscription", "application/x-ndjson", Seeded.Lines(new { email = "ada.lind@example.org" })))
            : ResponseScene.NothingFound(task));
        var status = await bench.GetAsync($"v2/requests/{id}");
        var results = await bench.GetAsync($"v2/results/{id}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)status.Json["request_status"], Is.EqualTo("completed"));
            Assert.That((string?)status.Json["results_url"], Does.EndWith($"/opendsr/v2/results/{id}"));
            Assert.That((int?)status.Json["results_count"], Is.EqualTo(1));
            Assert.That(results.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(results.Body)), Is.EqualTo((string?)status.Extension["resultsSha256"]));
            Assert.That(status.Extension["items"]!.AsArray().Select(item => (string?)item!["outcome"]), Does.Contain("handed"));
        }
        bench.Service.Clock.Advance(TellStatus.ResultsLive);
        Assert.That((await bench.GetAsync($"v2/results/{id}")).Status, Is.EqualTo(HttpStatusCode.Gone));
        Assert.That((await bench.GetAsync($"v2/requests/{id}")).Json["results_url"], Is.Null);
    }

    [Test]
    public async Task Results_CallerDoesNotVouch_GoToThePersonAlone()
    {
        var id = InboundBench.NewId();
        await bench.PostAsync(InboundBench.Body(id, email: "stranger@example.org"), InboundBench.Form);
        var reference = (await bench.RequestAsync(id)).Reference;
        var token = DsrService.Tests.Requests.Links.TokenIn((await bench.Service.NoticesAsync(reference))[0].Content.Text);
        await TestService.PostAsync(bench.Service.Client, $"/api/v1/requests/{reference}/identity", new { token });
        await bench.FulfilAsync(id, async (seeded, task) => task is { System: "newsletter", Action: DsrService.Sdk.Contracts.TaskAction.Access }
            ? await seeded.HandOverAsync(task, ("subscription", "newsletter-subscription", "application/x-ndjson", Seeded.Lines(new { email = "stranger@example.org" })))
            : ResponseScene.NothingFound(task));
        var status = await bench.GetAsync($"v2/requests/{id}", InboundBench.Form);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)status.Json["request_status"], Is.EqualTo("completed"));
            Assert.That((status.Json["results_url"], status.Json["results_count"], status.Json["extensions"]), Is.EqualTo(((object?)null, (object?)null, (object?)null)));
            Assert.That((await bench.GetAsync($"v2/results/{id}", InboundBench.Form)).Status, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }
}
