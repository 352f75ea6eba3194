using System.IO.Compression;
using System.Net;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Response;

internal sealed class DownloadPackageTests
{
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync();

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Person_FulfilledRequest_GetsTheZip()
    {
        var request = await BuiltAsync(closed: true);

        var response = await GetAsync(request.Reference, request.AccessToken);

        Assert.Multiple(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentDisposition!.ToString(), Is.EqualTo($"attachment; filename={request.Reference}.zip; filename*=UTF-8''{request.Reference}.zip"));
            Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
            using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
            Assert.That(zip.GetEntry("index.html"), Is.Not.Null);
            Assert.That(await request.AuditAsync(), Has.Some.EqualTo("package.downloaded"));
        });
    }

    [Test]
    public async Task Person_BeforeTheAnswer_GetsNothingYet()
    {
        var request = await BuiltAsync(closed: false);

        Assert.That((await GetAsync(request.Reference, request.AccessToken)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Person_WithoutOrWithForeignToken_LearnsNothing()
    {
        var request = await BuiltAsync(closed: true);
        var other = await BuiltAsync(closed: true);

        var answers = new List<(HttpStatusCode, string)>();
        foreach (var (reference, token) in new[] { (request.Reference, other.AccessToken), ("DSR-2026-BCDFGHJK", other.AccessToken), (request.Reference, null), (request.Reference, "x") })
        {
            var response = await GetAsync(reference, token);
            answers.Add((response.StatusCode, await response.Content.ReadAsStringAsync()));
        }

        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(answer => answer.Item1), Is.All.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(answers.Select(answer => System.Text.RegularExpressions.Regex.Replace(answer.Item2, "\"traceId\":\"[^\"]*\"", "")).Distinct().Count(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Staff_OfTheController_GetsItBeforeTheAnswerAndLeavesAnAccessEntry()
    {
        var request = await BuiltAsync(closed: false);
        var auditor = await scene.StaffAsync($"auditor-{request.Reference}", StaffRole.Auditor);

        var result = await scene.Service.InScopeAsync(services => services.GetRequiredService<DownloadPackage>().HandleAsync(request.Reference, auditor, default));

        await using (result.Value!.Content)
            Assert.That(await scene.Service.InDatabaseAsync(db => db.Set<AccessLogEntry>().SingleAsync(entry => entry.StaffId == auditor.Id)),
                Has.Property(nameof(AccessLogEntry.What)).EqualTo("package").And.Property(nameof(AccessLogEntry.RequestId)).EqualTo(request.Id));
    }

    [Test]
    public async Task Staff_OfAnotherController_OrAdmin_FindsNothing([Values(StaffRole.Admin, StaffRole.Officer)] StaffRole role)
    {
        var request = await BuiltAsync(closed: false);
        var caller = new StaffCaller(Guid.CreateVersion7(), "x", [new CallerGrant(role == StaffRole.Admin ? ResponseScene.Controller : "another", role)]);

        var result = await scene.Service.InScopeAsync(services => services.GetRequiredService<DownloadPackage>().HandleAsync(request.Reference, caller, default));

        Assert.That(result.Failure?.Status, Is.EqualTo(404));
    }

    [Test]
    public async Task StaffRoute_WithoutToken_Is401() =>
        Assert.That((await scene.Service.Client.GetAsync("/desk/api/v1/requests/DSR-2026-BCDFGHJK/package")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

    private async Task<Seeded> BuiltAsync(bool closed)
    {
        var request = await scene.ApprovedAsync(Right.Access);
        await request.AnswerAllAsync();
        await request.BuildAsync();
        if (closed)
            await scene.Service.InScopeAsync(async services =>
            {
                var db = services.GetRequiredService<DsrDbContext>();
                await using var work = await Work.BeginAsync(db, services.GetRequiredService<WorkSignal>(), default);
                (await work.LockAsync(request.Id, default))!.TryMove(RequestMove.Answer, scene.Service.Clock.GetUtcNow(), RequestStatus.Fulfilled);
                await work.CommitAsync(default);
                return true;
            });
        return request;
    }

    private async Task<HttpResponseMessage> GetAsync(string reference, string? token)
    {
        var client = scene.Service.NewClient(bearer: token);
        return await client.GetAsync($"/api/v1/requests/{reference}/package");
    }
}
