namespace DsrService.Tests.Connectors;

internal sealed class AddSystemTests
{
    [Test]
    public async Task HandleAsync_AgainAndReplaced_OldCredentialsEnd()
    {
        await ConnectedBench.StartAsync();

        var first = await ConnectedBench.AddAsync("newsletter");
        var again = await ConnectedBench.AddAsync("newsletter");
        var before = await FetchAsync(first.Value!.Token);
        var replaced = await ConnectedBench.AddAsync("newsletter", replace: true);

        Assert.That(again.Failure?.Code, Is.EqualTo("system.exists"));
        Assert.That(before, Is.EqualTo("200"));
        Assert.That(await FetchAsync(first.Value.Token), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await FetchAsync(replaced.Value!.Token), Is.EqualTo("200"));
    }

    [TestCase("no-such-system", null, "system.unknown")]
    [TestCase("customer-survey", "ftp://example.org", "system.invalid_address")]
    [TestCase("customer-survey", "example.org", "system.invalid_address")]
    public async Task HandleAsync_OddInput_Refused(string system, string? address, string code)
    {
        await ConnectedBench.StartAsync();

        Assert.That((await ConnectedBench.AddAsync(system, address)).Failure?.Code, Is.EqualTo(code));
    }

    private static async Task<string> FetchAsync(string token) =>
        await ConnectedBench.SaidAsync(await ConnectedBench.Service.NewClient(bearer: token).GetAsync("/systems/v1/tasks?state=sent"));
}
