using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Sql;

/// <summary>Works one task at a database, to the receipt. The same task again gives the same receipt and changes nothing.</summary>
internal static class WorkSqlTask
{
    private const string HandledBy = "DsrService sql";

    public static async Task<Receipt> HandleAsync(SqlSystem system, SystemTask task, UploadPart upload, TimeProvider time, CancellationToken cancel)
    {
        var work = new SqlWork(system, task, system.Today(time));
        var changes = Changes(task);
        if (await BeginAsync(work, cancel) is { } known)
            return known;
        Dictionary<string, int> uploaded = [];
        var draft = await WorkAsync(work, async (part, category, write, stop) =>
        {
            var records = await upload(part, category, write, stop);
            uploaded[category] = uploaded.GetValueOrDefault(category) + records;
            return records;
        }, cancel);
        var receipt = draft.Complete(task, time.GetUtcNow(), HandledBy);
        var problems = ReceiptCheck.Check(task, receipt, uploaded);
        if (problems.Count > 0)
            throw new TaskFailedException(problems[0].Code, string.Join(' ', problems.Select(problem => $"{problem.Path}: {problem.Message}")));
        if (!changes)
            return receipt;
        await using var connection = await work.OpenAsync(cancel);
        return await work.Ledger.KeepAsync(connection, task, receipt, cancel);
    }

    private static Task<ReceiptDraft> WorkAsync(SqlWork work, UploadPart upload, CancellationToken cancel) => work.Task.Action switch
    {
        TaskAction.Locate => ReadRows.LocateAsync(work, cancel),
        TaskAction.Access or TaskAction.Export => ReadRows.HandOverAsync(work, upload, cancel),
        TaskAction.Erase => EraseRows.HandleAsync(work, cancel),
        TaskAction.Rectify => RectifyRows.HandleAsync(work, cancel),
        TaskAction.Verify => VerifyRows.HandleAsync(work, cancel),
        _ => MarkRows.HandleAsync(work, cancel),
    };

    // Whoever only reads leaves a line as well: the owner of the database sees who was there. A preview leaves none, and shows
    // by the way that it could.
    private static async Task<Receipt?> BeginAsync(SqlWork work, CancellationToken cancel)
    {
        await using var connection = await work.OpenAsync(cancel);
        if (!work.Task.Preview && await work.Ledger.ReceiptAsync(connection, work.Task.TaskId, cancel) is { } known)
            return known;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await work.Ledger.AddAsync(connection, work.Task, "begun", 0, cancel);
        if (!work.Task.Preview)
            await transaction.CommitAsync(cancel);
        return null;
    }

    private static bool Changes(SystemTask task) =>
        !task.Preview && task.Action is not (TaskAction.Locate or TaskAction.Access or TaskAction.Export or TaskAction.Verify);
}
