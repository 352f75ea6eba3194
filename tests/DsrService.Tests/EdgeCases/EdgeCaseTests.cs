using DsrService.Requests;
using DsrService.Tests.Requests;

namespace DsrService.Tests.EdgeCases;

/// <summary>Cases at the edge that no other test is about.</summary>
internal sealed class EdgeCaseTests
{
    private TestService service = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => service = await TestService.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [TestCase("pl")]
    [TestCase("en-GB")]
    public async Task E49_LanguageNotOffered_IsAnsweredInTheFirstOneAndTurnsNobodyAway(string language)
    {
        var (reference, _) = await service.SubmitAsync(Bodies.For("access", $"{language}@example.org").With("language", language));

        Assert.That((await service.RequestAsync(reference)).Language, Is.EqualTo("en"));
    }

    [TestCase("US")]
    [TestCase("CH")]
    [TestCase("GB")]
    public async Task E60_PersonElsewhere_ClockGoesByTheControllersEstablishment(string country)
    {
        var (here, _) = await service.SubmitAsync(Bodies.For("access", $"here-{country}@example.org"));
        var (there, _) = await service.SubmitAsync(Bodies.For("access", $"there-{country}@example.org").With("country", country));

        var (ours, theirs) = (await service.RequestAsync(here), await service.RequestAsync(there));
        Assert.That((theirs.DueOn, theirs.InternalTarget), Is.EqualTo((ours.DueOn, ours.InternalTarget)));
    }

    [Test]
    public async Task E59_InsultsAndThreats_AreTakenInAndChangeNothing()
    {
        var (polite, _) = await service.SubmitAsync(Bodies.For("erasure", "polite@example.org"));
        var (rude, _) = await service.SubmitAsync(Bodies.For("erasure", "rude@example.org").With("details", "You crooks! I will sue every one of you."));

        Assert.That((await service.RequestAsync(rude)).Status, Is.EqualTo((await service.RequestAsync(polite)).Status).And.EqualTo(RequestStatus.AwaitingIdentity));
    }
}
