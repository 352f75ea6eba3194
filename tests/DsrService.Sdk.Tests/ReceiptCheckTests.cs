using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class ReceiptCheckTests
{
    private static readonly Receipt Empty = new()
    {
        TaskId = Guid.Empty,
        Outcome = ReceiptOutcome.NothingFound,
        HandledAt = DateTimeOffset.UnixEpoch,
        Handler = "stub 1.0",
    };

    private static IEnumerable<TestCaseData> Believed()
    {
        yield return Case("nothing found", TaskAction.Erase, ReceiptOutcome.NothingFound);
        yield return Case("done, nothing to say", TaskAction.Notify, ReceiptOutcome.Completed);
        yield return Case("erased and anonymised", TaskAction.Erase, ReceiptOutcome.Completed, Contact with { Found = 5, Erased = 3, Anonymised = 2 });
        yield return Case("partly retained", TaskAction.Erase, ReceiptOutcome.PartlyRetained, Contact with { Found = 5, Erased = 3, Retained = 2, Reason = "claim" });
        yield return Case("kept as told is all that was asked", TaskAction.Erase, ReceiptOutcome.Completed, Orders with { Found = 2, Retained = 2, Reason = "accounting" });
        yield return Case("located", TaskAction.Locate, ReceiptOutcome.Completed, Contact with { Found = 4 });
        yield return Case("still there", TaskAction.Verify, ReceiptOutcome.Completed, Contact with { Found = 4 });
        yield return Case("restriction lifted", TaskAction.LiftRestriction, ReceiptOutcome.Completed, Contact with { Found = 4 });
        yield return Case("not held", TaskAction.Erase, ReceiptOutcome.NotHeld);
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("receipt.sum_mismatch", TaskAction.Erase, ReceiptOutcome.Completed, Contact with { Found = 5, Erased = 4 });
        yield return Case("receipt.sum_mismatch", TaskAction.Erase, ReceiptOutcome.Completed, Contact with { Found = 3, Erased = 4 });
        yield return Case("receipt.sum_mismatch", TaskAction.Erase, ReceiptOutcome.Completed, Contact with { Found = int.MaxValue - 1, Erased = int.MaxValue, Anonymised = int.MaxValue });
        yield return Case("receipt.sum_mismatch", TaskAction.Verify, ReceiptOutcome.PartlyRetained, Contact with { Found = 1, Retained = 2, Reason = "claim" });
        yield return Case("receipt.negative_count", TaskAction.Erase, ReceiptOutcome.Completed, Contact with { Erased = -1 });
        yield return Case("receipt.reason_missing", TaskAction.Erase, ReceiptOutcome.PartlyRetained, Contact with { Found = 1, Retained = 1, Reason = " " });
        yield return Case("receipt.category_unknown", TaskAction.Erase, ReceiptOutcome.Completed, new ReceiptItem { Category = "cookies", Found = 1, Erased = 1 });
        yield return Case("receipt.category_repeated", TaskAction.Erase, ReceiptOutcome.Completed, Contact with { Found = 1, Erased = 1 }, Contact with { Found = 1, Erased = 1 });
        yield return Case("receipt.count_not_allowed", TaskAction.Access, ReceiptOutcome.Completed, Contact with { Found = 1, Erased = 1 });
        yield return Case("receipt.count_not_allowed", TaskAction.Verify, ReceiptOutcome.Completed, Contact with { Found = 1, Erased = 1 });
        yield return Case("receipt.kept_touched", TaskAction.Erase, ReceiptOutcome.Completed, Orders with { Found = 1, Erased = 1 });
        yield return Case("receipt.handle_invalid", TaskAction.Erase, ReceiptOutcome.PartlyRetained, Orders with { Found = 1, Retained = 1, Reason = "r", Handle = "a\nb" });
        yield return Case("receipt.handle_invalid", TaskAction.Erase, ReceiptOutcome.PartlyRetained, Orders with { Found = 1, Retained = 1, Reason = "r", Handle = new('x', 201) });
        yield return Case("receipt.outcome_mismatch", TaskAction.Erase, ReceiptOutcome.NothingFound, Contact with { Found = 1, Erased = 1 });
        yield return Case("receipt.outcome_mismatch", TaskAction.Erase, ReceiptOutcome.NotHeld, Contact with { Found = 1, Erased = 1 });
        yield return Case("receipt.outcome_mismatch", TaskAction.Erase, ReceiptOutcome.PartlyRetained, Contact with { Found = 1, Erased = 1 });
        yield return Case("receipt.outcome_mismatch", TaskAction.Erase, ReceiptOutcome.Completed, Contact with { Found = 1, Retained = 1, Reason = "r" });
        yield return Case("receipt.outcome_mismatch", TaskAction.Erase, ReceiptOutcome.Refused);
    }

    private static ReceiptItem Contact => new() { Category = "contact" };
    private static ReceiptItem Orders => new() { Category = "orders" };

    [TestCaseSource(nameof(Believed))]
    public string? Check_ReceiptThatAddsUp_Believed(string what, TaskAction action, ReceiptOutcome outcome, ReceiptItem[] items) =>
        Codes(action, Empty with { Outcome = outcome, Items = items }) is [] ? what : "refused";

    [TestCaseSource(nameof(Refused))]
    public string? Check_Contradiction_Refused(string code, TaskAction action, ReceiptOutcome outcome, ReceiptItem[] items) =>
        Codes(action, Empty with { Outcome = outcome, Items = items }) is [var first, ..] ? first : null;

    [Test]
    public void Check_OtherTask_Refused() =>
        Assert.That(Codes(TaskAction.Erase, Empty with { TaskId = Guid.CreateVersion7() }), Is.EqualTo(new[] { "receipt.wrong_task" }));

    [Test]
    public void Check_NullInAList_Refused() =>
        Assert.That(Codes(TaskAction.Erase, Empty with { Items = [null!] }), Is.EqualTo(new[] { "receipt.null_element" }));

    [TestCase(2, false, true)]
    [TestCase(3, false, false)]
    [TestCase(0, false, false)]
    [TestCase(0, true, true)]
    public void Check_Handed_EqualsWhatArrived(int arrived, bool preview, bool believed)
    {
        var receipt = Empty with { Outcome = ReceiptOutcome.Completed, Items = [Contact with { Found = 2, Handed = 2 }] };
        Dictionary<string, int> uploaded = arrived == 0 ? [] : new() { ["contact"] = arrived };
        var problems = ReceiptCheck.Check(Task(TaskAction.Access) with { Preview = preview }, receipt, uploaded);

        Assert.That(problems.Select(problem => problem.Code), believed ? Is.Empty : Is.EqualTo(new[] { "receipt.handed_mismatch" }));
    }

    [Test]
    public void Check_ArrivedButNotNamed_Refused() => Assert.That(
        ReceiptCheck.Check(Task(TaskAction.Access), Empty, new Dictionary<string, int> { ["contact"] = 1 }).Single().Code,
        Is.EqualTo("receipt.handed_mismatch"));

    [Test]
    public void Check_IdentifierNotDeclared_Refused()
    {
        var receipt = Empty with { Identifiers = [new("email", "a@example.org", true), new("customer-number", " ", true)] };

        var problems = ReceiptCheck.Check(Task(TaskAction.Locate), receipt, gives: ["customer-number"]);

        Assert.That(problems.Select(problem => problem.Code), Is.EqualTo(new[] { "receipt.identifier_not_declared", "receipt.identifier_empty" }));
        Assert.That(problems.Select(problem => problem.Message), Has.None.Contain("a@example.org"));
    }

    [Test]
    public void Check_EveryProblem_IsNamed()
    {
        var receipt = Empty with
        {
            Outcome = ReceiptOutcome.Completed,
            Handler = "",
            Items = [Contact with { Found = 2, Erased = 1 }, Orders with { Found = 1, Retained = 1 }],
        };

        Assert.That(ReceiptCheck.Check(Task(TaskAction.Erase), receipt).Select(problem => (problem.Code, problem.Path)), Is.EqualTo(new[]
        {
            ("receipt.handler_invalid", "handler"),
            ("receipt.sum_mismatch", "items[0].found"),
            ("receipt.reason_missing", "items[1].reason"),
        }));
    }

    private static TestCaseData Case(string what, TaskAction action, ReceiptOutcome outcome, params ReceiptItem[] items) =>
        new TestCaseData(what, action, outcome, items).Returns(what);

    private static SystemTask Task(TaskAction action) => StubSystem.Task(action) with { TaskId = Guid.Empty };

    private static IReadOnlyList<string> Codes(TaskAction action, Receipt receipt) =>
        [.. ReceiptCheck.Check(Task(action), receipt).Select(problem => problem.Code)];
}
