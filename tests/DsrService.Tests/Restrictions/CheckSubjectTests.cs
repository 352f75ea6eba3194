using System.Net;
using System.Net.Http.Json;
using System.Text;
using DsrService.Restrictions;
using DsrService.Tests.Connectors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Restrictions;

/// <summary>The question a system asks before it takes data in again: its answer tells nothing of who is known.</summary>
internal sealed class CheckSubjectTests
{
    private const string Nothing = """{"restricted":false,"objections":[],"erased":false}""";
    private const string Stopped = """{"restricted":false,"objections":["direct-marketing"],"erased":false}""";
    private StateBench bench = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        bench = await StateBench.StartAsync();
        await bench.Bench.PlannedAsync(DsrService.Requests.Right.Objection, StateBench.Objecting, confirmed: false);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [TestCase(StateBench.Address, Stopped)]
    [TestCase("ADA.Lind@Example.org ", Stopped)]
    [TestCase("never.heard@example.org", Nothing)]
    public async Task Post_Address_SaysWhatHoldsHoweverItIsSpelt(string value, string expected) =>
        Assert.That(await bench.AskAsync(value), Is.EqualTo(expected));

    [Test]
    public async Task Post_AnotherSystemOfTheController_HearsTheSame() =>
        Assert.That(await bench.AskAsync(system: "toontrack/webshop"), Is.EqualTo(Stopped));

    [Test]
    public async Task Post_SystemOfAnotherController_HearsNothing() =>
        Assert.That(await bench.AskAsync(system: "soundspectrum/mailing"), Is.EqualTo(Nothing));

    [TestCase("""{"kind":"shoe-size","value":"42"}""", "kind")]
    [TestCase("""{"kind":null,"value":"x"}""", "kind")]
    [TestCase("""{"value":"ada.lind@example.org"}""", "kind")]
    [TestCase("""{"kind":"email","value":""}""", "value")]
    [TestCase("""{"kind":"email"}""", "value")]
    [TestCase("""{"kind":"email","value":"no address"}""", "value")]
    [TestCase("""{"kind":"email","value":"a\u0000@example.org"}""", "value")]
    [TestCase("""{"kind":"email","value":"ada.lind@example.org","controller":"soundspectrum"}""", "controller")]
    [TestCase("""{"kind":"email","value":7}""", "value")]
    [TestCase("[]", "$")]
    public async Task Post_BadInput_IsAClearProblemWithoutTheValue(string body, string path)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await bench.ClientOf("toontrack/newsletter").PostAsync("/systems/v1/subjects/check", content);
        var problem = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem, Does.Contain($"\"{path}\"").And.Contain("request.invalid").And.Not.Contain("ada.lind"));
    }

    [Test]
    public async Task Post_Strangers_401()
    {
        var staff = bench.Service.NewClient(bearer: "not-a-system");
        foreach (var client in new[] { bench.Service.Client, staff })
            Assert.That(await ConnectedBench.SaidAsync(await client.PostAsJsonAsync("/systems/v1/subjects/check", new { kind = "email", value = StateBench.Address })), Is.EqualTo("401 http.unauthenticated"));
    }

    [Test]
    public async Task Post_TooLarge_413()
    {
        var value = new string('a', 5000);
        Assert.That(await bench.AskAsync(value), Does.StartWith("413"));
    }

    [Test]
    public async Task Post_KnownOrNot_ReadsAndWritesTheSame()
    {
        async Task<int> WrittenAsync(string value)
        {
            await bench.Service.InDatabaseAsync(db => db.Set<SubjectQuestion>().ExecuteDeleteAsync());
            await bench.AskAsync(value);
            return await bench.Service.InDatabaseAsync(db => db.Set<SubjectQuestion>().CountAsync());
        }

        Assert.That((await WrittenAsync(StateBench.Address), await WrittenAsync("never.heard@example.org")), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Post_MoreThanTheSystemMayAsk_429WithRetryAfterAndOthersAreNotHeldUp()
    {
        using var limits = new CheckLimits(Microsoft.Extensions.Options.Options.Create(new DsrService.Hosting.DsrOptions { RateLimits = new() { ChecksPerMinute = 2 } }));
        var (mine, others) = (new DsrService.Connectors.SystemCaller("toontrack", "newsletter"), new DsrService.Connectors.SystemCaller("toontrack", "webshop"));
        limits.Refuse(mine);
        limits.Refuse(mine);
        Assert.That(limits.Refuse(others), Is.Null);
        var third = await bench.Service.InScopeAsync(services => ActivatorUtilities.CreateInstance<CheckSubject>(services, limits)
            .HandleAsync(mine, new("email", StateBench.Address), CancellationToken.None));
        Assert.That((third.Failure!.Status, third.Failure.Extensions!["retryAfterSeconds"]), Is.EqualTo((429, (object)60)).Or.EqualTo((429, (object)59)));
    }
}
