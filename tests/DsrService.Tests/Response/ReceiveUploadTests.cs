using System.IO.Pipelines;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Response;
using DsrService.Sdk.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Response;

internal sealed class ReceiveUploadTests
{
    private ResponseScene scene = null!;

    [OneTimeSetUp]
    public async Task SetUp() => scene = await ResponseScene.StartAsync(null, ("Dsr:LargestUpload", "100000"));

    [OneTimeTearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Handle_NdjsonPart_IsCountedAndSealed()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);

        var result = await request.UploadAsync(task, "orders.ndjson", "order-history", "{\"order\":1}\r\n\n{\"order\":2}");

        Assert.That(result.Value, Is.EqualTo(new ReceiveUpload.Output("orders.ndjson", "order-history", 2, 24)));
        var file = (await request.FilesAsync()).Single();
        Assert.Multiple(async () =>
        {
            Assert.That(await request.ReadAsync(file), Is.EqualTo("{\"order\":1}\n{\"order\":2}\n"));
            Assert.That((file.Records, file.TaskId, file.Category), Is.EqualTo((2, (Guid?)task.Id, "order-history")));
            Assert.That(await request.AuditAsync(), Has.Some.EqualTo("data.received"));
        });
    }

    [Test]
    public async Task Handle_AnyOtherType_CountsAsOneRecord()
    {
        var request = await scene.ApprovedAsync(Right.Access);

        var result = await request.UploadAsync(await request.TaskAsync("webshop", TaskAction.Access), "invoice.pdf", "invoices", "%PDF\nnot really\n", "application/pdf");

        Assert.That(result.Value!.Records, Is.EqualTo(1));
    }

    [Test]
    public async Task Handle_SamePartAgain_ReplacesItAndItsFile()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);
        await request.UploadAsync(task, "part", "order-history", "{\"a\":1}");
        var former = (await request.FilesAsync()).Single();

        await request.UploadAsync(task, "part", "order-history", "{\"a\":2}\n{\"a\":3}");

        var file = (await request.FilesAsync()).Single();
        Assert.Multiple(() =>
        {
            Assert.That(file.Records, Is.EqualTo(2));
            Assert.That(Stored(), Does.Contain(file.Id).And.Not.Contain(former.Id));
        });
    }

    [Test]
    public async Task Handle_TwoWithoutANameAtOnce_BothStay()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);
        var (entry, sent) = (new Pipe(), "%PDF of the one"u8.ToArray());
        var slow = request.UploadAsync(task, null, "invoices", entry.Reader.AsStream(), "application/pdf");
        await entry.Writer.WriteAsync(sent.AsMemory(0, 4));

        await request.UploadAsync(task, null, "invoices", new MemoryStream("%PDF of the other"u8.ToArray()), "application/pdf");
        await entry.Writer.WriteAsync(sent.AsMemory(4));
        await entry.Writer.CompleteAsync();
        await slow;

        var files = await request.FilesAsync();
        Assert.That(files.Select(file => file.Part), Is.EquivalentTo(["invoices-1", "invoices-2"]));
        Assert.That(await Task.WhenAll(files.Select(request.ReadAsync)), Is.EquivalentTo(["%PDF of the one", "%PDF of the other"]));
    }

    [Test]
    public async Task Handle_WithoutAName_TakesNoneThatIsThere()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);
        await request.UploadAsync(task, "invoices-1", "order-history", "{\"a\":1}");
        await request.UploadAsync(task, "invoices-3", "invoices", "{\"a\":3}");

        await request.UploadAsync(task, null, "invoices", new MemoryStream("%PDF"u8.ToArray()), "application/pdf");

        Assert.That((await request.FilesAsync()).Select(file => file.Part), Is.EquivalentTo(["invoices-1", "invoices-2", "invoices-3"]));
    }

    [TestCase("{\"a\":1}\n[2]", "upload.not_ndjson")]
    [TestCase("{\"a\":1}\nnot json", "upload.not_ndjson")]
    public async Task Handle_BrokenLine_IsRefusedAndTheFormerPartStays(string content, string code)
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);
        await request.UploadAsync(task, "part", "order-history", "{\"a\":1}");

        var result = await request.UploadAsync(task, "part", "order-history", content);

        var file = (await request.FilesAsync()).Single();
        Assert.Multiple(async () =>
        {
            Assert.That((result.Failure!.Code, result.Failure.Status), Is.EqualTo((code, 422)));
            Assert.That(result.Failure.Message, Does.Contain("Record 2"));
            Assert.That(await request.ReadAsync(file), Is.EqualTo("{\"a\":1}\n"));
        });
    }

    [Test]
    public async Task Handle_TransferBrokenOff_LeavesTheFormerPartAndNoLitter()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);
        await request.UploadAsync(task, "part", "order-history", "{\"a\":1}");
        var before = Stored();

        Assert.That(async () => await request.UploadAsync(task, "part", "order-history", new BrokenStream()), Throws.InstanceOf<IOException>());

        Assert.That(Stored(), Is.EquivalentTo(before));
    }

    [TestCase("application/x-ndjson")]
    [TestCase("application/octet-stream")]
    public async Task Handle_LargerThanAllowed_IsRefused(string type)
    {
        var request = await scene.ApprovedAsync(Right.Access);

        var result = await request.UploadAsync(await request.TaskAsync("webshop", TaskAction.Access), "part", "order-history",
            string.Concat(Enumerable.Repeat($"{{\"a\":\"{new string('x', 1000)}\"}}\n", 100)), type);

        Assert.That((result.Failure?.Code, result.Failure?.Status), Is.EqualTo(("upload.too_large", 413)));
    }

    [TestCase("../part")]
    [TestCase("..")]
    [TestCase(".hidden")]
    [TestCase("a/b")]
    [TestCase("a\\b")]
    [TestCase("")]
    [TestCase("a\u202Eb")]
    [TestCase("line\nbreak")]
    public async Task Handle_PartThatIsNoName_IsRefused(string part)
    {
        var request = await scene.ApprovedAsync(Right.Access);

        var result = await request.UploadAsync(await request.TaskAsync("webshop", TaskAction.Access), part, "order-history", "{}");

        Assert.That((result.Failure?.Code, result.Failure?.Status), Is.EqualTo(("upload.part_invalid", 400)));
    }

    [Test]
    public async Task Handle_CategoryOfAnotherSystem_IsRefused([Values("forum-posts", "", null)] string? category)
    {
        var request = await scene.ApprovedAsync(Right.Access);

        var result = await request.UploadAsync(await request.TaskAsync("webshop", TaskAction.Access), "part", category, Stream.Null);

        Assert.That((result.Failure?.Code, result.Failure?.Status), Is.EqualTo(("upload.category_not_asked", 422)));
    }

    [Test]
    public async Task Handle_AnotherSystemsTask_DoesNotExist()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);

        var result = await scene.Service.InScopeAsync(services => services.GetRequiredService<ReceiveUpload>()
            .HandleAsync(task.Controller, "newsletter", task.Id, "part", "order-history", null, Stream.Null, default));

        Assert.That(result.Failure?.Code, Is.EqualTo("task.not_found"));
    }

    [Test]
    public async Task Handle_AfterTheReceipt_IsRefused()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);
        await request.ReceiptAsync(await request.HandOverAsync(task, ("part", "order-history", "application/x-ndjson", "{}")), task);

        var result = await request.UploadAsync(task, "part", "order-history", "{}\n{}");

        Assert.That((result.Failure?.Code, result.Failure?.Status), Is.EqualTo(("task.takes_no_data", 409)));
    }

    [Test]
    public async Task Handle_SetAsideWhileTheTransferRuns_LeavesNothing()
    {
        var request = await scene.ApprovedAsync(Right.Access);
        var task = await request.TaskAsync("webshop", TaskAction.Access);

        var result = await request.UploadAsync(task, "part", "order-history", new BetweenStream("{}"u8.ToArray(), () => scene.Service.InScopeAsync(services =>
            services.GetRequiredService<SetAsideTask>().HandleAsync(request.Reference, task.Id, "The system is gone.", scene.Approver, default)).GetAwaiter().GetResult()));

        Assert.Multiple(async () =>
        {
            Assert.That(result.Failure?.Code, Is.EqualTo("task.takes_no_data"));
            Assert.That(await request.FilesAsync(), Is.Empty);
        });
    }

    [Test]
    public async Task Handle_ErasureTask_TakesNoData()
    {
        var request = await scene.ApprovedAsync(Right.Erasure);

        var result = await request.UploadAsync(await request.TaskAsync("newsletter", TaskAction.Erase), "part", "newsletter-subscription", "{}");

        Assert.That(result.Failure?.Code, Is.EqualTo("task.takes_no_data"));
    }

    private List<Guid?> Stored() => [.. scene.Service.Services.GetRequiredService<FileStore>().All().Select(file => file.Id)];

    private sealed class BrokenStream : MemoryStream
    {
        private bool given;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (given)
                throw new IOException("The connection was reset.");
            given = true;
            "{\"a\":2}\n"u8.CopyTo(buffer.Span);
            return ValueTask.FromResult(8);
        }
    }

    private sealed class BetweenStream(byte[] content, Action between) : MemoryStream(content)
    {
        private bool done;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!done)
                between();
            done = true;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
