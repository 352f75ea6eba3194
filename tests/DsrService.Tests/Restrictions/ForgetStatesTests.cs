using DsrService.Requests;
using DsrService.Restrictions;

namespace DsrService.Tests.Restrictions;

internal sealed class ForgetStatesTests
{
    [Test]
    public async Task RunAsync_ThreeYearsOn_ForgetsTheErasureAndKeepsWhatProtects()
    {
        await using var bench = await StateBench.StartAsync();
        await bench.FulfilledAsync(Right.Erasure);

        await bench.Service.RunJobAsync<ForgetStates>(TimeSpan.FromDays(3 * 365 - 1));
        Assert.That(await bench.AskAsync(), Is.EqualTo("""{"restricted":false,"objections":["direct-marketing"],"erased":true}"""));
        await bench.Service.RunJobAsync<ForgetStates>(TimeSpan.FromDays(3));
        Assert.That(await bench.AskAsync(), Is.EqualTo("""{"restricted":false,"objections":["direct-marketing"],"erased":false}"""));
        Assert.That((await bench.StatesAsync()).Select(state => state.State).Distinct(), Is.EqualTo(new[] { StandingKind.Suppression }));
    }
}
