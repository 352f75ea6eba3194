using System.Text.Json.Nodes;
using DsrService.Connectors.OpenDsr;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Tests.Connectors.OpenDsr;

internal sealed class OpenDsrConnectorTests
{
    private PeerBench bench = null!;

    private TestPeer Peer => bench.Peer;

    [SetUp]
    public async Task StartAsync() => bench = await PeerBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task SendAsync_Access_IsTheStandardsRequest()
    {
        await bench.AccessAsync();

        var (body, authorization) = Peer.Posts.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)body["subject_request_type"], Is.EqualTo("access"));
            Assert.That((string?)body["regulation"], Is.EqualTo("gdpr"));
            Assert.That((string?)body["api_version"], Is.EqualTo("2.0"));
            Assert.That((string?)body["subject_request_id"], Does.Match("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
            Assert.That(body["subject_identities"]!.ToJsonString(), Is.EqualTo("""[{"identity_type":"email","identity_format":"raw","identity_value":"ada.lind@example.org"}]"""));
            Assert.That((string?)body["status_callback_urls"]![0], Does.EndWith("/opendsr/callbacks/toontrack/newsletter"));
            Assert.That(body["extensions"], Is.Null);
            Assert.That(authorization, Is.EqualTo(TestPeer.Secret));
            Assert.That((await bench.TaskAsync("access")).State, Is.EqualTo(TaskState.Accepted), "pending is no more than accepted");
        }
    }

    [Test]
    public async Task SendAsync_AnswerLost_SameIdAgainAndTakenOnce()
    {
        Peer.PostStatus = 503;
        await bench.AccessAsync();
        Assert.That((await bench.TaskAsync("access")).LastError, Is.EqualTo("connector.http_503"));
        Peer.PostStatus = 400;
        await bench.AgainAsync();

        Assert.That(Peer.Posts.Select(post => (string?)post.Body["subject_request_id"]).Distinct().Count(), Is.EqualTo(1));
        Assert.That((await bench.TaskAsync("access")).State, Is.EqualTo(TaskState.Accepted), "it knows the request: an earlier attempt arrived");
        await bench.AgainAsync();
        Assert.That(Peer.Posts, Has.Count.EqualTo(2), "from then on it is asked how far it is");
    }

    [Test]
    public async Task SendAsync_RefusedAndNotKnown_FailsAndTriesAgain()
    {
        Peer.PostStatus = 400;
        Peer.Status = _ => null;
        await bench.AccessAsync();

        var task = await bench.TaskAsync("access");
        Assert.That((task.State, task.LastError), Is.EqualTo((TaskState.Failed, "connector.http_400")));
        Assert.That(task.NextAttemptAt, Is.Not.Null);
    }

    [Test]
    public async Task SendAsync_RightNotListed_TaskForPeopleAndNothingSent()
    {
        Peer.Discovery = TestPeer.DiscoveryOf(["access", "portability", "erasure"], extends: false);
        bench.Bench.Service.Clock.Advance(TimeSpan.FromSeconds(1));
        var reference = await bench.Bench.PlannedAsync(Right.Objection, PeerBench.Content(new("direct-marketing", null)));
        await bench.Bench.DispatchAsync();

        var task = await bench.Bench.TaskAsync(reference, "stop-processing:newsletter");
        Assert.That((task.Binding, task.State, task.LastError), Is.EqualTo((Binding.Manual, TaskState.Sent, "opendsr.right_not_listed")));
        Assert.That(Peer.Posts, Is.Empty, "an objection is never sent as an erasure");
    }

    [Test]
    public async Task SendAsync_TypeListedWithoutTheExtension_TaskForPeople()
    {
        Peer.Discovery = TestPeer.DiscoveryOf(["dsr-stop-processing"], extends: false);
        var reference = await bench.Bench.PlannedAsync(Right.Objection, PeerBench.Content(new("direct-marketing", null)));
        await bench.Bench.DispatchAsync();

        Assert.That((await bench.Bench.TaskAsync(reference, "stop-processing:newsletter")).LastError, Is.EqualTo("opendsr.right_not_listed"));
        Assert.That(Peer.Posts, Is.Empty);
    }

    [Test]
    public async Task SendAsync_IdentityNotListed_TaskForPeople()
    {
        Peer.Discovery["supported_identities"] = new JsonArray(new JsonObject { ["identity_type"] = "email", ["identity_format"] = "sha256" });
        await bench.AccessAsync();

        var task = await bench.TaskAsync("access");
        Assert.That((task.Binding, task.LastError), Is.EqualTo((Binding.Manual, "opendsr.identity_not_listed")));
        Assert.That(Peer.Posts, Is.Empty);
    }

    [Test]
    public async Task SendAsync_Objection_OurExtensionUnderATypeStrictPeersReject()
    {
        await bench.ObjectAsync();
        var id = Peer.LastId;
        var said = Peer.Posts.Last().Body;
        Assert.That((string?)said["subject_request_type"], Is.EqualTo("dsr-stop-processing"));
        Assert.That((string?)said["extensions"]![TestPeer.Domain]!["dsr-service-1"]!["action"], Is.EqualTo("stop-processing"));

        Peer.Status = asked => asked == id
            ? PeerBench.WithReceipt(TestPeer.StatusOf(asked, "completed"), Stopped(asked))
            : PeerBench.WithReceipt(TestPeer.StatusOf(asked, "completed"), Verified(asked));
        await bench.AgainAsync();
        Assert.That((await bench.TaskAsync("stop-processing")).State, Is.EqualTo(TaskState.Done));
        await bench.AgainAsync();

        var verification = Peer.Posts.Last().Body;
        Assert.That((string?)verification["subject_request_type"], Is.EqualTo("dsr-verify"));
        Assert.That((string?)verification["extensions"]![TestPeer.Domain]!["dsr-service-1"]!["verifies"], Is.EqualTo(id), "the id under which the peer knows it");
        await bench.AgainAsync();
        Assert.That((await bench.TaskAsync("stop-processing")).State, Is.EqualTo(TaskState.Verified));
    }

    [Test]
    public async Task SendAsync_CompletedWithoutTheReceiptOwed_IsNotBelieved()
    {
        await bench.ObjectAsync();
        Peer.Status = asked => TestPeer.StatusOf(asked, "completed");
        await bench.AgainAsync();

        var task = await bench.TaskAsync("stop-processing");
        Assert.That((task.State, task.Outcome, task.LastError), Is.EqualTo((TaskState.Failed, (ReceiptOutcome?)null, "opendsr.receipt_missing")));
    }

    [TestCase("unsigned", "opendsr.header_missing")]
    [TestCase("altered", "opendsr.signature_invalid")]
    [TestCase("other-domain", "opendsr.domain_not_allowed")]
    [TestCase("other-key", "opendsr.signature_invalid")]
    public async Task SendAsync_StatusNotThePeersOwn_ShownAndNotBelieved(string how, string said)
    {
        await bench.AccessAsync();
        Peer.Status = asked => TestPeer.StatusOf(asked, "completed");
        Peer.Sign = body => how switch
        {
            "unsigned" => (null, null),
            "altered" => (TestPeer.Domain, OpenDsrSignature.Sign([.. body, 32], TestPeer.Certificate)),
            "other-domain" => ("opendsr.elsewhere.example", OpenDsrSignature.Sign(body, TestPeer.Certificate)),
            _ => (TestPeer.Domain, OpenDsrSignature.Sign(body, TestCertificates.Rsa)),
        };
        await bench.AgainAsync();

        var task = await bench.TaskAsync("access");
        Assert.That((task.State, task.LastError, task.Outcome), Is.EqualTo((TaskState.Failed, said, (ReceiptOutcome?)null)));
        Assert.That(task.NextAttemptAt, Is.Not.Null);
    }

    [Test]
    public async Task SendAsync_StatusOfAnotherRequest_NotBelieved()
    {
        await bench.AccessAsync();
        Peer.Status = _ => TestPeer.StatusOf("11111111-1111-4111-8111-111111111111", "completed");
        await bench.AgainAsync();

        Assert.That((await bench.TaskAsync("access")).LastError, Is.EqualTo("opendsr.other_request"));
    }

    [TestCase("cancelled", TaskState.Failed, "system.refused")]
    [TestCase("in_progress", TaskState.Accepted, null)]
    [TestCase("done", TaskState.Failed, "opendsr.status_unknown")]
    public async Task SendAsync_Status_BecomesWhatItMeans(string status, TaskState state, string? error)
    {
        await bench.AccessAsync();
        Peer.Status = asked => TestPeer.StatusOf(asked, status);
        await bench.AgainAsync();

        var task = await bench.TaskAsync("access");
        Assert.That((task.State, task.LastError), Is.EqualTo((state, error)));
    }

    [Test]
    public async Task SendAsync_StrictPeerErasure_PreviewByNobodyAndItsWordIsAClaim()
    {
        var reference = await bench.Bench.PlannedAsync(Right.Erasure);
        await bench.Bench.DispatchAsync();
        var preview = await bench.Bench.TaskAsync(reference, "preview:erase:newsletter");
        Assert.That((preview.State, preview.LastError, preview.NextAttemptAt), Is.EqualTo((TaskState.Failed, "opendsr.right_not_listed", (DateTimeOffset?)null)));
        Assert.That(Peer.Posts, Is.Empty, "a preview is never sent as an erasure");

        await bench.Bench.AnswerAllWithNothingAsync(reference, task => task.System != TestPeer.System);
        Assert.That((await bench.Bench.ApproveAsync(reference)).Failure, Is.Null);
        Peer.Status = asked => TestPeer.StatusOf(asked, "completed");
        await bench.Bench.DispatchAsync();
        await bench.AgainAsync();

        Assert.That((string?)Peer.Posts.Single().Body["subject_request_type"], Is.EqualTo("erasure"));
        var task = await bench.Bench.TaskAsync(reference, "erase:newsletter");
        Assert.That((task.State, task.Outcome), Is.EqualTo((TaskState.Done, ReceiptOutcome.Completed)), "done by its word, verified by nothing");
        Assert.That((await bench.Bench.TaskAsync(reference, "verify:erase:newsletter")).Binding, Is.EqualTo(Binding.Opendsr));
        await bench.AgainAsync();
        Assert.That((await bench.Bench.TaskAsync(reference, "verify:erase:newsletter")).Binding, Is.EqualTo(Binding.Manual), "somebody asks its people");
    }

    [Test]
    public async Task SendAsync_PeerLostTheRequest_SentAgainUnderTheSameId()
    {
        await bench.AccessAsync();
        Peer.Status = _ => null;
        await bench.AgainAsync();
        Assert.That((await bench.TaskAsync("access")).LastError, Is.EqualTo("opendsr.request_lost"));
        await bench.AgainAsync();

        Assert.That(Peer.Posts.Select(post => (string?)post.Body["subject_request_id"]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Peer.Posts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task SendAsync_ResultsOfAnAccess_FetchedWithOurCredentialsAndHandedOn()
    {
        string? authorization = null;
        Peer.OnResults = async http =>
        {
            authorization = http.Request.Headers.Authorization;
            http.Response.ContentType = "application/zip";
            await http.Response.WriteAsync("PK-data");
        };
        await bench.AccessAsync();
        await FinishAsync($"{Peer.Address}/results");

        await Eventually.TrueAsync(async () => (await bench.TaskAsync("access")).State == TaskState.Done, "the results to be fetched");
        var task = await bench.TaskAsync("access");
        var file = await bench.Bench.Service.InDatabaseAsync(db => db.Set<StoredFile>().AsNoTracking().SingleAsync(row => row.TaskId == task.Id));
        Assert.That((file.Part, file.Category, file.Records, file.Length), Is.EqualTo(("results", "newsletter-subscription", 1, 7L)));
        Assert.That(authorization, Is.EqualTo(TestPeer.Secret));
    }

    [TestCase("http://10.0.0.1/results", "connector.address_refused")]
    [TestCase("http://169.254.169.254/latest/meta-data", "connector.address_refused")]
    [TestCase("http://localhost:1/results", "connector.unreachable")]
    [TestCase("file:///etc/passwd", "opendsr.results_address")]
    [TestCase("redirect", "opendsr.results_failed")]
    [TestCase("gone", "opendsr.results_gone")]
    public async Task SendAsync_ResultsElsewhere_NotFetched(string url, string said)
    {
        Peer.OnResults = http =>
        {
            http.Response.StatusCode = url == "gone" ? 410 : 302;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        await bench.AccessAsync();
        await FinishAsync(url.Contains(':', StringComparison.Ordinal) ? url : $"{Peer.Address}/results");

        await Eventually.TrueAsync(async () => (await bench.TaskAsync("access")).LastError == said, said, TimeSpan.FromSeconds(20));
        Assert.That((await bench.TaskAsync("access")).Outcome, Is.Null);
    }

    [Test]
    public async Task SendAsync_ReceiptOfMoreThanItsResults_RefusedAndTheReasonsStandWithTheTask()
    {
        Peer.OnResults = http => http.Response.WriteAsync("PK-data");
        await bench.AccessAsync();
        Peer.Status = asked => PeerBench.WithReceipt(TestPeer.StatusOf(asked, "completed"), Handed(asked, 5),
            [new JsonObject { ["part"] = "results", ["category"] = "newsletter-subscription", ["contentType"] = "application/zip", ["url"] = $"{Peer.Address}/results" }]);
        await bench.AgainAsync();

        await Eventually.TrueAsync(async () => (await bench.TaskAsync("access")).LastError == "receipt.contradictory", "the receipt to be refused");
        var task = await bench.TaskAsync("access");
        Assert.That((task.State, task.Outcome), Is.EqualTo((TaskState.Failed, (ReceiptOutcome?)null)));
        Assert.That(await bench.Bench.MessagesAsync(task.Id), Is.EqualTo(new[] { "items: receipt.handed_mismatch: For one category handed is 5, 1 arrived." }));
    }

    [Test]
    public async Task SendAsync_ResultsOfSeveralCategoriesInOne_TaskForPeople()
    {
        await bench.AccessAsync();
        var task = await bench.TaskAsync("access");
        await bench.Bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == task.Id).ExecuteUpdateAsync(update => update.SetProperty(
            row => row.Scope, """[{"category":"newsletter-subscription","decision":"act"},{"category":"survey-orders","decision":"act"}]""")));
        await FinishAsync($"{Peer.Address}/results");

        task = await bench.TaskAsync("access");
        Assert.That((task.Binding, task.State, task.LastError), Is.EqualTo((Binding.Manual, TaskState.Sent, "opendsr.results_without_categories")));
    }

    [Test]
    public async Task SendAsync_CompletedAccessWithoutResults_TaskForPeople()
    {
        await bench.AccessAsync();
        Peer.Status = asked => TestPeer.StatusOf(asked, "completed");
        await bench.AgainAsync();

        var task = await bench.TaskAsync("access");
        Assert.That((task.Binding, task.State, task.LastError), Is.EqualTo((Binding.Manual, TaskState.Sent, "opendsr.results_elsewhere")));
    }

    [Test]
    public async Task RunAsync_TaskSetAside_CalledOffOnce()
    {
        await bench.AccessAsync();
        var task = await bench.TaskAsync("access");
        await bench.Bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == task.Id)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.State, TaskState.SetAside)));
        await bench.Bench.Service.RunJobAsync<CancelAtPeers>(TimeSpan.FromMinutes(1));
        await bench.Bench.Service.RunJobAsync<CancelAtPeers>(TimeSpan.FromMinutes(1));

        Assert.That(Peer.Deletes, Is.EqualTo(new[] { Peer.LastId }));
    }

    [TestCase("access", true)]
    [TestCase(RequestTask.LiftingStep + "newsletter", false)]
    public async Task RunAsync_RequestRefused_CallsOffWhatWasAskedForAndNoLifting(string step, bool calledOff)
    {
        await bench.AccessAsync();
        var task = await bench.TaskAsync("access");
        await bench.Bench.Service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == task.Id).ExecuteUpdateAsync(update => update.SetProperty(row => row.Step, step)));
        await bench.Bench.Service.InDatabaseAsync(db => db.Set<DataSubjectRequest>().ExecuteUpdateAsync(update => update.SetProperty(row => row.Status, RequestStatus.Refused)));

        await bench.Bench.Service.RunJobAsync<CancelAtPeers>(TimeSpan.FromMinutes(1));

        Assert.That(Peer.Deletes.Count, Is.EqualTo(calledOff ? 1 : 0));
    }

    private async Task FinishAsync(string url)
    {
        Peer.Status = asked =>
        {
            var status = TestPeer.StatusOf(asked, "completed");
            status["results_url"] = url;
            status["results_count"] = 1;
            return status;
        };
        await bench.AgainAsync();
    }

    private static object Stopped(string id) => new
    {
        taskId = id,
        outcome = "completed",
        items = new[] { new { category = "newsletter-subscription", found = 1, stopped = 1 } },
        handledAt = "2026-03-02T10:00:00Z",
        handler = "peer 1.0",
    };

    private static object Handed(string id, int records) => new
    {
        taskId = id,
        outcome = "completed",
        items = new[] { new { category = "newsletter-subscription", found = records, handed = records } },
        handledAt = "2026-03-02T10:00:00Z",
        handler = "peer 1.0",
    };

    private static object Verified(string id) => new { taskId = id, outcome = "nothing-found", handledAt = "2026-03-02T10:00:00Z", handler = "peer 1.0" };
}
