using DsrService.Audit;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Notices;

internal sealed class SendLetterTests
{
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync();

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task HandleAsync_Verification_GoesToThePersonWithDoubtsAndWhatIsNeeded()
    {
        var request = await scene.ApprovedAsync(Right.Access);

        var sent = await SendAsync(request, new() { Message = NoticeKind.Verification, Doubts = "The address was changed yesterday.", Needed = "The number of your last invoice." });

        Assert.That(sent.Failure, Is.Null);
        var (kind, mail) = (await scene.Service.NoticesAsync(request.Reference)).Single();
        Assert.That((kind, mail.To), Is.EqualTo((NoticeKind.Verification, request.Email)));
        Assert.That(mail.Text, Does.Contain("The address was changed yesterday.").And.Contains("The number of your last invoice."));
        Assert.That(await request.AuditAsync(), Has.Member("letter.written"));
    }

    [Test]
    public async Task HandleAsync_Preview_ShowsTheLetterAndQueuesNothing()
    {
        var request = await scene.ApprovedAsync(Right.Access);

        var shown = await SendAsync(request, new() { Message = NoticeKind.Clarification, Question = "Which shop do you mean?" }, preview: true);

        Assert.That(shown.Value!.Text, Does.Contain("Which shop do you mean?"));
        Assert.That(await scene.Service.InDatabaseAsync(db => db.Set<AccessLogEntry>().CountAsync(entry => entry.What == "letter" && entry.RequestId == request.Id)), Is.EqualTo(1));
        Assert.That(await scene.Service.NoticesAsync(request.Reference), Is.Empty);
    }

    [Test]
    public async Task HandleAsync_RecipientsListAsked_NamesThem()
    {
        var request = await scene.ErasedAsync();

        var shown = await SendAsync(request, new() { Message = NoticeKind.RecipientsList }, preview: true);

        Assert.That(shown.Value!.Text, Does.Contain("Lagerhuset Norr AB"));
    }

    [Test]
    public async Task HandleAsync_PublishedData_GoesToTheOtherController()
    {
        var request = await scene.ErasedAsync();

        await SendAsync(request, new() { Message = NoticeKind.PublishedData, Recipient = "Sökmotorn AB", Address = "dpo@sokmotorn.example" });

        var (_, mail) = (await scene.Service.NoticesAsync(request.Reference)).Single();
        Assert.That(mail.To, Is.EqualTo("dpo@sokmotorn.example"));
        Assert.That(mail.Text, Does.Contain("Sökmotorn AB,").And.Contains("17(2)").And.Contains("Customer account"));
    }

    [Test]
    public async Task HandleAsync_PublishedDataBeforeAnythingIsErased_IsRefused()
    {
        var request = await scene.ApprovedAsync(Right.Erasure);

        var sent = await SendAsync(request, new() { Message = NoticeKind.PublishedData, Recipient = "Sökmotorn AB", Address = "dpo@sokmotorn.example" });

        Assert.That(sent.Failure!.Code, Is.EqualTo("letter.not_now"));
        Assert.That(await scene.Service.NoticesAsync(request.Reference), Is.Empty);
    }

    [Test]
    public async Task HandleAsync_LateBeforeTheDay_IsRefused()
    {
        var request = await scene.ApprovedAsync(Right.Access);

        Assert.That((await SendAsync(request, new() { Message = NoticeKind.Late, Reason = "x", Day = new(2030, 1, 1) })).Failure!.Code, Is.EqualTo("letter.not_now"));
    }

    [TestCase(NoticeKind.Verification, "doubts")]
    [TestCase(NoticeKind.Clarification, "question")]
    [TestCase(NoticeKind.Answer, "message")]
    [TestCase(null, "message")]
    public async Task HandleAsync_SomethingMissing_NamesTheField(NoticeKind? message, string field)
    {
        var request = await scene.ApprovedAsync(Right.Access);

        Assert.That((await SendAsync(request, new() { Message = message })).Failure!.Errors!.Keys, Has.Member(field));
    }

    private Task<Result<SendLetter.Output>> SendAsync(Seeded request, SendLetter.Input input, bool preview = false) =>
        scene.Service.InScopeAsync(services => services.GetRequiredService<SendLetter>().HandleAsync(request.Reference, input, preview, scene.Approver, default));
}
