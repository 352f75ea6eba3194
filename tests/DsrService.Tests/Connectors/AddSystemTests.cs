namespace DsrService.Tests.Connectors;

internal sealed class AddSystemTests
{
    [Test]
    public async Task HandleAsync_AgainAndReplaced_OldCredentialsEnd()
    {
        await using var bench = await ConnectedBench.StartAsync();

        var again = await bench.AddAsync(ConnectedBench.System);
        var replaced = await bench.AddAsync(ConnectedBench.System, replace: true);

        Assert.That(again.Failure?.Code, Is.EqualTo("system.exists"));
        Assert.That(await bench.PostAsync(bench.Client, "accept"), Is.EqualTo("401 http.unauthenticated"));
        Assert.That(await bench.PostAsync(bench.Service.NewClient(bearer: replaced.Value!.Token), "accept"), Is.EqualTo("200"));
    }

    [TestCase("no-such-system", null, "system.unknown")]
    [TestCase("customer-survey", "ftp://example.org", "system.invalid_address")]
    [TestCase("customer-survey", "example.org", "system.invalid_address")]
    public async Task HandleAsync_OddInput_Refused(string system, string? address, string code)
    {
        await using var bench = await ConnectedBench.StartAsync();

        Assert.That((await bench.AddAsync(system, address)).Failure?.Code, Is.EqualTo(code));
    }
}
