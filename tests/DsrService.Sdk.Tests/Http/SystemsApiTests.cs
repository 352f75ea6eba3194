using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Tests.Http;

internal sealed class SystemsApiTests
{
    [Test]
    public async Task UploadAsync_RecordsAndAFile_ArriveStreamedAndCount()
    {
        var answers = new RecordedAnswers();
        await using var service = await FakeService.StartAsync(async (task, cancel) => new ReceiptDraft()
            .Handed("contact", await task.UploadRecordsAsync("contact", Records(3), cancel))
            .Handed("contact", await task.UploadAsync("portrait.png", "contact", "image/png",
                async (target, stop) => await target.WriteAsync(new byte[] { 10, 10, 10 }, stop), cancel)));

        await service.Processor.ProcessAsync(service.Task(TaskAction.Access), answers, CancellationToken.None);

        Assert.That(answers.Receipts.Single().Items.Single().Handed, Is.EqualTo(4));
        Assert.That(service.Calls, Is.EqualTo(new[]
        {
            new FakeService.Call("/data/contact", "{\"number\":1,\"name\":\"Åsa\"}\n{\"number\":2,\"name\":\"Åsa\"}\n{\"number\":3,\"name\":\"Åsa\"}\n",
                "Bearer token-of-the-webshop", "application/x-ndjson", "contact"),
            new FakeService.Call("/data/portrait.png", "\n\n\n", "Bearer token-of-the-webshop", "image/png", "contact"),
        }));
    }

    [Test]
    public async Task UploadAsync_ServiceFailsTwice_ThirdTryStartsFromTheBeginning()
    {
        var answers = new RecordedAnswers();
        await using var service = await FakeService.StartAsync(async (task, cancel) => new ReceiptDraft()
            .Handed("contact", await task.UploadRecordsAsync("contact", Records(2), cancel)));
        service.NextStatuses.Enqueue(503);
        service.NextStatuses.Enqueue(500);

        await service.Processor.ProcessAsync(service.Task(TaskAction.Access), answers, CancellationToken.None);

        Assert.That(answers.Receipts.Single().Items.Single().Handed, Is.EqualTo(2));
        Assert.That(service.Calls.Select(call => call.Body).Distinct().Count(), Is.EqualTo(1));
        Assert.That(service.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task UploadAsync_ServiceRefuses_FailureNamesItsCode()
    {
        var answers = new RecordedAnswers();
        await using var service = await FakeService.StartAsync(async (task, cancel) => new ReceiptDraft()
            .Handed("contact", await task.UploadRecordsAsync("contact", Records(2), cancel)));
        service.NextStatuses.Enqueue(409);

        await service.Processor.ProcessAsync(service.Task(TaskAction.Access), answers, CancellationToken.None);

        Assert.That(answers.Failures.Single(), Has.Property("Code").EqualTo("service.refused")
            .And.Property("Message").EqualTo("409 test.said_so"));
        Assert.That(service.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CheckSubjectAsync_Answered_GivesWhatHoldsAndTheValueTravelsInTheBody()
    {
        await using var service = await FakeService.StartAsync((_, _) => Task.FromResult(new ReceiptDraft()));
        service.Check = new(true, ["direct-marketing"], false);

        var check = await service.Api.CheckSubjectAsync(service.Connection, "email", "ada.lind@example.org", CancellationToken.None);

        Assert.That((check.Restricted, check.Objections.Single(), check.Erased), Is.EqualTo((true, "direct-marketing", false)));
        Assert.That(service.Calls.Single(), Is.EqualTo(new FakeService.Call("/systems/v1/subjects/check",
            "{\"kind\":\"email\",\"value\":\"ada.lind@example.org\"}", "Bearer token-of-the-webshop", "application/json; charset=utf-8", "")));
    }

    [Test]
    public async Task CheckSubjectAsync_Refused_SaysSoWithoutTheValue()
    {
        await using var service = await FakeService.StartAsync((_, _) => Task.FromResult(new ReceiptDraft()));
        service.NextStatuses.Enqueue(400);

        var refused = Assert.ThrowsAsync<TaskFailedException>(() => service.Api.CheckSubjectAsync(service.Connection, "email", "ada.lind@example.org", CancellationToken.None));

        Assert.That(refused!.ToString(), Does.Contain("400").And.Not.Contain("ada.lind"));
    }

    /// <summary>Whoever can forge a task on the bus must not be able to have the token sent to an address of theirs.</summary>
    [Test]
    public async Task AcceptAsync_LinkToAnotherOrigin_TokenStaysHere()
    {
        await using var service = await FakeService.StartAsync((_, _) => Task.FromResult(new ReceiptDraft()));
        var task = service.Task() with { Links = StubSystem.Links(new($"http://localhost:{service.Address.Port}")) };

        var refusal = Assert.ThrowsAsync<TaskFailedException>(() => service.Api.AcceptAsync(service.Connection, task, CancellationToken.None));

        Assert.That(refusal.Code, Is.EqualTo("task.foreign_link"));
        Assert.That(service.Calls, Is.Empty);
    }

    [Test]
    public async Task FetchAsync_NothingListens_Unreachable()
    {
        await using var service = await FakeService.StartAsync((_, _) => Task.FromResult(new ReceiptDraft()));
        var api = service.Api;
        ServiceConnection nobody = new() { Address = new("http://127.0.0.1:1"), Token = "t", SealingKeys = [] };

        var refusal = Assert.ThrowsAsync<TaskFailedException>(() => api.FetchAsync(nobody, CancellationToken.None));

        Assert.That(refusal.Code, Is.EqualTo("service.unreachable"));
    }

    private static async IAsyncEnumerable<object> Records(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            await Task.Yield();
            yield return new { number, name = "Åsa" };
        }
    }
}
