using DsrService.Notices;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using DsrService.Tests.DataMap;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Notices;

/// <summary>Art. 19 for a recipient that has an address and no system.</summary>
internal sealed class TellRecipientsTests
{
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync(settings: [("Dsr:DataMaps", TestMaps.WithRecipientByMail())]);

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Handle_DataDisclosedWasErased_WritesOnceWithWhatWasChanged()
    {
        var request = await scene.ErasedAsync();

        var (kind, mail) = (await scene.Service.NoticesAsync(request.Reference)).Single(notice => notice.Kind == NoticeKind.RecipientNotice);
        Assert.Multiple(() =>
        {
            Assert.That(mail.To, Is.EqualTo("dsr@siffror.example"));
            Assert.That(mail.Text, Does.Contain("Siffror AB,").And.Contains("Ada Lind").And.Contains(request.Email).And.Contains("Article 19 GDPR").And.Contains("We have erased it."));
            Assert.That(mail.Text, Does.Contain("Data: Customer account").And.Not.Contain("Invoices").And.Not.Contain("Postal address"), "what was kept or never found is not announced");
        });
        Assert.That((await request.AuditAsync()).Count(entry => entry == "recipient.notice_queued"), Is.EqualTo(1));
        Assert.That(await request.AuditAsync(), Has.None.Contains("Siffror"));
    }

    [Test]
    public async Task Handle_NothingFound_WritesToNobodyAndTheAnswerNamesNobody()
    {
        var request = await scene.ApprovedAsync(Right.Erasure);
        await request.AnswerAllAsync();

        Assert.That(await scene.Service.NoticesAsync(request.Reference), Is.Empty);
        Assert.That((await PreviewAsync(request)).Recipients.Select(recipient => recipient.Name), Has.None.EqualTo("Siffror AB"));
    }

    [Test]
    public async Task Handle_ErasureStillUnderWay_WaitsForItsProof()
    {
        var request = await scene.ApprovedAsync(Right.Erasure);
        await request.AnswerAsync(task => task.Action == TaskAction.Erase, task => Task.FromResult(task.System == "webshop"
            ? ResponseScene.NothingFound(task) with { Outcome = ReceiptOutcome.Completed, Items = [new ReceiptItem { Category = "customer-account", Found = 1, Erased = 1 }] }
            : ResponseScene.NothingFound(task)));

        Assert.That(await scene.Service.NoticesAsync(request.Reference), Is.Empty, "erased, not yet asked again");
    }

    [Test]
    public async Task Handle_MailHasLeft_TheAnswerSaysWhen()
    {
        var request = await scene.ErasedAsync();
        Assert.That((await PreviewAsync(request)).Recipients.Single(recipient => recipient.Name == "Siffror AB").Told, Is.Null, "queued is not told");

        var notice = await scene.Service.InDatabaseAsync(db => db.Set<Notice>().Where(row => row.RequestId == request.Id && row.Recipient == "accountant").Select(row => row.Id).SingleAsync());
        await scene.Service.InScopeAsync(async services =>
        {
            await services.GetRequiredService<RecordDelivery>().HandleAsync(request.Id, notice, MailResult.Sent, default);
            return true;
        });

        Assert.That((await PreviewAsync(request)).Recipients.Single(recipient => recipient.Name == "Siffror AB").Told, Is.EqualTo(scene.Service.Clock.GetUtcNow()));
    }

    private Task<AnswerContent> PreviewAsync(Seeded request) => scene.Service.InScopeAsync(async services =>
        (await services.GetRequiredService<PreviewAnswer>().HandleAsync(request.Reference, scene.Approver, null, default)).Value!.Content);
}
