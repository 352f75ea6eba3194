using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Tests.Connectors.Sql;

internal sealed class WorkSqlTaskTests
{
    private const string Erased = "account=1,e1 activity=25,a25 devices=12,a12 notes=6,e6 orders=2,e1,k1";

    private ShopDatabase shop = null!;

    [SetUp]
    public async Task StartAsync() => shop = await ShopDatabase.StartAsync();

    [TearDown]
    public async Task StopAsync() => await shop.DisposeAsync();

    [Test]
    public async Task Locate_KnownPerson_CountsAndGivesWhatOthersKnowHerBy()
    {
        var receipt = await shop.WorkAsync(TaskAction.Locate);

        Assert.That(ShopDatabase.Said(receipt), Is.EqualTo("account=1 activity=25 devices=12 notes=6 orders=2"));
        Assert.That(receipt.Identifiers!.Select(identifier => (identifier.Kind, identifier.Value.Reveal(), identifier.Verified)),
            Is.EquivalentTo(new[] { ("user-name", "ada", true), ("device-id", "dev-ada", true) }));
    }

    [TestCase("nobody@example.org", true)]
    [TestCase("' or true --", true)]
    [TestCase("ada.lind@example.org", false)]
    public async Task Access_UnknownOrUnverified_FindsNothing(string email, bool verified)
    {
        var receipt = await shop.WorkAsync(shop.Task(TaskAction.Access, email, verified));

        Assert.That(receipt.Outcome, Is.EqualTo(ReceiptOutcome.NothingFound));
        Assert.That(shop.Handed, Is.Empty);
    }

    [Test]
    public async Task Access_RowsBehindTwoJoins_AreHandedOverUnderTheirLabels()
    {
        var receipt = await shop.WorkAsync(TaskAction.Access);

        Assert.That(ShopDatabase.Said(receipt), Is.EqualTo("account=1,h1 activity=25,h25 devices=12,h12 notes=6,h6 orders=2,h2"));
        Assert.That(shop.Handed.Keys, Is.EquivalentTo(new[] { "account.ndjson", "activity.ndjson", "devices.ndjson", "notes.ndjson", "orders.ndjson" }));
        Assert.That(shop.Handed["account.ndjson"].Single()["fullName"]!.GetValue<string>(), Is.EqualTo("Ada Lind"));
        Assert.That(shop.Handed["notes.ndjson"].Select(note => note.ToJsonString()), Has.All.Match("""^\{"words":"Note [123]"\}$"""));
        Assert.That(shop.Handed["devices.ndjson"].Select(device => device.ToJsonString()), Has.All.EqualTo("""{"device":"dev-ada"}"""));
    }

    [Test]
    public async Task Erase_WholePerson_DeletesLeavesToNobodyAndKeepsWithReason()
    {
        var receipt = await shop.WorkAsync(TaskAction.Erase);
        var kept = receipt.Items.Single(item => item.Retained > 0);

        Assert.Multiple(async () =>
        {
            Assert.That(ShopDatabase.Said(receipt), Is.EqualTo(Erased));
            Assert.That((kept.Reason, kept.LegalBasis, kept.Until), Is.EqualTo(("Kept for bookkeeping.", "Art. 17(3)(b) GDPR", new DateOnly(2031, 12, 31))));
            Assert.That(kept.Handle, Is.EqualTo($"orders.{ShopDatabase.Ada:N}"));
            Assert.That(await shop.CountAsync("orders where id = 2 and archived and address is null and remark = 'gone' and total = 20"), Is.EqualTo(1));
            Assert.That(await shop.CountAsync("orders where id = 1"), Is.Zero);
            Assert.That(await shop.CountAsync("visit where user_name ~ '^anon-[0-9a-f]{16}$' and device is null and referrer = 'https://search.example'"), Is.EqualTo(25));
        });
    }

    [Test]
    public async Task Erase_OnePerson_LeavesTheOtherAlone()
    {
        await shop.WorkAsync(TaskAction.Erase);

        Assert.That((await shop.CountAsync("customer"), await shop.CountAsync("orders where address = 'Torget 2' and not archived"), await shop.CountAsync("order_note"),
            await shop.CountAsync("visit where user_name = 'bea' and referrer like '%q=bea'")), Is.EqualTo((1L, 1L, 3L, 25L)));
    }

    [Test]
    public async Task Erase_SameTaskAgain_SameReceiptAndOneEffect()
    {
        var task = shop.Task(TaskAction.Erase);
        var first = await shop.WorkAsync(task);
        await shop.RunAsync($"insert into shop.customer values ('{Guid.CreateVersion7()}', 'ada.lind@example.org', 'Ada again', null)");
        var second = await shop.WorkAsync(task with { Attempt = 2 });

        Assert.That(ShopDatabase.Said(second), Is.EqualTo(ShopDatabase.Said(first)));
        Assert.That(second.HandledAt, Is.EqualTo(first.HandledAt));
        Assert.That(await shop.CountAsync("customer where name = 'Ada again'"), Is.EqualTo(1));
    }

    [TestCase("new.id > 22", "raise exception 'gone'")]
    [TestCase("new.id > 22", "perform pg_terminate_backend(pg_backend_pid())")]
    [TestCase("new.device is null and new.id > 20 and new.user_name = 'ada'", "raise exception 'gone'")]
    public async Task Erase_BrokenOffInTheMiddleOfBatches_GoesOnAndCountsRight(string at, string how)
    {
        var task = shop.Task(TaskAction.Erase);
        await shop.RunAsync($"""
            create function shop.break() returns trigger language plpgsql as $$ begin if {at} then {how}; end if; return new; end $$;
            create trigger break before update on shop.visit for each row execute function shop.break();
            """);
        Assert.That(async () => await shop.WorkAsync(task), Throws.InstanceOf<NpgsqlException>());
        Assert.That(await shop.CountAsync("dsr_ledger where records > 0"), Is.GreaterThan(0), "some of it was done");
        Assert.That(await shop.CountAsync("visit where user_name = 'ada'"), Is.GreaterThan(0), "some of it was not");

        await shop.RunAsync("drop trigger break on shop.visit");
        var receipt = await shop.WorkAsync(task with { Attempt = 2 });

        Assert.That(ShopDatabase.Said(receipt), Is.EqualTo(Erased));
    }

    [Test]
    public async Task Erase_TwoProcessesAtOnce_OneEffectAndOneReceipt()
    {
        var task = shop.Task(TaskAction.Erase);
        var receipts = await Task.WhenAll(shop.WorkAsync(task), shop.WorkAsync(task), shop.WorkAsync(task));

        Assert.That(receipts.Select(ShopDatabase.Said), Is.All.EqualTo(Erased));
        Assert.That(receipts.Select(receipt => receipt.HandledAt).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Erase_Preview_CountsAsItWouldAndChangesNothing()
    {
        var receipt = await shop.WorkAsync(shop.Task(TaskAction.Erase) with { Preview = true });

        Assert.That(ShopDatabase.Said(receipt), Is.EqualTo(Erased));
        Assert.That((await shop.CountAsync("customer"), await shop.CountAsync("orders where not archived"), await shop.CountAsync("order_note"),
            await shop.CountAsync("visit where user_name in ('ada', 'bea')"), await shop.CountAsync("dsr_ledger")), Is.EqualTo((2L, 3L, 9L, 50L, 0L)));
    }

    [Test]
    public async Task Erase_KeptByItsHandle_GoesOnceItsReasonHasEnded()
    {
        await shop.WorkAsync(TaskAction.Erase);
        var ending = shop.Task(TaskAction.Erase) with
        {
            Identifiers = [],
            Scope = [new() { Category = "orders", Decision = ScopeDecision.Act, Handle = $"orders.{ShopDatabase.Ada:N}" }],
        };
        var early = await shop.WorkAsync(ending with { TaskId = Guid.CreateVersion7() });
        shop.Clock.Advance(TimeSpan.FromDays(365 * 6));
        var receipt = await shop.WorkAsync(ending);

        Assert.That(ShopDatabase.Said(early), Is.EqualTo("orders=1,k1"));
        Assert.That(ShopDatabase.Said(receipt), Is.EqualTo("orders=1,e1"));
        Assert.That(await shop.CountAsync("orders"), Is.EqualTo(1));
    }

    [TestCase("orders.22222222222242228222222222222222", "orders=1,k1")]
    [TestCase("account.11111111111111111111111111111111", "orders=0")]
    [TestCase("orders.' or true", "orders=0")]
    public async Task Erase_SomeHandle_FindsOnlyWhatItNames(string handle, string said)
    {
        var receipt = await shop.WorkAsync(shop.Task(TaskAction.Erase) with
        {
            Identifiers = [],
            Scope = [new() { Category = "orders", Decision = ScopeDecision.Act, Handle = handle }],
        });

        Assert.That(ShopDatabase.Said(receipt), Is.EqualTo(said));
        Assert.That(await shop.CountAsync("orders"), Is.EqualTo(3));
    }

    [Test]
    public async Task Erase_CategoryToBeKept_IsCutDownAndWhatExpiredGoes()
    {
        var task = shop.Task(TaskAction.Erase);
        var receipt = await shop.WorkAsync(task with
        {
            Scope = [.. task.Scope.Select(item => item.Category == "orders" ? item with { Decision = ScopeDecision.Keep, Reason = "17-3-b" } : item)],
        });

        var orders = receipt.Items.Single(item => item.Category == "orders");
        Assert.That((orders.Found, orders.Retained, orders.Erased, orders.Reason), Is.EqualTo((1, 1, 0, "17-3-b")));
        Assert.That(receipt.Messages.Single(), Does.StartWith("1 of orders were past their retention"));
        Assert.That(await shop.CountAsync("orders where archived and address is null"), Is.EqualTo(1));
    }

    [Test]
    public async Task Erase_KeptForLegalClaims_StaysWhole()
    {
        var task = shop.Task(TaskAction.Erase);
        var receipt = await shop.WorkAsync(task with
        {
            Scope = [.. task.Scope.Select(item => item.Category == "orders" ? item with { Decision = ScopeDecision.Keep, Reason = "17-3-e" } : item)],
        });

        Assert.That(receipt.Items.Single(item => item.Category == "orders"), Has.Property("Retained").EqualTo(2).And.Property("Handle").Not.Null);
        Assert.That(await shop.CountAsync("orders where address = 'Storgatan 1'"), Is.EqualTo(2));
    }

    [Test]
    public async Task Erase_DatabaseThatDiscardsTheChange_IsFoundOut()
    {
        await shop.DiscardDeletionsAsync();

        Assert.That(async () => await shop.WorkAsync(TaskAction.Erase), Throws.TypeOf<TaskFailedException>().With.Property("Code").EqualTo("sql.change_discarded"));
        Assert.That(await shop.CountAsync("order_note"), Is.EqualTo(9));
    }

    [Test]
    public async Task Verify_AfterTheErasure_FindsNoMoreThanIsKept()
    {
        var erasure = shop.Task(TaskAction.Erase);
        var before = await shop.WorkAsync(shop.Task(TaskAction.Verify) with { Verifies = erasure.TaskId });
        await shop.WorkAsync(erasure);
        var after = await shop.WorkAsync(shop.Task(TaskAction.Verify) with { Verifies = erasure.TaskId });

        Assert.That(before.Items.Sum(item => item.Found - item.Retained), Is.EqualTo(1 + 25 + 12 + 6 + 1));
        Assert.That(after.Items.Sum(item => item.Found - item.Retained), Is.Zero);
    }

    [TestCase(TaskAction.Restrict, TaskAction.LiftRestriction, "restricted")]
    [TestCase(TaskAction.StopProcessing, TaskAction.ResumeProcessing, "stopped")]
    [TestCase(TaskAction.Preserve, TaskAction.Release, "preserved")]
    public async Task Mark_SetAndTakenBack_InEveryTableAndProvedByAsking(TaskAction set, TaskAction back, string column)
    {
        var task = shop.Task(set);
        Task<Receipt> VerifyAsync(SystemTask of) => shop.WorkAsync(shop.Task(TaskAction.Verify) with { Verifies = of.TaskId });
        var receipt = await shop.WorkAsync(task);
        var marked = await shop.CountAsync($"customer where {column}") + await shop.CountAsync($"orders where {column}")
            + await shop.CountAsync($"order_note where {column}") + await shop.CountAsync($"visit where {column}");
        var proof = await VerifyAsync(task);
        await shop.RunAsync($"update shop.customer set {column} = false");
        var broken = await VerifyAsync(task);
        var end = shop.Task(back);
        await shop.WorkAsync(end);

        Assert.That(receipt.Items.Sum(item => item.Found), Is.EqualTo(46));
        Assert.That(marked, Is.EqualTo(1 + 2 + 6 + 25));
        Assert.That((proof.Items.Sum(item => item.Found), broken.Items.Sum(item => item.Found)), Is.EqualTo((0, 1)));
        Assert.That(await shop.CountAsync($"visit where {column}"), Is.Zero);
        Assert.That((await VerifyAsync(end)).Items.Sum(item => item.Found), Is.Zero);
    }

    [Test]
    public async Task Rectify_ValueAndStatement_AreWrittenAndProved()
    {
        var task = shop.Task(TaskAction.Rectify) with
        {
            Scope = [new() { Category = "account", Decision = ScopeDecision.Act }],
            Corrections = [new("name", "Ada Lind", "Ada Berg", "I married.")],
        };
        var verify = shop.Task(TaskAction.Verify) with { Verifies = task.TaskId, Scope = task.Scope, Corrections = task.Corrections };
        var receipt = await shop.WorkAsync(task);
        var proof = await shop.WorkAsync(verify);
        await shop.RunAsync("update shop.customer set name = 'Ada Lind'");
        var broken = await shop.WorkAsync(verify);

        Assert.That(ShopDatabase.Said(receipt), Is.EqualTo("account=1,r1"));
        Assert.That(proof.Items.Sum(item => item.Found), Is.Zero);
        Assert.That(broken.Items.Sum(item => item.Found), Is.EqualTo(1));
        Assert.That(await shop.CountAsync("customer where statement = 'I married.'"), Is.EqualTo(1));
    }

    [Test]
    public async Task Rectify_ValueTheColumnDoesNotTake_ChangesNothing()
    {
        var task = shop.Task(TaskAction.Rectify) with { Corrections = [new("name", default, new string('x', 21), default)] };

        Assert.That(async () => await shop.WorkAsync(task), Throws.TypeOf<TaskFailedException>().With.Property("Code").EqualTo("sql.value_does_not_fit"));
        Assert.That(await shop.CountAsync("customer where name = 'Ada Lind'"), Is.EqualTo(1));
    }

    [Test]
    public async Task Erase_RowsThatShareAPersonWithAFoundOne_GoTooAndTheFoundOneLast()
    {
        var mapping = ShopDatabase.Mapping.Replace("    erase: delete\n    keep:", "    samePerson: customer_id\n    erase: delete\n    keep:", StringComparison.Ordinal)
            .Replace("column: customer_id, from: customer.id", "column: remark, from: customer.user_name", StringComparison.Ordinal)
            .Replace("batch: 10", "batch: 1", StringComparison.Ordinal);
        await shop.RunAsync("update shop.orders set remark = 'ada' where id = 1; update shop.orders set placed_on = '2017-01-01' where id < 3");
        var task = shop.Task(TaskAction.Erase) with { Scope = [new() { Category = "orders", Decision = ScopeDecision.Act }] };
        await shop.RunAsync("""
            create function shop.break() returns trigger language plpgsql as $$ begin if old.id = 1 then raise exception 'gone'; end if; return old; end $$;
            create trigger break before delete on shop.orders for each row execute function shop.break();
            """);
        Assert.That(async () => await shop.WorkAsync(task, mapping), Throws.InstanceOf<PostgresException>());
        Assert.That(await shop.CountAsync("orders where id = 2"), Is.Zero);
        await shop.RunAsync("drop trigger break on shop.orders");

        Assert.That(ShopDatabase.Said(await shop.WorkAsync(task, mapping)), Is.EqualTo("orders=2,e2"));
    }
}
