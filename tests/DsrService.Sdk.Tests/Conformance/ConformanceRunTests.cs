using System.Collections.Concurrent;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Conformance;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using DsrService.Sdk.Tests.Examples;
using DsrService.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Tests.Conformance;

/// <summary>One suite for every binding, over real transports; and it finds what is wrong.</summary>
internal sealed class ConformanceRunTests
{
    private const string Controller = "toontrack";
    private const string System = "webshop";
    private static readonly SocketsHttpHandler Handler = new() { AllowAutoRedirect = false };
    private static readonly HttpMessageInvoker Client = new(Handler);
    private readonly string token = Guid.CreateVersion7().ToString("N");
    private readonly string secret = StandardWebhooks.NewSecret();
    private readonly string sealingKey = SubjectSeal.NewKey();
    private RabbitMqServer broker = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => broker = await RabbitMqServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Client.Dispose();
        await broker.DisposeAsync();
    }

    [Test]
    public async Task Run_ExampleOverHttp_Holds()
    {
        await using var service = await StandInService.StartAsync(token);
        await using var shop = await ShopAsync(service, _ => { });

        AssertHeld(await RunAsync(new PushedSystem(service, new(shop.Urls.Single() + $"/dsr/tasks/{Controller}/{System}"), secret, Client)));
    }

    [Test]
    public async Task Run_ExampleByPulling_Holds()
    {
        await using var service = await StandInService.StartAsync(token);
        await using var shop = await ShopAsync(service, system => system.ByPulling(TimeSpan.FromMilliseconds(50)));

        AssertHeld(await RunAsync(service.Pulling()));
    }

    [Test]
    public async Task Run_ExampleOverRabbitMq_Holds()
    {
        await using var service = await StandInService.StartAsync(token);
        var account = await broker.AddUserAsync(new($"{Controller}.{System}", "of-the-test", ".*", ".*", ".*"));
        await using var shop = await ShopAsync(service, system => system.OverRabbitMq(new(account)));
        await using var bus = DsrBus.OverRabbitMq(new(broker.Address));
        var system = new BusSystem(bus, service, sealingKey);
        await Eventually.TrueAsync(async () => (await system.AskAsync(StubSystem.Task(TaskAction.Access), TimeSpan.FromSeconds(30), default)).Silence is null, "the queue to be there", TimeSpan.FromMinutes(2));

        AssertHeld(await RunAsync(system));
    }

    [Test]
    public async Task Run_PlainNodeOverHttp_Holds()
    {
        await using var service = await StandInService.StartAsync(token);
        var rows = global::System.Text.Json.JsonSerializer.Serialize(Rows(), DsrJson.Options);
        await using var node = TestProcess.Start("node", [Path.Combine(AppContext.BaseDirectory, "example-shop.mjs")],
            new Dictionary<string, string?> { ["PORT"] = "0", ["TOKEN"] = token, ["SECRET"] = secret, ["ROWS"] = rows }, AppContext.BaseDirectory);
        var line = await node.WaitForLineAsync("listening", TimeSpan.FromMinutes(1));

        AssertHeld(await RunAsync(new PushedSystem(service, new($"http://127.0.0.1:{line.Split(' ')[1]}/tasks"), secret, Client)));
    }

    [Test]
    public async Task Run_SystemThatOnlyClaims_IsFoundOut()
    {
        await using var service = await StandInService.StartAsync(token);
        var claiming = new ClaimingSystem();

        var broken = (await RunAsync(claiming)).Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => finding.Check).ToList();

        Assert.That(broken, Does.Contain("of a person it does not know, it finds nothing").And.Contain("what it does not declare, it does not claim to have done")
            .And.Contain("it hands over what it counts").And.Contain("the same task again gets the same answer").And.Contain("in the end it finds nothing"));
    }

    [Test]
    public async Task Run_SystemThatDoesEverything_Holds()
    {
        var findings = await RunAsync(new TrialShop(Flaw.None), TrialShop.Capabilities, new("name", "Ada Lind", "Ada Berg", ""));

        Assert.That(findings.Where(finding => finding.Result != ConformanceResult.Held).Select(finding => $"{finding.Check}: {finding.Reason}"), Is.Empty);
    }

    [TestCase(Flaw.RestrictsNothing, "restrict and lift-restriction take effect and lose nothing")]
    [TestCase(Flaw.LiftsNothing, "restrict and lift-restriction take effect and lose nothing")]
    [TestCase(Flaw.RectifiesNothing, "it rectifies")]
    [TestCase(Flaw.VerifiesNothing, "restrict and lift-restriction take effect and lose nothing")]
    [TestCase(Flaw.VerifiesNothing, "asked about an erasure that it never got, it finds what is there")]
    [TestCase(Flaw.ErasesWhatItWasToKeep, "what it kept is erased by its handle, without any identifier")]
    [TestCase(Flaw.KeepsTooLong, "an erasure leaves what it was told to keep, with a handle")]
    [TestCase(Flaw.BelievesAnyIdentifier, "an identifier that nobody verified leads to nothing")]
    public async Task Run_SystemWithOneFlaw_FindsIt(Flaw flaw, string check)
    {
        var findings = await RunAsync(new TrialShop(flaw), TrialShop.Capabilities, new("name", "Ada Lind", "Ada Berg", ""));

        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => finding.Check), Does.Contain(check));
    }

    [Test]
    public async Task Run_SameTaskTwice_ComesUnderOneWebhookId()
    {
        await using var service = await StandInService.StartAsync(token);
        var seen = new ConcurrentQueue<(string Id, Guid? Task)>();
        await using var shop = await ShopAsync(service, _ => { }, async (http, next) =>
        {
            http.Request.EnableBuffering();
            using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
            var body = await reader.ReadToEndAsync();
            http.Request.Body.Position = 0;
            var task = body.Contains("\"controller\"", StringComparison.Ordinal) ? global::System.Text.Json.JsonSerializer.Deserialize<SystemTask>(body, DsrJson.Options)!.TaskId : (Guid?)null;
            seen.Enqueue((http.Request.Headers[StandardWebhooks.IdHeader].ToString(), task));
            await next(http);
        });

        await RunAsync(new PushedSystem(service, new(shop.Urls.Single() + $"/dsr/tasks/{Controller}/{System}"), secret, Client));

        var signed = seen.Where(one => one.Id.Length > 0 && one.Task is not null).ToList();
        Assert.That(signed.Count, Is.GreaterThan(signed.Distinct().Count()), "some come twice");
        Assert.That(signed.Select(one => one.Id), Is.EqualTo(signed.Select(one => $"task_{one.Task:N}")));
    }

    [Test]
    public async Task Run_NothingItCouldSeeBy_DoesNotPass()
    {
        var run = new ConformanceRun(new()
        {
            Controller = Controller,
            System = System,
            Capabilities = new() { Actions = [TaskAction.Erase] },
            Categories = ["account"],
            Known = [new("email", "ada.lind@example.org", true)],
            Unknown = [new("email", "nobody@example.org", true)],
        }, new ClaimingSystem());

        Assert.That((await run.RunAsync().ToListAsync()).Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => finding.Check), Does.Contain("it finds the person it holds"));
    }

    [Test]
    public async Task Run_NobodyThere_EveryCheckSaysSo()
    {
        await using var service = await StandInService.StartAsync(token);

        var findings = await RunAsync(new PushedSystem(service, new("http://127.0.0.1:9/"), secret, Client));

        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Held), Is.Empty);
    }

    private static async Task<List<ConformanceFinding>> RunAsync(ISystemUnderTest system, SystemCapabilities? capabilities = null, Correction? correction = null) => await new ConformanceRun(new()
    {
        Controller = Controller,
        System = System,
        Capabilities = capabilities ?? ExampleShop.Capabilities,
        Correction = correction,
        Categories = ["account", "orders"],
        Known = [new("email", "ada.lind@example.org", true)],
        Unknown = [new("email", "nobody@example.org", true)],
    }, system).RunAsync().ToListAsync();

    private static void AssertHeld(List<ConformanceFinding> findings)
    {
        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.Broken).Select(finding => $"{finding.Check}: {finding.Reason}"), Is.Empty);
        Assert.That(findings.Where(finding => finding.Result == ConformanceResult.NotTried).Select(finding => finding.Reason),
            Is.SubsetOf(new[] { "it does not declare restrict", "it does not declare stop-processing", "it does not declare preserve", "it does not declare rectify" }));
    }

    private static List<ExampleShop.Row> Rows() =>
    [
        new("ada.lind@example.org", "account", "Ada Lind", "row-1"), new("ada.lind@example.org", "orders", "A drum", "row-2"),
        new("bo.ek@example.org", "account", "Bo Ek", "row-3"),
    ];

    private async Task<WebApplication> ShopAsync(StandInService service, Action<ConnectedSystemBuilder<ExampleShop>> binding, Func<HttpContext, RequestDelegate, Task>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new ExampleShop(Rows()));
        builder.Services.AddConnectedSystem<ExampleShop>(Controller, System, system =>
        {
            ExampleShop.Describe(system);
            system.ConnectsTo(new ServiceConnection { Address = service.Address, Token = token, SealingKeys = [sealingKey], WebhookSecrets = [secret] });
            binding(system);
        });
        var app = builder.Build();
        if (before is not null)
            app.Use(before);
        app.MapPushedTasks();
        await app.StartAsync();
        return app;
    }

    // Says of everything that it was done, and does nothing.
    private sealed class ClaimingSystem : ISystemUnderTest
    {
        private int answers;

        public Task<SystemAnswer> AskAsync(SystemTask task, TimeSpan patience, CancellationToken cancel)
        {
            var count = Interlocked.Increment(ref answers);
            var item = new ReceiptItem { Category = "account", Found = count, Handed = task.Action == TaskAction.Access ? count : 0, Erased = task.Action == TaskAction.Erase ? count : 0 };
            return Task.FromResult(new SystemAnswer
            {
                Receipt = new() { TaskId = task.TaskId, Outcome = ReceiptOutcome.Completed, Items = [item], HandledAt = task.IssuedAt, Handler = "claims 1.0" },
                Uploaded = new Dictionary<string, int>(),
            });
        }
    }
}
