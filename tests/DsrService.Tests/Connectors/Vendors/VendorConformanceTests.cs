using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AngleSharp.Html.Dom;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk;
using DsrService.Sdk.Conformance;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.Vendors;

/// <summary>The one conformance run, where the system is a vendor's clerk: every task is a row of the real service, read and
/// answered over HTTP on the pages of the vendor's link.</summary>
internal sealed class VendorConformanceTests
{
    private const string Known = "ada.lind@example.org";
    private VendorBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => bench = await VendorBench.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Run_VendorsClerk_HoldsWhatTheBindingCan()
    {
        var findings = await RunAsync(new Clerk(bench, Known, records: 3));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => $"{finding.Check}: {finding.Reason}"), Is.Empty);
            Assert.That(findings.Where(finding => finding.Result == ConformanceResult.NotTried).ToDictionary(finding => finding.Check, finding => finding.Reason), Is.EquivalentTo(new Dictionary<string, string>
            {
                ["stop-processing and resume-processing take effect and lose nothing"] = "it does not declare stop-processing",
                ["preserve and release take effect and lose nothing"] = "it does not declare preserve",
                ["a preview counts and changes nothing"] = "it does not declare that it can preview",
                ["asked about an erasure that it never got, it finds what is there"] = "it does not declare verify",
                ["asked again, it finds nothing but what it kept"] = "it does not declare verify",
                ["what it kept is erased by its handle, without any identifier"] = "it kept nothing with a handle",
            }));
        }
    }

    [Test]
    public async Task Run_ClerkWhoOnlySaysSo_IsFoundOut()
    {
        var findings = await RunAsync(new Clerk(bench, Known, records: 3) { OnlySaysSo = true });
        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => finding.Check), Does.Contain("in the end it finds nothing"));
    }

    private static async Task<List<ConformanceFinding>> RunAsync(Clerk clerk)
    {
        var target = new ConformanceTarget
        {
            Controller = TestService.Controller,
            System = VendorBench.System,
            Capabilities = new SystemCapabilities { Actions = [TaskAction.Access, TaskAction.Export, TaskAction.Erase, TaskAction.Rectify, TaskAction.Restrict, TaskAction.LiftRestriction] },
            Categories = ["shipments"],
            Known = [new("email", Known, true)],
            Unknown = [new("email", "nobody@example.org", true)],
            Correction = new("name", "Ada Lind", "Ada Ek", ""),
        };
        var findings = new List<ConformanceFinding>();
        await foreach (var finding in new ConformanceRun(target, clerk).RunAsync())
            findings.Add(finding);
        return findings;
    }

    /// <summary>Reads the page of an item, looks into a ledger of its own, and fills in the form. It sees nothing else.</summary>
    private sealed class Clerk(VendorBench bench, string known, int records) : ISystemUnderTest
    {
        private readonly Dictionary<string, int> ledger = new() { [known] = records };
        private readonly ConcurrentDictionary<Guid, Lazy<Task<WebForm?>>> desk = new();
        private readonly HttpClient browser = bench.Service.NewBrowser();

        /// <summary>Says erased, and strikes nothing out.</summary>
        public bool OnlySaysSo { get; init; }

        public async Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
        {
            // The same item is worked once, however often it is opened; its answer is sent each time.
            if (await desk.GetOrAdd(task.TaskId, _ => new(() => WorkAsync(task))).Value is not { } form)
                return new SystemAnswer { Failure = new TaskFailure(task.TaskId, "vendor.problem", "The task is open, and with the staff.", null) };
            var sent = await form.SendAsync();
            if (sent.StatusCode != HttpStatusCode.Redirect)
                return new SystemAnswer { Silence = $"http {(int)sent.StatusCode}" };
            return await AnswerOfAsync(task.TaskId);
        }

        private async Task<WebForm?> WorkAsync(SystemTask task)
        {
            await IssueAsync(task);
            var token = await bench.TokenAsync();
            var address = $"/vendor/items/{task.TaskId}?token={token}";
            var page = await WebForm.ReadAsync(await browser.GetAsync(address));
            var held = page.QuerySelectorAll("#whose ~ dl dd").Select(cell => ledger.GetValueOrDefault(cell.TextContent.Trim())).Sum();
            if (page.QuerySelector("h1")!.TextContent == "Look up what you hold")
            {
                await WebForm.Of(browser, page, End(task, token)).With("complete.outcome", "exception").With("complete.messages", "Looking up is none of our services.").SendAsync();
                return null;
            }
            if (held > 0 && page.QuerySelector("#files") is not null)
                page = await HandOverAsync(page, task, token, held);
            var form = WebForm.Of(browser, page, End(task, token)).With("complete.outcome", held > 0 ? "done" : "not-found");
            if (held > 0 && page.QuerySelector("#files") is null)
                form.With(page.QuerySelector("input[inputmode=numeric]")!.GetAttribute("name")!, held.ToString(CultureInfo.InvariantCulture));
            if (page.QuerySelector("h1")!.TextContent == "Erase the data" && held > 0 && !OnlySaysSo)
                ledger.Clear();
            return form;
        }

        private async Task<IHtmlDocument> HandOverAsync(IHtmlDocument page, SystemTask task, string token, int held)
        {
            var upload = WebForm.Of(browser, page, $"/files?token={token}");
            using var content = new MultipartFormDataContent
            {
                { new StringContent(upload["__RequestVerificationToken"]!), "__RequestVerificationToken" },
                { new StringContent(upload["upload.category"]!), "upload.category" },
            };
            using var file = new StringContent(string.Concat(Enumerable.Range(1, held).Select(number => $"{{\"parcel\":{number}}}\n")), new MediaTypeHeaderValue("application/x-ndjson"));
            content.Add(file, "upload.file", "parcels.ndjson");
            await browser.PostAsync($"/vendor/items/{task.TaskId}/files?token={token}", content);
            return await WebForm.ReadAsync(await browser.GetAsync($"/vendor/items/{task.TaskId}?token={token}"));
        }

        // The row as an approved plan would make it.
        private async Task IssueAsync(SystemTask task)
        {
            var right = task.Action switch
            {
                TaskAction.Rectify => Right.Rectification,
                TaskAction.Erase => Right.Erasure,
                TaskAction.Restrict or TaskAction.LiftRestriction => Right.Restriction,
                TaskAction.Export => Right.Portability,
                _ => Right.Access,
            };
            var reference = await bench.Bench.PlannedAsync(right, new IntakeContent
            {
                Requester = new RequesterContent("Ada Lind", task.Identifiers![0].Value.Reveal(), Relation.Self),
                Corrections = task.Corrections ?? [],
            });
            var request = await bench.Service.RequestAsync(reference);
            var now = bench.Service.Clock.GetUtcNow();
            await bench.Service.InDatabaseAsync(async db =>
            {
                db.Add(new RequestTask
                {
                    Id = task.TaskId,
                    RequestId = request.Id,
                    Controller = task.Controller,
                    System = task.System,
                    Binding = Binding.Manual,
                    Action = task.Action,
                    Step = $"{DsrJson.Kebab(task.Action)}:{task.System}",
                    Scope = JsonSerializer.Serialize(task.Scope, DsrJson.Options),
                    CreatedAt = now,
                    Since = now,
                    NextAttemptAt = now,
                });
                return await db.SaveChangesAsync();
            });
            await bench.Bench.SettleAsync();
            await bench.RunAsync();
        }

        private Task<SystemAnswer> AnswerOfAsync(Guid task) => bench.Service.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<DsrDbContext>();
            var receipt = await db.Set<TaskReceipt>().AsNoTracking().SingleAsync(row => row.TaskId == task);
            var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(row => row.Id == receipt.RequestId);
            return new SystemAnswer
            {
                Receipt = services.GetRequiredService<RequestKeys>().Open(request).OpenJson<Receipt>(TaskReceipt.BodyField(receipt.Id), receipt.Body),
                Uploaded = await db.Set<StoredFile>().Where(file => file.TaskId == task).GroupBy(file => file.Category!).ToDictionaryAsync(group => group.Key, group => group.Sum(file => file.Records)),
            };
        });

        private static string End(SystemTask task, string token) => $"{task.TaskId}?token={token}";
    }
}
