using DsrService.Demo.Toontrack;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Demo.Stores;

public sealed class MarkSubjectTests : StoreFixture
{
    [TestCase(ToontrackSystems.Webshop, "may_be_written_to")]
    [TestCase(ToontrackSystems.ProductRegistration, "may_be_authorised")]
    [TestCase(ToontrackSystems.SupportForum, "may_be_searched")]
    [TestCase(ToontrackSystems.ServiceLog, "may_be_analysed")]
    [TestCase(ToontrackSystems.Newsletter, "may_be_written_to")]
    [TestCase(ToontrackSystems.RemarketingPartner, "may_be_advertised_to")]
    [TestCase(ToontrackSystems.CustomerSurvey, "may_be_asked")]
    public async Task Restrict_ThenLift_BusinessUseStopsAndGoesOn(string system, string use)
    {
        var store = Store(system);
        var used = $"select count(*) from {store.Schema}.{use}";
        var before = await Scalar(used);
        var held = await Held(store, Person(11));

        var receipt = await Work(store, TaskAction.Restrict, Person(11));
        var restricted = await Scalar(used);
        await Work(store, TaskAction.Restrict, Person(11));
        var twice = await Scalar(used);
        await Work(store, TaskAction.LiftRestriction, Person(11));

        Assert.Multiple(() =>
        {
            Assert.That(restricted, Is.LessThan(before));
            Assert.That(twice, Is.EqualTo(restricted));
            Assert.That(Scalar(used).Result, Is.EqualTo(before));
            Assert.That(Held(store, Person(11)).Result.Counts, Is.EqualTo(held.Counts));
            Assert.That(receipt.Items.Sum(item => item.Restricted), Is.EqualTo(held.Rows.Count));
        });
    }

    [TestCase(ToontrackSystems.Newsletter, "may_be_written_to")]
    [TestCase(ToontrackSystems.RemarketingPartner, "may_be_advertised_to")]
    [TestCase(ToontrackSystems.CustomerSurvey, "may_be_asked")]
    public async Task StopProcessing_ThenResume_OnlyThisPersonIsLeftAlone(string system, string use)
    {
        var store = Store(system);
        var used = $"select count(*) from {store.Schema}.{use}";
        var before = await Scalar(used);

        await Work(store, TaskAction.StopProcessing, Person(12));
        Assert.That(await Scalar(used), Is.EqualTo(before - 1));
        await Work(store, TaskAction.ResumeProcessing, Person(12));
        Assert.That(await Scalar(used), Is.EqualTo(before));
    }

    [Test]
    public async Task StopProcessing_UnverifiedAddress_StillActs()
    {
        var store = Store(ToontrackSystems.Newsletter);
        var receipt = await Work(Task(store, TaskAction.StopProcessing, Person(13)) with { Identifiers = [new("email", Person(13).Email, false)] });

        Assert.That(receipt.Items.Sum(item => item.Stopped), Is.EqualTo(1));
    }

    [Test]
    public async Task StopProcessing_ThenImportedAgain_IsStillNotWrittenTo()
    {
        var store = Store(ToontrackSystems.Newsletter);
        await Work(store, TaskAction.Erase, Person(14));
        await Scalar($"insert into {store.Schema}.subscription (email, name, topics, subscribed_on) values ('{Person(14).Email}', 'x', 'x', '2026-01-01') returning 1");

        Assert.That(await Scalar($"select count(*) from {store.Schema}.may_be_written_to where email = '{Person(14).Email}'"), Is.Zero);
    }
}
