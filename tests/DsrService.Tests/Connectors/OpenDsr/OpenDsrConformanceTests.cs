using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DsrService.Connectors;
using DsrService.Connectors.OpenDsr;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Conformance;
using DsrService.Sdk.Contracts;
using DsrService.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Connectors.OpenDsr;

/// <summary>The one suite of every binding, over OpenDSR: each task goes through the service's own connector to a peer that speaks our
/// extension, over real HTTP, and what counts is the receipt that came back.</summary>
internal sealed class OpenDsrConformanceTests
{
    private static readonly TaskAction[] Actions =
    [
        TaskAction.Access, TaskAction.Export, TaskAction.Erase, TaskAction.Rectify, TaskAction.Restrict, TaskAction.LiftRestriction,
        TaskAction.StopProcessing, TaskAction.ResumeProcessing, TaskAction.Verify,
    ];

    [Test]
    public async Task Run_PeerThatSpeaksTheExtension_Holds()
    {
        var findings = await RunAsync(_ => { });

        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => $"{finding.Check}: {finding.Reason}"), Is.Empty);
        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.NotTried).Select(finding => $"{finding.Check}: {finding.Reason}"),
            Is.EqualTo(new[] { "preserve and release take effect and lose nothing: it does not declare preserve" }));
    }

    [Test]
    public async Task Run_PeerThatKeepsWhatItSaysItErased_IsFound()
    {
        var findings = await RunAsync(shelf => shelf.Lies = true);

        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => finding.Check),
            Does.Contain("asked again, it finds nothing but what it kept").And.Contain("in the end it finds nothing"));
    }

    private static async Task<List<ConformanceFinding>> RunAsync(Action<ExtendingPeer> change)
    {
        await using var bench = await PeerBench.StartAsync(TestMaps.Changed(("toontrack.yaml", map =>
            map.Replace("categories: [newsletter-subscription]", $"categories: [{string.Join(", ", ExtendingPeer.Categories)}]", StringComparison.Ordinal))));
        var shelf = new ExtendingPeer(bench.Peer, Actions);
        change(shelf);
        await bench.AccessAsync();
        var system = new OpenDsrSystem(bench.Bench.Service, (await bench.Bench.Service.RequestAsync(bench.Reference)).Id);
        var target = new ConformanceTarget
        {
            Controller = TestService.Controller,
            System = TestPeer.System,
            Capabilities = new() { Actions = Actions, Needs = ["email"], CanPreview = true, CanBeAskedAgain = true },
            Categories = [.. ExtendingPeer.Categories],
            Known = [new("email", ExtendingPeer.Known, true)],
            Unknown = [new("email", "nobody@example.org", true)],
            Correction = new("email", "", "new@example.org", ""),
            Patience = TimeSpan.FromSeconds(30),
        };
        var findings = new List<ConformanceFinding>();
        await foreach (var finding in new ConformanceRun(target, system).RunAsync())
            findings.Add(finding);
        return findings;
    }

    /// <summary>Our side: a row for each task, as the plan would make it, and the connector that the dispatcher uses.</summary>
    private sealed class OpenDsrSystem(TestService service, Guid request) : ISystemUnderTest
    {
        private readonly SemaphoreSlim one = new(1);

        public async Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
        {
            await KeepAsync(task, cancel);
            var connector = service.Services.GetServices<IConnector>().OfType<OpenDsrConnector>().Single();
            var outgoing = new OutgoingTask { Task = task, RequestId = request, Binding = Binding.Opendsr, SealingKey = "", WebhookSecret = "" };
            SendResult result = new SendResult.Sent();
            await Eventually.TrueAsync(async () => (result = await connector.SendAsync(outgoing, cancel)) is not (SendResult.Sent or SendResult.Accepted), "the peer to be done", patience);
            return result switch
            {
                SendResult.Answered answered => new() { Receipt = answered.Receipt },
                SendResult.Underway => await FetchedAsync(task.TaskId, patience, cancel),
                SendResult.ByHand lacks => new() { Silence = lacks.Code, Refused = true },
                SendResult.Failed failed => new() { Silence = failed.Code },
                _ => new() { Silence = result.ToString() },
            };
        }

        // Asked a second time, it is as if the first answer had been lost.
        private async Task KeepAsync(SystemTask task, CancellationToken cancel)
        {
            await one.WaitAsync(cancel);
            try
            {
                await service.InDatabaseAsync(async db =>
                {
                    if (await db.Set<RequestTask>().AnyAsync(row => row.Id == task.TaskId, cancel))
                    {
                        await db.Set<TaskReceipt>().Where(row => row.TaskId == task.TaskId).ExecuteDeleteAsync(cancel);
                        await db.Set<StoredFile>().Where(row => row.TaskId == task.TaskId).ExecuteDeleteAsync(cancel);
                        return await db.Set<RequestTask>().Where(row => row.Id == task.TaskId).ExecuteUpdateAsync(update => update
                            .SetProperty(row => row.State, TaskState.Accepted).SetProperty(row => row.Outcome, (ReceiptOutcome?)null).SetProperty(row => row.Items, (string?)null), cancel);
                    }
                    // Asked about the same once more, the former question is over.
                    if (task.Verifies is { } about)
                        await db.Set<RequestTask>().Where(row => row.Verifies == about).ExecuteUpdateAsync(update => update.SetProperty(row => row.ReplacedBy, about), cancel);
                    db.Add(new RequestTask
                    {
                        Id = task.TaskId,
                        RequestId = request,
                        Controller = task.Controller,
                        System = task.System,
                        Binding = Binding.Opendsr,
                        Action = task.Action,
                        Preview = task.Preview,
                        Step = $"conformance:{task.TaskId}",
                        Verifies = await db.Set<RequestTask>().AnyAsync(row => row.Id == task.Verifies, cancel) ? task.Verifies : null,
                        Scope = JsonSerializer.Serialize(task.Scope, DsrJson.Options),
                        State = TaskState.Accepted,
                        Attempt = 1,
                        CreatedAt = service.Clock.GetUtcNow(),
                        Since = service.Clock.GetUtcNow(),
                    });
                    return await db.SaveChangesAsync(cancel);
                });
            }
            finally
            {
                one.Release();
            }
        }

        private async Task<SystemAnswer> FetchedAsync(Guid task, TimeSpan patience, CancellationToken cancel)
        {
            TaskReceipt? kept = null;
            string? error = null;
            await Eventually.TrueAsync(async () =>
            {
                kept = await service.InDatabaseAsync(db => db.Set<TaskReceipt>().AsNoTracking().FirstOrDefaultAsync(row => row.TaskId == task, cancel));
                error = await service.InDatabaseAsync(db => db.Set<RequestTask>().Where(row => row.Id == task).Select(row => row.LastError).SingleAsync(cancel));
                return kept is not null || error is not null;
            }, "the results to be fetched", patience);
            if (kept is null)
                return new() { Silence = error };
            var receipt = await service.InScopeAsync(async services =>
            {
                var row = await services.GetRequiredService<DsrService.Data.DsrDbContext>().Set<DataSubjectRequest>().AsNoTracking().SingleAsync(row => row.Id == request, cancel);
                return services.GetRequiredService<RequestKeys>().Open(row).OpenJson<Receipt>(TaskReceipt.BodyField(kept.Id), kept.Body);
            });
            var files = await service.InDatabaseAsync(db => db.Set<StoredFile>().AsNoTracking().Where(row => row.TaskId == task).ToListAsync(cancel));
            return new() { Receipt = receipt, Uploaded = files.GroupBy(file => file.Category!).ToDictionary(group => group.Key, group => group.Sum(file => file.Records)) };
        }
    }
}

/// <summary>A peer that speaks our extension and holds one person.</summary>
internal sealed class ExtendingPeer
{
    public const string Known = "ada.lind@example.org";
    public static readonly string[] Categories = ["newsletter-subscription", "survey-orders"];

    private readonly TestPeer peer;
    private readonly Dictionary<string, int> held = new() { [Categories[0]] = 1, [Categories[1]] = 2 };
    private readonly Dictionary<string, (string Category, int Records)> kept = [];
    private readonly Dictionary<string, (Receipt Receipt, JsonArray Results)> answers = [];
    private readonly Dictionary<Guid, TaskAction> actions = [];
    private readonly HashSet<TaskAction> marks = [];
    private string? rectified;

    public ExtendingPeer(TestPeer peer, IEnumerable<TaskAction> actions)
    {
        this.peer = peer;
        peer.Discovery = TestPeer.DiscoveryOf(["access", "portability", "erasure",
            .. actions.SelectMany(action => new[] { $"dsr-{DsrJson.Kebab(action)}", $"dsr-preview-{DsrJson.Kebab(action)}" })], extends: true);
        peer.Status = StatusOf;
        peer.OnResults = http =>
        {
            http.Response.ContentType = "application/x-ndjson";
            return http.Response.WriteAsync(string.Concat(Enumerable.Repeat("{\"email\":\"ada.lind@example.org\"}\n", int.Parse(http.Request.Query["records"]!, System.Globalization.CultureInfo.InvariantCulture))), Encoding.UTF8);
        };
    }

    /// <summary>Says that it erased and does not.</summary>
    public bool Lies { get; set; }

    private JsonObject? StatusOf(string id)
    {
        lock (answers)
        {
            if (peer.Posts.FirstOrDefault(post => (string?)post.Body["subject_request_id"] == id).Body is not { } body)
                return null;
            if (!answers.TryGetValue(id, out var answer))
                answers[id] = answer = Work(id, body);
            var status = TestPeer.StatusOf(id, "completed");
            status["extensions"] = new JsonObject
            {
                [TestPeer.Domain] = new JsonObject
                {
                    ["dsr-service-1"] = new JsonObject { ["receipt"] = JsonSerializer.SerializeToNode(answer.Receipt, DsrJson.Options), ["results"] = answer.Results.DeepClone() },
                },
            };
            return status;
        }
    }

    private (Receipt, JsonArray) Work(string id, JsonObject body)
    {
        var asked = body["extensions"]![TestPeer.Domain]!["dsr-service-1"].Deserialize<ExtendedTask>(DsrJson.Options)!;
        actions[Guid.Parse(id)] = asked.Action;
        var handles = asked.Scope.Where(item => item.Handle is not null).ToList();
        var knows = body["subject_identities"]!.AsArray().Any(identity => (string?)identity!["identity_value"] == Known);
        List<ReceiptItem> items = handles.Count > 0 && asked.Action == TaskAction.Erase
            ? [.. handles.Where(item => kept.ContainsKey(item.Handle!)).Select(item => EraseKept(item.Handle!))]
            : knows ? [.. asked.Scope.Where(item => Left(item.Category) > 0).Select(item => Act(asked, item))] : [];
        var results = new JsonArray();
        foreach (var item in items.Where(item => item.Handed > 0))
            results.Add(new JsonObject { ["part"] = $"{item.Category}.ndjson", ["category"] = item.Category, ["contentType"] = "application/x-ndjson", ["url"] = $"{peer.Address}/results?records={item.Handed}" });
        return (new Receipt
        {
            TaskId = Guid.Parse(id),
            Outcome = items.Count == 0 ? ReceiptOutcome.NothingFound : items.Exists(item => item.Retained > 0) ? ReceiptOutcome.PartlyRetained : ReceiptOutcome.Completed,
            Items = items,
            HandledAt = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero),
            Handler = "test peer 1.0",
        }, results);
    }

    private int Left(string category) => held.GetValueOrDefault(category) + kept.Values.Where(item => item.Category == category).Sum(item => item.Records);

    private ReceiptItem EraseKept(string handle)
    {
        var (category, records) = kept[handle];
        kept.Remove(handle);
        return new() { Category = category, Found = records, Erased = records };
    }

    private ReceiptItem Act(ExtendedTask asked, ScopeItem item)
    {
        var found = new ReceiptItem { Category = item.Category, Found = Left(item.Category) };
        switch (asked.Action)
        {
            case TaskAction.Access or TaskAction.Export:
                return found with { Handed = found.Found };
            case TaskAction.Rectify:
                rectified = asked.Corrections!.Single().Requested.Reveal();
                return found with { Rectified = found.Found };
            case TaskAction.Restrict or TaskAction.LiftRestriction:
                Mark(TaskAction.Restrict, asked.Action == TaskAction.Restrict);
                return found with { Restricted = found.Found };
            case TaskAction.StopProcessing or TaskAction.ResumeProcessing:
                Mark(TaskAction.StopProcessing, asked.Action == TaskAction.StopProcessing);
                return found with { Stopped = found.Found };
            case TaskAction.Verify when actions.GetValueOrDefault(asked.Verifies ?? default, TaskAction.Erase) is not TaskAction.Erase and var earlier:
                return found with { Found = Holds(earlier, asked) ? 0 : found.Found };
            case TaskAction.Verify when !kept.Values.Any(one => one.Category == item.Category):
                return found;
            case TaskAction.Verify:
                return Kept(found, item, kept.First(one => one.Value.Category == item.Category).Key);
            case TaskAction.Erase when item.Decision == ScopeDecision.Keep:
                if (!asked.Preview)
                {
                    kept[$"h-{item.Category}"] = (item.Category, found.Found);
                    held.Remove(item.Category);
                }
                return Kept(found, item, $"h-{item.Category}");
            default:
                if (!asked.Preview && !Lies)
                    held.Remove(item.Category);
                return found with { Erased = found.Found };
        }
    }

    private void Mark(TaskAction mark, bool on) => _ = on ? marks.Add(mark) : marks.Remove(mark);

    private bool Holds(TaskAction earlier, ExtendedTask asked) => earlier switch
    {
        TaskAction.Rectify => rectified == asked.Corrections!.Single().Requested.Reveal(),
        TaskAction.LiftRestriction => !marks.Contains(TaskAction.Restrict),
        TaskAction.ResumeProcessing => !marks.Contains(TaskAction.StopProcessing),
        _ => marks.Contains(earlier),
    };

    private static ReceiptItem Kept(ReceiptItem found, ScopeItem item, string handle) =>
        found with { Retained = found.Found, Reason = item.Reason ?? "17-3-b", Until = item.Until, Handle = handle };
}
