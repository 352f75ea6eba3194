using System.Text.Json.Nodes;
using DsrService.Demo;
using DsrService.Demo.Companies;
using DsrService.Demo.DjMixerSoft;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Companies;

/// <summary>What each company's policy promises beyond erasing and handing over, seen in its stores.</summary>
public sealed class PromisesTests : StoreFixture
{
    [Test]
    public async Task SourceElements_ErasedRecordOfUse_KeepsItsCountsAndNothingThatLeadsToAnybody()
    {
        var store = Store("passive-log", "source-elements");
        var person = Of(store, 1);
        var (rows, theirs) = (await Scalar($"select count(*) from {store.Schema}.visit"), (await Held(store, person)).Rows.Count);

        var receipt = await Work(store, TaskAction.Erase, person);

        Assert.That(receipt.Items.Single().Anonymised, Is.EqualTo(theirs).And.GreaterThan(0));
        Assert.That(await Scalar($"select count(*) from {store.Schema}.visit"), Is.EqualTo(rows));
        Assert.That(await Scalar($"""
            select count(*) from {store.Schema}.visit where ref is null and (ip_address is not null or user_name is not null or provider is not null
                or referrer <> 'https://search.example' or referrer like '%{person.Email}%')
            """), Is.Zero);
    }

    [Test]
    public async Task SourceElements_AccessToContactLists_DoesNotSayWhoseTheyAre()
    {
        var store = Store("contacts", "source-elements");
        var person = Of(store, 2);
        Dictionary<string, List<JsonObject>> handed = [];
        await Work(Task(store, TaskAction.Access, person), handed);

        var text = string.Concat(handed["contact-entries"].Select(row => row.ToJsonString()));
        Assert.That(text, Does.Contain(person.Id("user-name")));
        foreach (var other in PeopleOf(store).Where(other => other.IsOfTheCrowd && other.Id("user-name") is not null))
            Assert.That(text, Does.Not.Contain(other.Id("user-name")!));
    }

    [Test]
    public async Task SourceElements_ErasedOwner_TheOwnListGoesToo()
    {
        var store = Store("contacts", "source-elements");
        var owner = PeopleOf(store).First(person => person.IsOfTheCrowd && person.Has("contacts"));
        var lists = $"select count(*) from {store.Schema}.contact where owner_user_name = '{owner.Id("user-name")}'";
        Assert.That(await Scalar(lists), Is.GreaterThan(0));

        await Work(store, TaskAction.Erase, owner);

        Assert.That(await Scalar(lists), Is.Zero);
    }

    [Test]
    public async Task SourceElements_Payments_AreRedactedInTwoPhasesAndAPreviewLeavesNoJob()
    {
        var store = Store("transactions", "source-elements");
        var task = Task(store, TaskAction.Erase, Of(store, 3));
        var jobs = $"select count(*) from {store.Schema}.redaction_job where task_id = '{task.TaskId}' and validated_at <= ran_at";

        await Work(task with { Preview = true });
        var previewed = await Scalar(jobs);
        await Work(task);

        Assert.That((previewed, await Scalar(jobs)), Is.EqualTo((0L, 1L)));
    }

    [Test]
    public async Task Djmixersoft_ObjectionToTheNewsletter_LeavesAdministrativeMail()
    {
        var (newsletter, members) = (Store("newsletter", "djmixersoft"), Store("members", "djmixersoft"));
        var person = Of(newsletter, 1);

        await Work(newsletter, TaskAction.StopProcessing, person);

        Assert.That(await Scalar($"select count(*) from {newsletter.Schema}.may_be_written_to where email = '{person.Email}'"), Is.Zero);
        Assert.That(await Scalar($"select count(*) from {members.Schema}.may_be_sent_administrative_mail where email = '{person.Email}'"), Is.EqualTo(1));
    }

    [Test]
    public async Task Djmixersoft_ContentReadAtOnce_TheAdministratorIsToldAndTheReceiptSaysSo()
    {
        var store = Store("content", "djmixersoft");
        var receipt = await Work(store, TaskAction.Access, Of(store, 1));

        Assert.That(receipt.Messages, Has.One.Contains("told at once"));
        Assert.That(await Mails(Of(store, 1), "was read"), Is.EqualTo(1));
    }

    [Test]
    public async Task Djmixersoft_ContentReadAfterApproval_WaitsForTheAdministrator()
    {
        var company = DemoCompanies.Find("djmixersoft")!;
        var store = (ContentStore)company.Stores(company.Place(Database, Clock, new() { ContentReading = ContentReading.ApprovedBefore }))
            .Single(store => store.Key == "content");
        var person = Of(store, 2);
        var task = Task(store, TaskAction.Access, person);

        await Work(task with { Preview = true }, at: store);
        var asked = await Mails(person, "May content");
        foreach (var _ in (int[])[1, 2])
            Assert.That(async () => await Work(task, at: store), Throws.TypeOf<TaskFailedException>().With.Property("Code").EqualTo("content.awaiting_approval"));
        Assert.That((asked, await Mails(person, "May content")), Is.EqualTo((0L, 1L)), "Asked once, and not for a preview.");
        Assert.That(await ContentApprovals.Approve(store, "none", CancellationToken.None), Is.False);
        Assert.That(await ContentApprovals.Approve(store, await Token(store, task.TaskId), CancellationToken.None), Is.True);

        var receipt = await Work(task, at: store);

        Assert.That(receipt.Items.Sum(item => item.Handed), Is.GreaterThan(0));
        Assert.That(await Scalar($"select count(*) from {store.Schema}.reading where task_id = '{task.TaskId}' and approved"), Is.EqualTo(1));
    }

    [Test]
    public async Task Soundspectrum_ObjectionAtTheMailing_StopsMailEvaluationAndSharing()
    {
        var store = Store("mailing", "soundspectrum");
        var person = Of(store, 1);
        await Work(Task(store, TaskAction.StopProcessing, person) with { Identifiers = [new("email", person.Email, false)] });

        var reference = Cast.Ref(store.Key, person.Number);
        foreach (var use in (string[])["may_be_written_to", "may_be_evaluated", "may_be_shared_with_partners"])
            Assert.That(await Scalar($"select count(*) from {store.Schema}.{use} where ref = '{reference}'"), Is.Zero, use);
    }

    [TestCase(1, true)]
    [TestCase("A network did not", false)]
    public async Task Emastered_SocialLogins_GiveIdentifiersEachWithItsOwnMark(object who, bool vouched)
    {
        var store = Store("social-logins", "emastered");
        var person = who is int number ? Of(store, number) : PeopleOf(store).First(person => person.Note.StartsWith((string)who, StringComparison.Ordinal));
        var receipt = await Work(store, TaskAction.Locate, person);

        Assert.That(receipt.Identifiers!.Select(given => (given.Kind, given.Value.Reveal(), given.Verified)), Is.EquivalentTo(new[]
        {
            ("facebook-id", person.Id("facebook-id")!, vouched), ("twitter-id", person.Id("twitter-id")!, vouched),
        }));
    }

    [Test]
    public async Task Emastered_HundredsOfMegabytes_AreStreamed()
    {
        var store = Store("uploads", "emastered");
        var person = PeopleOf(store).Single(person => person.Note.StartsWith("Sent up", StringComparison.Ordinal));
        await using var work = await TaskWork.Begin(store, Task(store, TaskAction.Export, person), CancellationToken.None);
        long most = 0;
        var piece = 0;

        var draft = await WorkTask.Handle(work, async (_, category, _, write, cancel) =>
        {
            await using var counted = new CountingStream();
            await write(counted, cancel);
            most = Math.Max(most, counted.Length);
            piece = Math.Max(piece, counted.Largest);
            return 1;
        }, CancellationToken.None);

        Assert.That(most, Is.EqualTo(300L * 1024 * 1024));
        Assert.That(draft.Complete(work.Task, Clock.GetUtcNow(), "test 1").Items.Select(item => item.Category), Does.Contain("audio-files").And.Not.Contain("audio-analysis"));
        Assert.That(piece, Is.LessThanOrEqualTo(1024 * 1024), "the largest piece written at once");
    }

    private static SyntheticPerson Of(DemoStore store, int number) => PeopleOf(store)[number - 1];

    private Task<long> Mails(SyntheticPerson person, string about) =>
        Scalar($"select count(*) from demo.mail where recipient = '{person.Email}' and subject like '%{about}%'");

    private async Task<string> Token(DemoStore store, Guid task)
    {
        await using var command = Database.CreateCommand($"select token from {store.Schema}.approval where task_id = '{task}'");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private sealed class CountingStream : Stream
    {
        private long written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => written;

        public override long Position { get => written; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public int Largest { get; private set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            written += count;
            Largest = Math.Max(Largest, count);
        }
    }
}
