using System.Security.Cryptography;
using System.Text.Json;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk;

/// <summary>How the processing of one task ended.</summary>
public enum TaskEnd
{
    /// <summary>The receipt was sent.</summary>
    Receipt,
    /// <summary>A failure was sent; the service will ask again.</summary>
    Failure,
    /// <summary>The same task is already at work in this process, which will answer.</summary>
    AlreadyAtWork,
    /// <summary>The handler left the task; nothing was sent, and the service will ask again when it has waited long enough.</summary>
    Left,
}

/// <summary>Carries out tasks, whichever way they came: opens them, accepts, keeps the service informed, runs the handler
/// once, checks and stores the receipt, sends it. The same task again gets the stored receipt.</summary>
public sealed class TaskProcessor(
    IEnumerable<ConnectedSystem> systems,
    IServiceScopeFactory scopes,
    SystemsApi api,
    TimeProvider clock,
    ILogger<TaskProcessor> log)
{
    private readonly TasksAtWork atWork = new(log);

    /// <summary>Carries out one task.</summary>
    /// <param name="task">The task, sealed or open.</param>
    /// <param name="answers">The way back.</param>
    /// <param name="cancel">Stops the work without an answer; the service asks again.</param>
    /// <exception cref="InvalidOperationException">No such system is registered in this program.</exception>
    public async Task<TaskEnd> ProcessAsync(SystemTask task, ITaskAnswers answers, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(answers);
        var system = systems.FirstOrDefault(system => system.Controller == task.Controller && system.System == task.System)
            ?? throw new InvalidOperationException($"No connected system {task.Controller}/{task.System} is registered.");
        if (atWork.Begin(task, answers) is not { } work)
        {
            await answers.AcceptAsync(task, cancel);
            return TaskEnd.AlreadyAtWork;
        }
        try
        {
            return await AnswerAsync(system, task, work, answers, cancel);
        }
        finally
        {
            atWork.End(work);
        }
    }

    private async Task<TaskEnd> AnswerAsync(ConnectedSystem system, SystemTask task, TasksAtWork.AtWork work, ITaskAnswers answers, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        TaskFailure? failure = null;
        Receipt? receipt = null;
        try
        {
            receipt = await CarryOutAsync(system, task, scope.ServiceProvider, cancel);
        }
        catch (TaskLeftException)
        {
            log.LogWarning("Task {TaskId} was left without an answer", task.TaskId);
            return TaskEnd.Left;
        }
        catch (TaskFailedException exception)
        {
            log.LogWarning("Task {TaskId} failed with {Code}", task.TaskId, exception.Code);
            failure = new(task.TaskId, exception.Code, exception.Remark, Seconds(exception.RetryAfter));
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // Messages of exceptions may quote personal data, as those of databases do; types and places do not.
            log.LogError("The handler of task {TaskId} threw {Exception}\n{Where}",
                task.TaskId, exception.GetType().FullName, exception.StackTrace);
            failure = new(task.TaskId, "handler.failed", exception.GetType().Name, null);
        }
        finally
        {
            await work.StopTellingAsync();
        }
        if (failure is not null)
        {
            await answers.SendFailureAsync(task, failure, cancel);
            return TaskEnd.Failure;
        }
        await answers.SendReceiptAsync(task, receipt!, cancel);
        return TaskEnd.Receipt;
    }

    private async Task<Receipt> CarryOutAsync(
        ConnectedSystem system, SystemTask task, IServiceProvider services, CancellationToken cancel)
    {
        var store = services.GetRequiredService<IReceiptStore>();
        var connection = system.Connection(services);
        if (await store.FindAsync(task.TaskId, cancel) is { } known)
            return Opened(known, connection);
        if (task.Sealed is not null)
            task = Opened(task, connection);
        var handler = Allowed(system, task, services);
        var verified = task.Verifies is { } earlier ? await store.FindAsync(earlier, cancel) : null;
        TaskContext context = new(task, verified?.Action, (part, category, contentType, write, stop) =>
            api.UploadAsync(connection, task, part, category, contentType, write, stop));
        var draft = await handler(context, cancel);
        var receipt = draft.Complete(task, clock.GetUtcNow(), system.HandledBy);
        var problems = ReceiptCheck.Check(task, receipt, context.Uploaded(), system.Capabilities.Gives);
        if (problems.Count > 0)
            throw new TaskFailedException(
                problems[0].Code, string.Join(' ', problems.Select(problem => $"{problem.Path}: {problem.Message}")));
        if (task.Preview)
            return receipt;
        var text = JsonSerializer.Serialize(SubjectSeal.Seal(receipt, connection.SealingKeys[0]), DsrJson.Options);
        var counts = await store.SaveAsync(new(task.TaskId, task.Action, text), cancel);
        return counts.Receipt == text ? receipt : Opened(counts, connection);
    }

    private static TaskHandler Allowed(ConnectedSystem system, SystemTask task, IServiceProvider services)
    {
        var declared = system.Capabilities;
        var handler = system.Handler(task.Action, services)
            ?? throw new TaskFailedException("task.action_not_supported", $"No handler for '{DsrJson.Kebab(task.Action)}'.");
        if (task.Preview && !declared.CanPreview)
            throw new TaskFailedException("task.preview_not_supported", "The system cannot preview.");
        var byHandle = task.Scope.Any(item => item.Handle is not null);
        if (declared.Needs.Count > 0 && !byHandle && !declared.Needs.Any(kind => TaskContext.Values(task, kind).Any()))
            throw new TaskFailedException(
                "task.identifier_missing", $"None of the identifiers needed: {string.Join(", ", declared.Needs)}.");
        return handler;
    }

    private static SystemTask Opened(SystemTask task, ServiceConnection connection)
    {
        try
        {
            return SubjectSeal.Open(task, connection.SealingKeys);
        }
        catch (CryptographicException)
        {
            throw new TaskFailedException("task.seal_broken", "The sealed identifiers cannot be opened.");
        }
    }

    private static Receipt Opened(StoredReceipt stored, ServiceConnection connection) =>
        SubjectSeal.Open(JsonSerializer.Deserialize<Receipt>(stored.Receipt, DsrJson.Options)!, connection.SealingKeys);

    private static int? Seconds(TimeSpan? time) => time is { } value ? (int)Math.Ceiling(value.TotalSeconds) : null;
}
