using System.Net;
using System.Net.Http.Json;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using DsrService.Tests.Requests;

namespace DsrService.Tests.Web;

internal sealed class RateLimitsTests
{
    [Test]
    public async Task Intake_BeyondTheLimitOfAnAddress_SaysWhenToComeAgainWhateverIsForged()
    {
        await using var service = await TestService.StartAsync(settings: ("Dsr:RateLimits:IntakePerMinute", "3"));

        var codes = new List<HttpStatusCode>();
        HttpResponseMessage last = null!;
        for (var i = 0; i < 5; i++)
        {
            using var client = service.NewClient();
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.{i}");
            client.DefaultRequestHeaders.Add("Forwarded", $"for=198.51.100.{i}");
            client.DefaultRequestHeaders.Add("X-Real-IP", $"198.51.100.{i}");
            last = await client.PostAsJsonAsync("/api/v1/toontrack/requests", Bodies.Erasure($"a{i}@example.org"), DsrJson.Options);
            codes.Add(last.StatusCode);
        }
        using var browser = service.NewBrowser();
        var page = await (await WebForm.OpenAsync(browser, "/toontrack/request")).SendAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(codes.Select(code => (int)code), Is.EqualTo(new[] { 201, 201, 201, 429, 429 }));
            Assert.That(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, Is.InRange(1, 60));
            Assert.That(await last.Content.ReadAsStringAsync(), Does.Contain("\"code\":\"http.too_many_requests\""));
            Assert.That((int)page.StatusCode, Is.EqualTo(429));
            Assert.That((await WebForm.ReadAsync(page)).QuerySelector("h1")!.TextContent, Is.EqualTo("One moment, please"));
        });
    }

    [Test]
    public async Task Intake_ByDefault_LetsSixtyAMinutePass()
    {
        await using var service = await TestService.StartAsync(settings: ("Dsr:RateLimits:IntakePerMinute", new RateLimitOptions().IntakePerMinute.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        for (var i = 0; i < 60; i++)
            await service.SubmitAsync(Bodies.Erasure($"a{i}@example.org"));
    }

    [Test]
    public async Task Intake_BeyondTheLimitOfASender_IsHeldUpUntilOneIsConfirmed()
    {
        await using var service = await TestService.StartAsync(settings: ("Dsr:RateLimits:IntakePerSenderAndDay", "2"));
        await service.SubmitAsync(Bodies.Erasure("Ada.Lind@example.org"));
        service.Clock.Advance(TimeSpan.FromHours(1));
        var (reference, token) = await service.SubmitAsync(Bodies.Erasure());

        var (held, _, response) = await TestService.PostAsync(service.Client, "/api/v1/toontrack/requests", Bodies.Erasure());
        var other = await TestService.PostAsync(service.Client, "/api/v1/toontrack/requests", Bodies.Erasure("bo@example.org"));
        await TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity", new { token });
        var (after, _, _) = await TestService.PostAsync(service.Client, "/api/v1/toontrack/requests", Bodies.Erasure());

        Assert.Multiple(() =>
        {
            Assert.That((int)held, Is.EqualTo(429));
            Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromHours(23)));
            Assert.That(other.Status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(after, Is.EqualTo(HttpStatusCode.Created), "Who confirms one is not held up by the others.");
        });
    }

    [Test]
    public async Task Tokens_BeyondTheLimit_AreNotTried()
    {
        await using var service = await TestService.StartAsync(settings: ("Dsr:RateLimits:TokensPerMinute", "2"));
        var (reference, _) = await service.SubmitAsync(Bodies.Erasure());

        var codes = new List<int>();
        for (var i = 0; i < 3; i++)
            codes.Add((int)(await TestService.PostAsync(service.Client, $"/api/v1/requests/{reference}/identity", new { token = "guess" })).Status);

        Assert.That(codes, Is.EqualTo(new[] { 403, 403, 429 }));
    }
}
