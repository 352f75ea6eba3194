using System.Net;

namespace DsrService.Tests.Staff;

internal sealed class SignInLimitTests
{
    [Test]
    public async Task SignIn_MoreTriesThanAnAddressMayMake_Is429WithAPageAndATime()
    {
        await using var service = await TestService.StartAsync(null, ("Dsr:RateLimits:TokensPerMinute", "3"));
        var browser = service.NewBrowser();
        var answers = new List<HttpResponseMessage>();
        for (var attempt = 0; attempt < 4; attempt++)
            answers.Add(await SignInTests.SignInAsync(browser, "nobody", "guess"));
        Assert.That(answers.Select(answer => answer.StatusCode), Is.EqualTo(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests]));
        Assert.That(answers[^1].Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(answers[^1].Content.Headers.ContentType?.MediaType, Is.EqualTo("text/html"));
    }
}
