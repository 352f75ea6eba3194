using DsrService.Audit;
using DsrService.Requests;
using DsrService.Tests.Response;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Audit;

internal sealed class VerifyAuditTests
{
    private ResponseScene scene = null!;
    private Seeded request = null!;

    [SetUp]
    public async Task SetUp()
    {
        scene = await ResponseScene.StartAsync();
        request = await scene.ApprovedAsync(Right.Access);
        await request.AnswerAllAsync();
        await scene.ApprovedAsync(Right.Erasure);
    }

    [TearDown]
    public async Task TearDown() => await scene.DisposeAsync();

    [Test]
    public async Task Handle_NothingTouched_FindsNothing()
    {
        await CheckpointAsync();

        var found = await VerifyAsync();

        Assert.Multiple(() =>
        {
            Assert.That(found.Problems, Is.Empty);
            Assert.That(found.Chains, Is.EqualTo(3));
            Assert.That(found.Entries, Is.GreaterThan(6));
        });
    }

    [TestCase("UPDATE dsr.audit_entries SET facts = facts || ' ' WHERE chain = '{0}' AND sequence = 2", "audit.entry_changed", 2)]
    [TestCase("UPDATE dsr.audit_entries SET actor = 'staff:somebody' WHERE chain = '{0}' AND sequence = 2", "audit.entry_changed", 2)]
    [TestCase("UPDATE dsr.audit_entries SET at = at - interval '1 day' WHERE chain = '{0}' AND sequence = 2", "audit.entry_changed", 2)]
    [TestCase("UPDATE dsr.audit_entries SET hash = sha256('x') WHERE chain = '{0}' AND sequence = 2", "audit.entry_changed", 2)]
    [TestCase("UPDATE dsr.audit_entries SET previous = sha256('x') WHERE chain = '{0}' AND sequence = 2", "audit.link_broken", 2)]
    [TestCase("DELETE FROM dsr.audit_entries WHERE chain = '{0}' AND sequence = 2", "audit.entry_missing", 3)]
    [TestCase("DELETE FROM dsr.audit_entries WHERE chain = '{0}' AND sequence = 1", "audit.entry_missing", 2)]
    [TestCase("UPDATE dsr.requests SET audit_head = sha256('x') WHERE id::text = '{0}'", "audit.head_changed", null)]
    public async Task Handle_Tampering_NamesTheFirstBrokenLink(string sql, string code, int? sequence)
    {
        await TamperAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, request.Id));

        var problem = (await VerifyAsync()).Problems.Single();

        Assert.That((problem.Code, problem.Chain), Is.EqualTo((code, request.Id.ToString())));
        if (sequence is not null)
            Assert.That(problem.Sequence, Is.EqualTo(sequence));
    }

    [Test]
    public async Task Handle_TailCutOff_ShowsByTheHead()
    {
        await TamperAsync($"DELETE FROM dsr.audit_entries WHERE chain = '{request.Id}' AND sequence > 2");

        Assert.That((await VerifyAsync()).Problems.Single(), Is.EqualTo(new VerifyAudit.Problem("audit.tail_cut", request.Id.ToString(), 3)));
    }

    [Test]
    public async Task Handle_TailCutOffAndTheHeadMadeToFit_ShowsByTheCheckpoint()
    {
        await CheckpointAsync();
        await TamperAsync($"""
            DELETE FROM dsr.audit_entries WHERE chain = '{request.Id}' AND sequence > 2;
            UPDATE dsr.requests SET audit_sequence = 2, audit_head = (SELECT hash FROM dsr.audit_entries WHERE chain = '{request.Id}' AND sequence = 2) WHERE id = '{request.Id}'
            """);

        var problem = (await VerifyAsync()).Problems.Single();

        Assert.That((problem.Code, problem.Chain), Is.EqualTo(("audit.checkpoint_missing", request.Id.ToString())));
    }

    [Test]
    public async Task Handle_RequestDeleted_ShowsByItsChain()
    {
        await TamperAsync($"DELETE FROM dsr.requests WHERE id = '{request.Id}'");

        Assert.That((await VerifyAsync()).Problems.Single(), Is.EqualTo(new VerifyAudit.Problem("audit.request_deleted", request.Id.ToString(), null)));
    }

    [Test]
    public async Task Handle_RequestAndChainDeleted_ShowsByTheCheckpoint()
    {
        await CheckpointAsync();
        await TamperAsync($"DELETE FROM dsr.requests WHERE id = '{request.Id}'; DELETE FROM dsr.audit_entries WHERE chain = '{request.Id}'");

        Assert.That((await VerifyAsync()).Problems.Single().Code, Is.EqualTo("audit.checkpoint_missing"));
    }

    [Test]
    public async Task Handle_AllEntriesOfARequestDeleted_Shows()
    {
        await TamperAsync($"DELETE FROM dsr.audit_entries WHERE chain = '{request.Id}'");

        Assert.That((await VerifyAsync()).Problems.Single(), Is.EqualTo(new VerifyAudit.Problem("audit.chain_missing", request.Id.ToString(), null)));
    }

    [Test]
    public async Task Handle_CheckpointTamperedWith_IsABrokenLinkOfTheInstallation()
    {
        await CheckpointAsync();
        await TamperAsync($"UPDATE dsr.audit_entries SET facts = replace(facts, '{request.Id}', '{Guid.CreateVersion7()}') WHERE chain = 'installation' AND event = 'audit.checkpoint'");

        Assert.That((await VerifyAsync()).Problems, Has.Some.Matches<VerifyAudit.Problem>(problem => problem is { Code: "audit.entry_changed", Chain: "installation" }));
    }

    [Test]
    public async Task Run_TheWholeInstallationChainWrittenAnew_ShowsByTheHeadNotedElsewhere()
    {
        await CheckpointAsync();
        var noted = await VerifyAsync();
        await TamperAsync("DELETE FROM dsr.audit_entries WHERE chain = 'installation'; UPDATE dsr.installation SET audit_sequence = 0, audit_head = ''");

        var output = new StringWriter();
        var (alone, against) = await scene.Service.InScopeAsync(async services =>
        {
            var verify = services.GetRequiredService<VerifyAudit>();
            return (await AuditVerb.RunAsync(verify, null, TextWriter.Null, default), await AuditVerb.RunAsync(verify, (noted.Head, noted.HeadHash), output, default));
        });

        Assert.Multiple(() =>
        {
            Assert.That((alone, against), Is.EqualTo((0, 1)));
            Assert.That(output.ToString(), Does.Contain("audit.noted_head_missing"));
        });
    }

    [Test]
    public async Task Entries_ChangedThroughTheService_AreRefusedByTheDatabase() =>
        Assert.That(async () => await scene.Service.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE dsr.audit_entries SET actor = 'x'")),
            Throws.InstanceOf<Npgsql.PostgresException>().With.Message.Contains("append-only"));

    private Task<bool> CheckpointAsync() => scene.Service.InScopeAsync(async services =>
    {
        await ActivatorUtilities.CreateInstance<CheckpointAudit>(services).RunAsync(default);
        return true;
    });

    private Task<VerifyAudit.Output> VerifyAsync() => scene.Service.InScopeAsync(services => services.GetRequiredService<VerifyAudit>().HandleAsync(default));

#pragma warning disable EF1003 // The statements are this fixture's own.
    // As somebody could who rules the database.
    private Task<int> TamperAsync(string sql) => scene.Service.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(
        "ALTER TABLE dsr.audit_entries DISABLE TRIGGER ALL; " + sql + "; ALTER TABLE dsr.audit_entries ENABLE TRIGGER ALL"));
#pragma warning restore EF1003
}
