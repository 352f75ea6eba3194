using DsrService.Audit;
using DsrService.Requests;
using DsrService.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Response;

internal sealed class PreviewAnswerTests
{
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync();

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Handle_AnswerWaitingForReview_ShowsTheLetterAndLeavesAnAccessEntry()
    {
        var request = await scene.ErasedAsync();

        var preview = await PreviewAsync(request);

        Assert.Multiple(async () =>
        {
            Assert.That((preview.Status, preview.OpenAt), Is.EqualTo((RequestStatus.PartlyFulfilled, Array.Empty<string>())));
            Assert.That(preview.Letter.Text, Does.Contain("31 December 2033").And.Contain("A remark."));
            Assert.That(await scene.Service.NoticesAsync(request.Reference), Is.Empty);
            Assert.That(await scene.Service.InDatabaseAsync(db => db.Set<AccessLogEntry>().CountAsync(entry => entry.RequestId == request.Id && entry.What == "answer")), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Handle_SameAsTheAnswer_LetterForLetter()
    {
        var request = await scene.ErasedAsync();

        var preview = await PreviewAsync(request);
        await scene.Service.InScopeAsync(services => services.GetRequiredService<AnswerRequest>().HandleAsync(request.Reference, scene.Approver, new("A remark."), default));

        Assert.That((await scene.Service.NoticesAsync(request.Reference)).Single().Content.Text, Is.EqualTo(preview.Letter.Text));
    }

    [Test]
    public async Task Handle_TasksOpen_NamesTheirSystems()
    {
        var request = await scene.ApprovedAsync(Right.Erasure);

        Assert.That((await PreviewAsync(request)).OpenAt, Does.Contain("webshop"));
    }

    private async Task<ComposeAnswer.Output> PreviewAsync(Seeded request)
    {
        var preview = await scene.Service.InScopeAsync(services => services.GetRequiredService<PreviewAnswer>().HandleAsync(request.Reference, scene.Approver, "A remark.", default));
        Assert.That(preview.Failure, Is.Null);
        return preview.Value!;
    }
}
