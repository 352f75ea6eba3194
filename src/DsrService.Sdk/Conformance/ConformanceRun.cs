using System.Runtime.CompilerServices;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Conformance;

/// <summary>Tries whether a connected system keeps the contract, over whatever binding: looks, hands over, marks, previews,
/// erases, is asked again, gets the same task twice and twice at once, an identifier that nobody verified, and a person and an action it does not know. The
/// checks build on each other and end with the erasure of the known person.</summary>
public sealed class ConformanceRun(ConformanceTarget target, ISystemUnderTest system)
{
    private const string LegalObligation = "17-3-b";
    private static readonly TaskAction[] Looking = [TaskAction.Access, TaskAction.Export, TaskAction.Locate];

    private static readonly (TaskAction Begins, TaskAction Ends)[] Marks =
    [
        (TaskAction.Restrict, TaskAction.LiftRestriction), (TaskAction.StopProcessing, TaskAction.ResumeProcessing), (TaskAction.Preserve, TaskAction.Release),
    ];

    private readonly string reference = $"DSR-{TimeProvider.System.GetUtcNow().Year}-C0NF0RM1";
    private SystemTask? erasure;
    private Receipt? erased;

    /// <summary>All checks in their order, each as soon as it is known.</summary>
    public async IAsyncEnumerable<ConformanceFinding> RunAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        foreach (var (name, check) in Checks())
            yield return await TryAsync(name, check, cancel);
    }

    private IEnumerable<(string Name, Func<CancellationToken, Task> Check)> Checks()
    {
        foreach (var (name, check) in system.OwnChecks)
            yield return (name, cancel => OwnAsync(check, cancel));
        yield return ("of a person it does not know, it finds nothing", UnknownPersonAsync);
        yield return ("what it does not declare, it does not claim to have done", UndeclaredAsync);
        yield return ("it finds the person it holds", FindsAsync);
        yield return ("an identifier that nobody verified leads to nothing", UnverifiedAsync);
        yield return ("it hands over what it counts", HandsOverAsync);
        yield return ("looking changes nothing", LookingAsync);
        yield return ("the same task again gets the same answer", AgainAsync);
        yield return ("the same task twice at once gets one answer", AtOnceAsync);
        foreach (var (begins, ends) in Marks)
            yield return ($"{DsrJson.Kebab(begins)} and {DsrJson.Kebab(ends)} take effect and lose nothing", cancel => MarkAsync(begins, ends, cancel));
        yield return ("it rectifies", RectifyAsync);
        yield return ("a preview counts and changes nothing", PreviewAsync);
        yield return ("asked about an erasure that it never got, it finds what is there", NeverErasedAsync);
        yield return ("an erasure leaves what it was told to keep, with a handle", EraseAsync);
        yield return ("asked again, it finds nothing but what it kept", VerifyAsync);
        yield return ("the same erasure again gets the same answer", ErasureAgainAsync);
        yield return ("what it kept is erased by its handle, without any identifier", EraseKeptAsync);
        yield return ("in the end it finds nothing", async cancel => Expect((await CountsAsync(cancel)).Values.Sum() == 0, () => "records are still found after the erasure"));
    }

    private static async Task<ConformanceFinding> TryAsync(string name, Func<CancellationToken, Task> check, CancellationToken cancel)
    {
        try
        {
            await check(cancel);
            return new(name, ConformanceResult.Held, null);
        }
        catch (NotTriedException why)
        {
            return new(name, ConformanceResult.NotTried, why.Message);
        }
        catch (BrokenException why)
        {
            return new(name, ConformanceResult.Broken, why.Message);
        }
        catch (Exception silence) when (silence is HttpRequestException || silence is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return new(name, ConformanceResult.Broken, "it could not be reached, or did not answer in time");
        }
    }

    private async Task OwnAsync(Func<SystemTask, CancellationToken, Task<string?>> check, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(target.Patience);
        var reason = await check(Make(Can(Looking)), late.Token);
        Expect(reason is null, () => reason!);
    }

    private async Task UnknownPersonAsync(CancellationToken cancel)
    {
        var tried = target.Capabilities.Actions.Where(action => action is not (TaskAction.Verify or TaskAction.Notify or TaskAction.Rectify));
        foreach (var action in tried)
        {
            var receipt = await ReceiptAsync(Make(action) with { Identifiers = target.Unknown }, cancel);
            Expect(receipt.Outcome is ReceiptOutcome.NothingFound or ReceiptOutcome.NotHeld, () => $"{DsrJson.Kebab(action)} ended '{DsrJson.Kebab(receipt.Outcome)}'");
        }
    }

    private async Task UndeclaredAsync(CancellationToken cancel)
    {
        var undeclared = Enum.GetValues<TaskAction>().Except(target.Capabilities.Actions).Except([TaskAction.Verify, TaskAction.Notify]).ToList();
        if (undeclared.Count == 0)
            throw new NotTriedException("it declares every action");
        var answer = await system.AskAsync(Make(undeclared[0]), target.Patience, cancel);
        var said = answer.Receipt is { } receipt ? $"ended '{DsrJson.Kebab(receipt.Outcome)}'" : $"got no answer: {answer.Silence}";
        Expect(answer.Failure is not null || answer.Refused || answer.Receipt is { Outcome: ReceiptOutcome.Refused or ReceiptOutcome.NotHeld },
            () => $"{DsrJson.Kebab(undeclared[0])} {said}");
    }

    // Else every later check would hold because there is nothing to see.
    private async Task FindsAsync(CancellationToken cancel)
    {
        Expect(Looking.Intersect(target.Capabilities.Actions).Any(), () => "it declares neither access, export nor locate, so the run would prove nothing");
        Expect((await CountsAsync(cancel)).Values.Sum() > 0, () => "it found nothing of the known person, so the run would prove nothing");
    }

    // Whoever types a stranger's address into a form must not reach the stranger's data by it.
    private async Task UnverifiedAsync(CancellationToken cancel)
    {
        var receipt = await ReceiptAsync(Make(Can(TaskAction.Access, TaskAction.Export)) with { Identifiers = [.. target.Unknown, .. target.Known.Select(known => known with { Verified = false })] }, cancel);
        Expect(receipt.Items.Sum(item => item.Found) == 0, () => "it found the known person by an identifier that says 'verified: false'");
    }

    private async Task HandsOverAsync(CancellationToken cancel)
    {
        Can(TaskAction.Access, TaskAction.Export);
        foreach (var action in new[] { TaskAction.Access, TaskAction.Export }.Intersect(target.Capabilities.Actions))
        {
            var receipt = await ReceiptAsync(Make(action), cancel);
            Expect(receipt.Items.Sum(item => item.Handed + item.Retained) > 0, () => $"{DsrJson.Kebab(action)} handed nothing over");
        }
    }

    private async Task LookingAsync(CancellationToken cancel)
    {
        var before = await CountsAsync(cancel);
        ExpectSame(before, await CountsAsync(cancel));
    }

    private async Task AgainAsync(CancellationToken cancel)
    {
        var task = Make(Can(Looking));
        var first = await ReceiptAsync(task, cancel);
        ExpectSame(first, await ReceiptAsync(task with { Attempt = 2 }, cancel));
    }

    private async Task AtOnceAsync(CancellationToken cancel)
    {
        var task = Make(Can(Looking));
        var both = await Task.WhenAll(ReceiptAsync(task, cancel), ReceiptAsync(task with { Attempt = 2 }, cancel));
        ExpectSame(both[0], both[1]);
    }

    private async Task MarkAsync(TaskAction begins, TaskAction ends, CancellationToken cancel)
    {
        Can(begins);
        var before = await CountsAsync(cancel);
        var begun = Make(begins);
        var receipt = await ReceiptAsync(begun, cancel);
        Expect(receipt.Items.Sum(item => item.Found) > 0, () => $"{DsrJson.Kebab(begins)} found nothing of the known person");
        await ExpectLeftAsync(begun, left => left == 0, left => $"asked again after {DsrJson.Kebab(begins)}, it finds {left} records without it", cancel);
        if (target.Capabilities.Actions.Contains(ends))
        {
            var ended = Make(ends);
            var lifted = await ReceiptAsync(ended, cancel);
            Expect(lifted.Items.Sum(item => item.Found) > 0, () => $"{DsrJson.Kebab(ends)} did not find the records again");
            await ExpectLeftAsync(ended, left => left == 0, left => $"asked again after {DsrJson.Kebab(ends)}, it finds {left} records that are not as before", cancel);
            // Whoever looks sees that the former effect is gone; whoever only repeats what was claimed does not.
            if (begins != TaskAction.Preserve)
                await ExpectLeftAsync(begun, left => left > 0, _ => $"asked about {DsrJson.Kebab(begins)} after {DsrJson.Kebab(ends)}, it says that it still holds", cancel);
        }
        ExpectSame(before, await CountsAsync(cancel));
    }

    private async Task ExpectLeftAsync(SystemTask task, Predicate<int> right, Func<int, string> otherwise, CancellationToken cancel)
    {
        if (!target.Capabilities.Actions.Contains(TaskAction.Verify))
            return;
        var left = (await ReceiptAsync(Make(TaskAction.Verify) with { Verifies = task.TaskId, Scope = task.Scope, Corrections = task.Corrections }, cancel)).Items.Sum(item => item.Found - item.Retained);
        Expect(right(left), () => otherwise(left));
    }

    private async Task RectifyAsync(CancellationToken cancel)
    {
        var task = Make(Can(TaskAction.Rectify)) with { Corrections = [target.Correction ?? throw new NotTriedException("no correction was given to the run")] };
        var receipt = await ReceiptAsync(task, cancel);
        Expect(receipt.Items.Sum(item => item.Rectified) > 0, () => "it rectified nothing");
        ExpectSame(receipt, await ReceiptAsync(task with { Attempt = 2 }, cancel));
        await ExpectLeftAsync(task, left => left == 0, left => $"asked again, it finds {left} records that do not say what was asked for", cancel);
    }

    private async Task PreviewAsync(CancellationToken cancel)
    {
        Can(TaskAction.Erase);
        if (!target.Capabilities.CanPreview)
            throw new NotTriedException("it does not declare that it can preview");
        var before = await CountsAsync(cancel);
        var receipt = await ReceiptAsync(Make(TaskAction.Erase) with { Preview = true }, cancel);
        Expect(receipt.Items.Sum(item => item.Found) > 0, () => "it foresees nothing, though it holds records");
        ExpectSame(before, await CountsAsync(cancel));
    }

    private async Task EraseAsync(CancellationToken cancel)
    {
        Can(TaskAction.Erase);
        var counts = await CountsAsync(cancel);
        var kept = counts.Where(count => count.Value > 0).Select(count => count.Key).Skip(1).FirstOrDefault();
        var until = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddYears(7);
        erasure = Make(TaskAction.Erase) with
        {
            Scope = [.. target.Categories.Select(category => category == kept
                ? new ScopeItem { Category = category, Decision = ScopeDecision.Keep, Reason = LegalObligation, Until = until }
                : new ScopeItem { Category = category, Decision = ScopeDecision.Act })],
        };
        erased = await ReceiptAsync(erasure, cancel);
        Expect(erased.Items.Sum(item => item.Erased + item.Anonymised) > 0, () => "it erased nothing");
        if (kept is null)
            return;
        var item = erased.Items.FirstOrDefault(item => item.Category == kept);
        Expect(item is { Retained: > 0 }, () => $"it does not say that it kept '{kept}'");
        Expect(item!.Handle is not null, () => $"it kept '{kept}' and gave no handle by which it could be erased later");
        Expect(item.Until is null || item.Until <= until, () => $"it keeps '{kept}' until {item.Until:yyyy-MM-dd}, longer than its task allows ({until:yyyy-MM-dd})");
    }

    // Whoever answers every such question with "nothing" proves nothing by it.
    private async Task NeverErasedAsync(CancellationToken cancel)
    {
        Can(TaskAction.Verify);
        Can(TaskAction.Erase);
        await ExpectLeftAsync(Make(TaskAction.Erase), left => left > 0, _ => "it finds nothing, though nothing was erased", cancel);
    }

    private async Task VerifyAsync(CancellationToken cancel)
    {
        Can(TaskAction.Verify);
        Erased();
        var receipt = await ReceiptAsync(Make(TaskAction.Verify) with { Verifies = erasure!.TaskId, Scope = erasure.Scope }, cancel);
        foreach (var item in receipt.Items)
            Expect(item.Found <= item.Retained, () => $"of '{item.Category}' {item.Found - item.Retained} records are still there");
    }

    private async Task ErasureAgainAsync(CancellationToken cancel) =>
        ExpectSame(Erased(), await ReceiptAsync(erasure! with { Attempt = 2 }, cancel));

    private async Task EraseKeptAsync(CancellationToken cancel)
    {
        if (Erased().Items.FirstOrDefault(item => item is { Retained: > 0, Handle: not null }) is not { } kept)
            throw new NotTriedException("it kept nothing with a handle");
        var task = Make(TaskAction.Erase) with { Identifiers = [], Scope = [new() { Category = kept.Category, Decision = ScopeDecision.Act, Handle = kept.Handle }] };
        var receipt = await ReceiptAsync(task, cancel);
        var gone = receipt.Items.Sum(item => item.Erased + item.Anonymised);
        Expect(gone == kept.Retained, () => $"it kept {kept.Retained} and erased {gone} of them");
    }

    private Receipt Erased() => erased ?? throw new NotTriedException("nothing was erased");

    // What it holds on the person, by category, as the first of the looking actions it declares tells.
    private async Task<IReadOnlyDictionary<string, int>> CountsAsync(CancellationToken cancel) =>
        (await ReceiptAsync(Make(Can(Looking)), cancel)).Items.Where(item => item.Found > 0).ToDictionary(item => item.Category, item => item.Found);

    private async Task<Receipt> ReceiptAsync(SystemTask task, CancellationToken cancel)
    {
        var answer = await system.AskAsync(task, target.Patience, cancel);
        var action = DsrJson.Kebab(task.Action);
        if (answer.Failure is { } failure)
            throw new BrokenException($"{action} failed with '{failure.Code}'");
        if (answer.Receipt is not { } receipt)
            throw new BrokenException($"{action} got no receipt: {answer.Silence ?? "silence"}");
        if (ReceiptCheck.Check(task, receipt, answer.Uploaded, target.Capabilities.Gives) is [var problem, ..])
            throw new BrokenException($"the receipt for {action} is refused: {problem.Code} at {problem.Path}: {problem.Message}");
        return receipt;
    }

    private SystemTask Make(TaskAction action) => new()
    {
        TaskId = Guid.CreateVersion7(),
        Reference = reference,
        Controller = target.Controller,
        System = target.System,
        Action = action,
        Identifiers = target.Known,
        Scope = [.. target.Categories.Select(category => new ScopeItem { Category = category, Decision = ScopeDecision.Act })],
        IssuedAt = TimeProvider.System.GetUtcNow(),
        DueAt = TimeProvider.System.GetUtcNow().AddDays(10),
        Attempt = 1,
    };

    private TaskAction Can(params ReadOnlySpan<TaskAction> anyOf)
    {
        foreach (var action in anyOf)
            if (target.Capabilities.Actions.Contains(action))
                return action;
        throw new NotTriedException($"it does not declare {DsrJson.Kebab(anyOf[0])}");
    }

    private static void ExpectSame(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after) =>
        Expect(before.Count == after.Count && before.All(count => after.GetValueOrDefault(count.Key) == count.Value), () => "the counts have changed");

    private static void ExpectSame(Receipt first, Receipt second) => Expect(
        first.Outcome == second.Outcome && first.Items.ToHashSet().SetEquals(second.Items), () => "the second answer differs from the first");

    private static void Expect(bool held, Func<string> otherwise)
    {
        if (!held)
            throw new BrokenException(otherwise());
    }

    private sealed class BrokenException(string reason) : Exception(reason);

    private sealed class NotTriedException(string reason) : Exception(reason);
}
