using DsrService.Audit;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Requests;
using DsrService.Restrictions;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Restrictions;

/// <summary>What stays in force: from the proof on, until it is lifted, in keyed hashes.</summary>
internal sealed class KeepStatesTests
{
    private StateBench bench = null!;

    [SetUp]
    public async Task StartAsync() => bench = await StateBench.StartAsync();

    [TearDown]
    public async Task StopAsync() => await bench.DisposeAsync();

    [Test]
    public async Task Restriction_FromItsProofUntilItIsLifted()
    {
        var reference = await bench.Bench.PlannedAsync(Right.Restriction, new()
        {
            Requester = new("Ada Lind", StateBench.Address, Relation.Self),
            Restriction = new(RestrictionGround.AccuracyContested),
        });
        await bench.WorkAsync(reference);
        Assert.That((await bench.Bench.ApproveAsync(reference)).Failure, Is.Null);
        await bench.WorkAsync(reference, task => task.Action == TaskAction.Locate || task.Preview);
        Assert.That(await bench.AskAsync(), Does.Contain("\"restricted\":false"), "approved is not done");
        await bench.WorkAsync(reference, task => task.Verifies is null && task.Binding != Binding.Manual);
        Assert.That(await bench.AskAsync(), Does.Contain("\"restricted\":false"), "claimed is not proved");
        await bench.WorkAsync(reference);
        Assert.That(await bench.AskAsync(), Does.Contain("\"restricted\":true"));

        await bench.AnswerAsync(reference);
        var lifted = await bench.Service.InScopeAsync(services => services.GetRequiredService<LiftRestriction>().HandleAsync(reference, bench.Bench.Approver, new("It was right."), CancellationToken.None));
        Assert.That(lifted.Failure, Is.Null);
        Assert.That(await bench.AskAsync(), Does.Contain("\"restricted\":true"), "announced is not lifted");
        bench.Service.Clock.Advance(TimeSpan.FromDays(30));
        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Sent)));
        await bench.WorkAsync(reference);
        Assert.That(await bench.AskAsync(), Does.Contain("\"restricted\":false"));
        Assert.That((await bench.StatesAsync()).Select(state => state.EndedAt), Is.All.Not.Null);
    }

    [Test]
    public async Task Restriction_LiftedAtOneSystemOfTwoRequests_StillHoldsForTheOther()
    {
        var content = new IntakeContent { Requester = new("Ada Lind", StateBench.Address, Relation.Self), Restriction = new(RestrictionGround.NeededForClaims) };
        await bench.FulfilledAsync(Right.Restriction, content);
        var second = await bench.FulfilledAsync(Right.Restriction, content);
        await bench.Service.InScopeAsync(services => services.GetRequiredService<LiftRestriction>().HandleAsync(second, bench.Bench.Approver, new("Claim over."), CancellationToken.None));
        bench.Service.Clock.Advance(TimeSpan.FromDays(30));
        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Sent)));
        await bench.WorkAsync(second);

        Assert.That(await bench.AskAsync(), Does.Contain("\"restricted\":true"));
        Assert.That(await AnnouncedAsync("ended"), Is.Empty);
    }

    [Test]
    public async Task Objection_TakenBackBeforeAnythingWasSent_HoldsNoMore()
    {
        var reference = await bench.Bench.PlannedAsync(Right.Objection, StateBench.Objecting);
        Assert.That(await bench.AskAsync(), Does.Contain("direct-marketing"));
        var withdrawn = await bench.Service.InScopeAsync(services => services.GetRequiredService<WithdrawByStaff>().HandleAsync(reference, bench.Bench.Approver, new("By telephone"), CancellationToken.None));
        Assert.That(withdrawn.Failure, Is.Null);
        Assert.That(await bench.AskAsync(), Does.Contain("\"objections\":[]"));
        Assert.That(await AnnouncedAsync("ended"), Has.Count.EqualTo((await AnnouncedAsync("begun")).Count));
    }

    [Test]
    public async Task Objection_Weighed_HoldsOnceGrantedAndProvedForItsPurposes()
    {
        var reference = await bench.Bench.PlannedAsync(Right.Objection, new() { Requester = new("Ada Lind", StateBench.Address, Relation.Self), Objection = new("improve-service", "My reasons") });
        await bench.WorkAsync(reference);
        Assert.That(await bench.AskAsync(), Does.Contain("\"objections\":[]"));
        if ((await bench.Service.RequestAsync(reference)).Status == RequestStatus.Planned)
        {
            var questions = PlanRequest.Read(await bench.Service.RequestAsync(reference)).Questions.ToDictionary(question => question.Key, _ => DsrService.Applicability.Rules.QuestionAnswer.Grant);
            Assert.That((await bench.Service.InScopeAsync(services => services.GetRequiredService<ApprovePlan>().HandleAsync(reference, bench.Bench.Approver, questions, CancellationToken.None))).Failure, Is.Null);
        }
        await bench.WorkAsync(reference);
        Assert.That(await bench.AskAsync(), Does.Contain("\"objections\":[\"improve-service\"]"));
    }

    [Test]
    public async Task Erasure_AnsweredWithMarketing_IsErasedAndOnTheSuppressionListAsTheLetterSays()
    {
        var reference = await bench.Bench.PlannedAsync(Right.Erasure);
        await bench.WorkAsync(reference);
        await bench.Bench.ApproveAsync(reference);
        await bench.WorkAsync(reference);
        Assert.That(await bench.AskAsync(), Is.EqualTo("""{"restricted":false,"objections":[],"erased":true}"""));
        await bench.AnswerAsync(reference);

        var letter = (await bench.Service.NoticesAsync(reference)).Single(notice => notice.Kind == NoticeKind.Answer).Content.Text;
        Assert.That(letter, Does.Contain("suppression list"));
        Assert.That(await bench.AskAsync(), Is.EqualTo("""{"restricted":false,"objections":["direct-marketing"],"erased":true}"""));
        Assert.That((await bench.StatesAsync()).Select(state => state.Reference).Distinct(), Is.EqualTo(new[] { reference }));
    }

    [Test]
    public async Task Rectification_OfTheAddress_WhatHoldsHoldsForTheNewOneUntilItEnds()
    {
        var restricting = await bench.FulfilledAsync(Right.Restriction, new() { Requester = new("Ada Lind", StateBench.Address, Relation.Self), Restriction = new(RestrictionGround.NeededForClaims) });
        await bench.FulfilledAsync(Right.Erasure);
        await RectifyAsync(StateBench.Address, StateBench.Address, New);

        Assert.That(await bench.AskAsync(New), Is.EqualTo("""{"restricted":true,"objections":["direct-marketing"],"erased":false}"""));
        Assert.That(await bench.AskAsync(), Is.EqualTo("""{"restricted":true,"objections":["direct-marketing"],"erased":true}"""));
        Assert.That(await HeardAsync(SubjectState.Restriction, SubjectStateChange.Begun), Does.Contain(New).And.Contain(StateBench.Address));
        Assert.That(await HeardAsync(SubjectState.Suppression, SubjectStateChange.Begun), Does.Contain(New));

        await LiftAsync(restricting);

        Assert.That(await bench.AskAsync(New), Is.EqualTo("""{"restricted":false,"objections":["direct-marketing"],"erased":false}"""));
        Assert.That(await HeardAsync(SubjectState.Restriction, SubjectStateChange.Ended), Does.Contain(New).And.Contain(StateBench.Address));
    }

    [Test]
    public async Task Rectification_TwiceAndFromTheNewAddressItself_WhatHoldsIsKnownUnderTheLast()
    {
        await bench.Bench.PlannedAsync(Right.Objection, StateBench.Objecting);
        await RectifyAsync(New, StateBench.Address, New);
        Assert.That(await bench.AskAsync(New), Does.Contain("direct-marketing"), "written from there already");

        await RectifyAsync(New, New, "newer@example.org");

        Assert.That(await bench.AskAsync("newer@example.org"), Does.Contain("direct-marketing"));
        Assert.That(await HeardAsync(SubjectState.Objection, SubjectStateChange.Begun), Is.SupersetOf(new[] { StateBench.Address, New, "newer@example.org" }));
        Assert.That(await bench.AskAsync("else@example.org"), Does.Not.Contain("direct-marketing"));
    }

    [Test]
    public async Task Restriction_BegunUnderTheFormerAddress_IsHeardUnderTheNewAsWell()
    {
        await RectifyAsync(StateBench.Address, StateBench.Address, New);
        Assert.That(await bench.AskAsync(New), Does.Contain("\"restricted\":false"));

        await bench.FulfilledAsync(Right.Restriction, new() { Requester = new("Ada Lind", StateBench.Address, Relation.Self), Restriction = new(RestrictionGround.NeededForClaims) });

        Assert.That(await bench.AskAsync(New), Does.Contain("\"restricted\":true"));
        Assert.That((await HeardAsync(SubjectState.Restriction, SubjectStateChange.Begun)).Count(value => value == New), Is.EqualTo(2), "while it was decided, and now");
    }

    [Test]
    public async Task Erasure_NothingFoundAnywhere_CallsNobodyErased()
    {
        var reference = await bench.Bench.InProgressAsync(Right.Erasure);
        await bench.Bench.AnswerAllWithNothingAsync(reference);
        Assert.That(await bench.AskAsync(), Does.Contain("\"erased\":false"));
    }

    [Test]
    public async Task AllOfIt_InTheDatabase_HoldsNoPlainValueAndTheAuditNoneEither()
    {
        await bench.FulfilledAsync(Right.Erasure);
        await bench.Bench.PlannedAsync(Right.Objection, StateBench.Objecting);
        var rows = await bench.Service.InDatabaseAsync(async db => string.Join('\n', (await db.Database
            .SqlQuery<string>($"""SELECT row_to_json(s)::text AS "Value" FROM dsr.subject_states s UNION ALL SELECT row_to_json(a)::text FROM dsr.state_announcements a""").ToListAsync())
            .Concat(await db.Set<AuditEntry>().Select(entry => entry.Facts).ToListAsync())));
        Assert.That(rows, Does.Contain("direct-marketing").And.Contain("state").And.Not.Contain("ada.lind").And.Not.Contain("Ada"));
    }

    private const string New = "new@example.org";

    private async Task RectifyAsync(string requester, string current, string requested)
    {
        var reference = await bench.Bench.PlannedAsync(Right.Rectification, new()
        {
            Requester = new("Ada Lind", requester, Relation.Self),
            Corrections = [new("email", new Personal<string?>(current), new Personal<string?>(requested), new Personal<string?>(null))],
        });
        await bench.WorkAsync(reference);
        var questions = PlanRequest.Read(await bench.Service.RequestAsync(reference)).Questions.ToDictionary(question => question.Key, _ => DsrService.Applicability.Rules.QuestionAnswer.Grant);
        Assert.That((await bench.Service.InScopeAsync(services => services.GetRequiredService<ApprovePlan>().HandleAsync(reference, bench.Bench.Approver, questions, CancellationToken.None))).Failure, Is.Null);
        await bench.WorkAsync(reference);
        await bench.AnswerAsync(reference);
        await OnItsDayAsync(reference);
    }

    private async Task LiftAsync(string reference)
    {
        Assert.That((await bench.Service.InScopeAsync(services => services.GetRequiredService<LiftRestriction>().HandleAsync(reference, bench.Bench.Approver, new("It is over."), CancellationToken.None))).Failure, Is.Null);
        await OnItsDayAsync(reference);
    }

    private async Task OnItsDayAsync(string reference)
    {
        bench.Service.Clock.Advance(TimeSpan.FromDays(30));
        await bench.Service.InDatabaseAsync(db => db.Set<Notice>().ExecuteUpdateAsync(notice => notice.SetProperty(row => row.State, NoticeState.Sent)));
        await bench.WorkAsync(reference);
    }

    // The addresses that one system on the bus was told of.
    private async Task<List<string>> HeardAsync(SubjectState state, SubjectStateChange change)
    {
        var messages = await bench.Service.InDatabaseAsync(db => db.Set<StateAnnouncement>().Where(row => row.System == "webshop").OrderBy(row => row.Id).Select(row => row.Message).ToListAsync());
        return [.. messages.Select(message => System.Text.Json.JsonSerializer.Deserialize<SubjectStateChanged>(message, DsrJson.Options)!).Where(message => message.State == state && message.Change == change)
            .SelectMany(message => SubjectSeal.Open(message, [bench.SealingKeyOf("toontrack/webshop")]).Identifiers!).Where(identifier => identifier.Kind == "email").Select(identifier => identifier.Value.Reveal())];
    }

    private Task<List<string>> AnnouncedAsync(string change) => bench.Service.InDatabaseAsync(db =>
        db.Set<StateAnnouncement>().Select(row => row.Message).Where(message => EF.Functions.JsonContains(message, $$"""{"change":"{{change}}"}""")).ToListAsync());
}
